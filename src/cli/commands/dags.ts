import { Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import { print } from '../output/print.ts';
import { dagLines, importErrorLines } from '../views/cluster.ts';

export const dags: MakeCommand = (context) =>
  new Command('dags')
    .description('the DAGs, their last runs, and DAG files that cannot be imported')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (options: NameOption & JsonOption) => {
      const client = await connect(context, options.name);
      const [found, errors] = await Promise.all([client.dags(), client.importErrors()]);
      const { colors } = context.out;
      print(context.out, options, { dags: found, import_errors: errors }, () => [
        ...dagLines(found, colors),
        ...importErrorLines(errors, colors),
      ]);
    });
