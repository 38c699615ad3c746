import { Command, Option } from 'commander';
import { ClusterLink } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { numberIn } from '../options.ts';
import { showPartLog } from '../partLog.ts';
import { showLog } from '../taskLog.ts';
import { findTask } from '../tasks.ts';

interface Options extends NameOption {
  readonly part?: string;
  readonly stderr?: true;
  readonly follow?: true;
  readonly lines?: number;
  readonly tail?: number;
}

const linesRange = { least: 0, most: 1_000_000, whole: true, unit: 'lines', usual: 0 };

export const logs: MakeCommand = (context) =>
  withExamples(
    new Command('logs')
      .description(
        "a task run's log, from its sandbox on the agent; with --part that of a part of the cluster",
      )
      .argument('[task]', 'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]')
      .option('--part <part>', 'of a part: mesos-master, agent-1, api-server, scheduler, service, …')
      .option('--stderr', "a task's standard error, not its standard output")
      .option('-f, --follow', 'go on with what is written, until the task is over')
      .addOption(
        new Option('--lines <n>', 'the last n lines only (of a part: 100)').argParser(
          numberIn('--lines', linesRange),
        ),
      )
      .addOption(new Option('--tail <n>').argParser(numberIn('--tail', linesRange)).hideHelp())
      .addOption(nameOption())
      .action((task: string | undefined, options: Options) => show(task, options, context)),
    [
      ['mesos-airflow logs my_dag/manual__1/load --follow', 'as it is written'],
      ['mesos-airflow logs 3f2a91 --stderr --lines 20', 'the last words of standard error'],
      ['mesos-airflow logs --part scheduler --follow', "Airflow's scheduler"],
    ],
  );

async function show(task: string | undefined, options: Options, context: Context): Promise<void> {
  const lines = options.lines ?? options.tail;
  if (options.part !== undefined) {
    if (task !== undefined) throw usage('A log is of a task or of a part, not of both');
    if (options.stderr) throw usage('--stderr is for tasks: a part has one log');
    await showPartLog(context, options.name, options.part, { lines, follow: options.follow === true });
    return;
  }
  if (task === undefined) throw usage('Whose log? Neither a task nor --part is given');
  const link = await ClusterLink.to(context, options.name);
  const run = await findTask(link.client, task);
  const { stderr, follow } = options;
  await showLog(
    link,
    run,
    {
      ...(stderr ? { stderr } : {}),
      ...(follow ? { follow } : {}),
      ...(lines === undefined ? {} : { tail: lines }),
    },
    context,
  );
}

function usage(what: string): CommandError {
  return new CommandError(exitCodes.usage, what, {
    next: 'For example: mesos-airflow logs my_dag/RUN/TASK, or mesos-airflow logs --part scheduler',
  });
}
