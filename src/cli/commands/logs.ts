import path from 'node:path';
import { Command, Option } from 'commander';
import { ClusterLink } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { logRequest, selectionOf, type LogFlags } from '../logs/request.ts';
import { showLog } from '../logs/show.ts';
import { showPart } from '../logs/showPart.ts';
import { numberIn } from '../options.ts';
import { print } from '../output/print.ts';
import { findTask } from '../tasks.ts';
import { downloadedLines } from '../views/downloaded.ts';

interface Options extends NameOption, LogFlags {
  readonly part?: string;
  readonly tail?: number;
  readonly download?: string;
  readonly force?: true;
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
      .option(
        '--file <file>',
        "of a task: stdout (the usual), stderr, airflow (Airflow's own log of it), all (by time), or a path in its sandbox",
      )
      .option('--stderr', 'as --file stderr')
      .option('-f, --follow', 'go on with what is written, until the task is over')
      .option('--all-tries', "all of a task's tries, oldest first; with --follow also those that come")
      .addOption(
        new Option('--lines <n>', 'the last n lines only (of a part: 100)').argParser(
          numberIn('--lines', linesRange),
        ),
      )
      .option('--since <time>', 'entries from then on: 10m, 2h, 14:02, 2026-11-23T14:02')
      .option('--grep <text>', 'entries that have a text, or a /regular expression/, with all their lines')
      .option(
        '--level <level>',
        'entries of a level and the worse ones: debug, info, warning, error, critical',
      )
      .option('--raw', 'as it is: any control sequence to a terminal, JSON where Airflow writes JSON')
      .addOption(new Option('--tail <n>').argParser(numberIn('--tail', linesRange)).hideHelp())
      .option('--download <file>', "write a task's logs, or all of a DAG's run, to a .tar.gz as they stand")
      .option('--force', 'with --download: replace the file if it is there')
      .option('--json', 'print JSON, for programs: a line for each line')
      .addOption(nameOption())
      .action((task: string | undefined, options: Options) => show(task, options, context)),
    [
      ['mesos-airflow logs my_dag/manual__1/load --follow', 'as it is written'],
      ['mesos-airflow logs 3f2a91 --stderr --lines 20', 'the last words of standard error'],
      ["mesos-airflow logs 3f2a91 --since 10m --grep '/time(d )?out/i'", 'what it said of time-outs lately'],
      ['mesos-airflow logs 3f2a91 --all-tries --level warning', 'what went wrong in any of its tries'],
      ['mesos-airflow logs my_dag/manual__1 --download logs.tar.gz', 'all of a run'],
      ['mesos-airflow logs --part scheduler --follow', "Airflow's scheduler"],
    ],
  );

/** Options that are of no use with others. */
const ofTasks = { stderr: '--stderr', file: '--file', allTries: '--all-tries' } as const;
const ofReading = {
  ...ofTasks,
  follow: '--follow',
  lines: '--lines',
  tail: '--tail',
  since: '--since',
  grep: '--grep',
  level: '--level',
  raw: '--raw',
} as const;

async function show(task: string | undefined, given: Options, context: Context): Promise<void> {
  const { tail, ...rest } = given;
  const options = tail === undefined ? rest : { lines: tail, ...rest };
  if (options.part !== undefined) {
    await part(task, options.part, options, context);
    return;
  }
  if (task === undefined) throw usage('Whose log? Neither a task nor --part is given');
  if (options.download !== undefined) {
    const other = firstOf(ofReading, given);
    if (other !== undefined)
      throw usage(`--download takes logs whole, as they stand: ${other} is for printing them`);
    await download(task, options.download, options, context);
    return;
  }
  if (options.force) throw usage('--force is for --download');
  const request = logRequest(options);
  const link = await ClusterLink.to(context, options.name);
  await showLog(link, await findTask(link.client, task), request, context);
}

async function part(
  task: string | undefined,
  name: string,
  options: Options,
  context: Context,
): Promise<void> {
  if (task !== undefined) throw usage('A log is of a task or of a part, not of both');
  if (options.download !== undefined)
    throw usage('--download is for tasks; a log of a part can be sent to a file: > FILE');
  const other = firstOf(ofTasks, options);
  if (other !== undefined) throw usage(`${other} is for tasks: a part has one log`);
  const { follow, raw, json, lines } = options;
  await showPart(context, options.name, name, {
    ...{ follow: follow === true, raw: raw === true, json: json === true, lines },
    ...selectionOf(options),
  });
}

function firstOf<T extends object>(
  names: { readonly [Key in keyof T]?: string },
  given: T,
): string | undefined {
  const found = Object.entries(names).find(([key]) => given[key as keyof T] !== undefined);
  return found?.[1] as string | undefined;
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
