import { Command } from 'commander';
import { stateOfRun } from '../../words/states.ts';
import { connect } from '../cluster.ts';
import {
  jsonOption,
  nameOption,
  withExamples,
  type JsonOption,
  type MakeCommand,
  type NameOption,
} from '../command.ts';
import { print } from '../output/print.ts';
import { showState } from '../output/states.ts';
import { findTask } from '../tasks.ts';
import { taskName } from '../taskReference.ts';

export const kill: MakeCommand = (context) =>
  withExamples(
    new Command('kill')
      .description('kill a task run on its agent; Airflow sees it fail, and retries it if it has tries left')
      .argument('<task>', 'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]')
      .addOption(nameOption())
      .addOption(jsonOption())
      .action(async (task: string, options: NameOption & JsonOption) => {
        const client = await connect(context, options.name);
        const found = await findTask(client, task);
        const killed = await client.kill(found.id);
        const { colors } = context.out;
        print(context.out, options, killed, () => [
          `${taskName(killed)} is being killed${killed.agent ? ` on ${killed.agent}` : ''} (now ${showState(stateOfRun(killed), colors)}).`,
        ]);
      }),
    [
      ['mesos-airflow kill 3f2a91', 'the task whose Mesos id begins so'],
      ['mesos-airflow kill my_dag/manual__1/load/2', 'instance 2 of a mapped task, its newest try'],
    ],
  );
