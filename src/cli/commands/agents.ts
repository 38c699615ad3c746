import { Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import { print } from '../output/print.ts';
import { agentLines } from '../views/mesos.ts';

export const agents: MakeCommand = (context) =>
  new Command('agents')
    .description('the Mesos agents, and how much of each is used')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (options: NameOption & JsonOption) => {
      const client = await connect(context, options.name);
      const answer = await client.agents();
      print(context.out, options, answer, () => agentLines(answer, context.out.colors));
    });
