import { Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { print } from '../output/print.ts';

export const pause: MakeCommand = (context) =>
  pausing(context, 'pause', 'keep a DAG from starting runs by its schedule; what runs goes on', {
    paused: true,
    told: 'is paused: its schedule starts nothing.',
  });

export const unpause: MakeCommand = (context) =>
  pausing(context, 'unpause', 'let a DAG run by its schedule again', {
    paused: false,
    told: 'runs by its schedule.',
  });

function pausing(
  context: Context,
  name: string,
  description: string,
  { paused, told }: { readonly paused: boolean; readonly told: string },
): Command {
  return new Command(name)
    .description(description)
    .argument('<dag>', 'its id')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (dag: string, options: NameOption & JsonOption) => {
      const client = await connect(context, options.name);
      await client.setPaused(dag, paused);
      print(context.out, options, { dag_id: dag, paused }, () => [`${dag} ${told}`]);
    });
}
