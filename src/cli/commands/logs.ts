import path from 'node:path';
import { Command, Option } from 'commander';
import { ClusterLink } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { numberIn } from '../options.ts';
import { print } from '../output/print.ts';
import { showPartLog } from '../partLog.ts';
import { showLog } from '../taskLog.ts';
import { findTask } from '../tasks.ts';
import { downloadedLines } from '../views/downloaded.ts';

interface Options extends NameOption {
  readonly part?: string;
  readonly stderr?: true;
  readonly raw?: true;
  readonly follow?: true;
  readonly lines?: number;
  readonly tail?: number;
  readonly download?: string;
  readonly force?: true;
  readonly json?: true;
}

const linesRange = { least: 0, most: 1_000_000, whole: true, unit: 'lines', usual: 0 };

export const logs: MakeCommand = (context) =>
  withExamples(
    new Command('logs')
      .description(
        "a task run's log, from its sandbox on the agent; with --part that of a part of the cluster",
      )
      .argument(
        '[task]',
        'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]; with --download also DAG/RUN',
      )
      .option('--part <part>', 'of a part: mesos-master, agent-1, api-server, scheduler, service, …')
      .option('--stderr', "a task's standard error, not its standard output")
      .option('-f, --follow', 'go on with what is written, until the task is over')
      .addOption(
        new Option('--lines <n>', 'the last n lines only (of a part: 100)').argParser(
          numberIn('--lines', linesRange),
        ),
      )
      .option('--raw', 'let control sequences other than colours through to a terminal')
      .addOption(new Option('--tail <n>').argParser(numberIn('--tail', linesRange)).hideHelp())
      .option('--download <file>', "write a task's logs, or all of a DAG's run, to a .tar.gz as they stand")
      .option('--force', 'with --download: replace the file if it is there')
      .addOption(new Option('--json', 'with --download: print JSON, for programs'))
      .addOption(nameOption())
      .action((task: string | undefined, options: Options) => show(task, options, context)),
    [
      ['mesos-airflow logs my_dag/manual__1/load --follow', 'as it is written'],
      ['mesos-airflow logs 3f2a91 --stderr --lines 20', 'the last words of standard error'],
      ['mesos-airflow logs my_dag/manual__1 --download logs.tar.gz', 'all of a run'],
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
  if (options.download !== undefined) {
    await download(task, options.download, options, context);
    return;
  }
  const link = await ClusterLink.to(context, options.name);
  const run = await findTask(link.client, task);
  const { stderr, follow, raw } = options;
  await showLog(
    link,
    run,
    {
      ...(stderr ? { stderr } : {}),
      ...(follow ? { follow } : {}),
      ...(raw ? { raw } : {}),
      ...(lines === undefined ? {} : { tail: lines }),
    },
    context,
  );
}

async function download(
  task: string,
  file: string,
  { name, force, json }: Options,
  context: Context,
): Promise<void> {
  const { downloadLogs } = await import('../logArchive/download.ts');
  const { client } = await ClusterLink.to(context, name);
  // Ctrl-C leaves no part of a file behind.
  context.interrupts.guard({ force: () => Promise.resolve() });
  const downloaded = await downloadLogs(client, task, {
    file: path.resolve(context.cwd, file),
    force: force === true,
    signal: context.interrupts.signal,
  });
  print(context.out, json ? { json } : {}, downloaded, () => downloadedLines(downloaded));
}

function usage(what: string): CommandError {
  return new CommandError(exitCodes.usage, what, {
    next: 'For example: mesos-airflow logs my_dag/RUN/TASK, or mesos-airflow logs --part scheduler',
  });
}
