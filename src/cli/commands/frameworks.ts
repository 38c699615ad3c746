import { Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import { print } from '../output/print.ts';
import { frameworkLines } from '../views/mesos.ts';

export const frameworks: MakeCommand = (context) =>
  new Command('frameworks')
    .description('the frameworks on the Mesos master, ours and others')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (options: NameOption & JsonOption) => {
      const client = await connect(context, options.name);
      const answer = await client.frameworks();
      print(context.out, options, answer, () => frameworkLines(answer, context.out.colors));
    });
