import { Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import { print } from '../output/print.ts';
import { clusterLines } from '../views/cluster.ts';

export const status: MakeCommand = (context) =>
  new Command('status')
    .description('the cluster at a glance: its parts, addresses, tasks, and broken DAG files')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (options: NameOption & JsonOption) => {
      const client = await connect(context, options.name);
      const cluster = await client.cluster();
      // While Airflow starts it cannot be asked; what is known is shown.
      const errors = cluster.airflow?.healthy ? await client.importErrors() : [];
      print(context.out, options, { ...cluster, import_errors: errors }, () =>
        clusterLines(cluster, errors, context.out.colors),
      );
    });
