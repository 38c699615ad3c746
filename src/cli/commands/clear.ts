import { Command } from 'commander';
import type { ClearedTask } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { findClearTarget, type ClearTarget } from '../clearTarget.ts';
import { connect } from '../cluster.ts';
import {
  jsonOption,
  nameOption,
  withExamples,
  type JsonOption,
  type MakeCommand,
  type NameOption,
} from '../command.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { forName } from '../names.ts';
import { print } from '../output/print.ts';
import { clearedLines, instances } from '../views/cleared.ts';

interface Options extends NameOption, JsonOption {
  readonly yes?: true;
  readonly onlyFailed?: true;
  readonly downstream: boolean;
  readonly dryRun?: true;
}

export const clear: MakeCommand = (context) =>
  withExamples(
    new Command('clear')
      .alias('retry')
      .description('run tasks of a run again, with all that depends on them')
      .argument('<run|task>', 'DAG/RUN, DAG/RUN/TASK[/MAP_INDEX], or a Mesos task id or its unique beginning')
      .option('-y, --yes', 'do not ask')
      .option('--only-failed', 'of these, only those that failed')
      .option('--no-downstream', 'not what depends on them')
      .option('--dry-run', 'say what would run again, and change nothing')
      .addOption(nameOption())
      .addOption(jsonOption())
      .action(async (text: string, options: Options) => {
        const client = await connect(context, options.name);
        const target = await findClearTarget(client, text);
        const dryRun = options.dryRun === true;
        // Who is not asked needs no plan.
        const planned = options.yes && !dryRun ? undefined : await clearing(client, target, options, true);
        const isDone = planned !== undefined && (dryRun || planned.length === 0);
        if (planned && !isDone) await ask(context, target, planned, options);
        const tasks = isDone ? planned : await clearing(client, target, options, false);
        const { dag_id, run_id } = target;
        const paused = !options.json && !dryRun && tasks.length > 0 && (await isPaused(client, dag_id));
        print(context.out, options, { dag_id, run_id, dry_run: dryRun, tasks }, () => [
          ...told(context, target, tasks, options),
          ...(paused
            ? [`${dag_id} is paused, so they wait. Let them run: mesos-airflow unpause ${dag_id}`]
            : []),
        ]);
      }),
    [
      ['mesos-airflow clear my_dag/manual__1/load', 'the task, and what depends on it'],
      [
        'mesos-airflow retry my_dag/manual__1 --only-failed --yes',
        'what failed in a run, without being asked',
      ],
      ['mesos-airflow clear 3f2a91 --dry-run', 'what would run again with this task'],
    ],
  );

function clearing(
  client: ServiceClient,
  { dag_id, run_id, tasks }: ClearTarget,
  options: Options,
  dryRun: boolean,
): Promise<ClearedTask[]> {
  return client.clear(dag_id, run_id, {
    ...(tasks ? { tasks } : {}),
    only_failed: options.onlyFailed === true,
    downstream: options.downstream,
    dry_run: dryRun,
  });
}

async function isPaused(client: ServiceClient, dagId: string): Promise<boolean> {
  return (await client.dags()).some(({ dag_id, paused }) => dag_id === dagId && paused);
}

/** Shows what will run again, and goes on only if the person says yes. */
async function ask(
  context: Context,
  run: ClearTarget,
  planned: readonly ClearedTask[],
  { name }: Options,
): Promise<void> {
  const refusal = new CommandError(exitCodes.failed, 'Nothing was cleared', {
    next: `To clear without being asked: mesos-airflow clear … --yes${forName(name)}`,
  });
  if (!context.canAsk) throw refusal;
  const running = planned.filter(({ state }) => state === 'running' || state === 'queued').length;
  for (const line of clearedLines(planned, context.err.colors)) context.err.line(line);
  if (running > 0)
    context.err.line(
      `${instances(running)} of these ${running === 1 ? 'is' : 'are'} not over, and ended first.`,
    );
  const question = `Run ${instances(planned.length)} of ${run.dag_id} ${run.run_id} again?`;
  if (!(await confirm(question, context.interrupts.signal))) throw refusal;
}

function told(
  { out }: Context,
  { dag_id, run_id }: ClearTarget,
  tasks: readonly ClearedTask[],
  { onlyFailed, dryRun }: Options,
): string[] {
  if (tasks.length === 0)
    return [onlyFailed ? 'None of it failed: nothing to run again.' : 'Nothing to run again.'];
  const what = `${instances(tasks.length)} of ${dag_id} ${run_id}`;
  const verb = tasks.length === 1 ? 'runs' : 'run';
  return [
    ...clearedLines(tasks, out.colors),
    ...(dryRun
      ? [`${what} would run again.`]
      : [`${what} ${verb} again.`, `Follow it: mesos-airflow tasks --dag ${dag_id}`]),
  ];
}
