import path from 'node:path';
import { Command } from 'commander';
import { ClusterLink } from '../cluster.ts';
import {
  jsonOption,
  nameOption,
  withExamples,
  type JsonOption,
  type MakeCommand,
  type NameOption,
} from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { byteCount, count } from '../output/amounts.ts';
import { print } from '../output/print.ts';
import { oneLine } from '../output/text.ts';
import type { Copied } from '../sandbox/get.ts';
import { pathInside } from '../sandbox/pathInside.ts';
import { piecesOf } from '../sandbox/pieces.ts';
import { TaskSandbox } from '../sandbox/read.ts';
import { isBinary, VisibleText } from '../sandbox/visible.ts';
import { findTask } from '../tasks.ts';
import { entryLines, sortedEntries } from '../views/sandbox.ts';

const task = 'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]';

export const sandbox: MakeCommand = (context) =>
  withExamples(
    new Command('sandbox')
      .description("the files of a task's sandbox on its agent: ls, cat, get")
      .addCommand(ls(context))
      .addCommand(cat(context))
      .addCommand(get(context)),
    [
      ['mesos-airflow sandbox ls my_dag/manual__1/load', 'what is in it'],
      ['mesos-airflow sandbox cat 3f2a91 result.csv | head', 'one file of it'],
      ['mesos-airflow sandbox get 3f2a91 --to ./seen', 'all of it, as a folder below ./seen'],
    ],
  );

const ls: MakeCommand = (context) =>
  new Command('ls')
    .description("what a folder of a task's sandbox has")
    .argument('<task>', task)
    .argument('[path]', 'a folder or file in the sandbox', '')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (text: string, inside: string, options: NameOption & JsonOption) => {
      const at = pathInside(inside);
      const opened = await open(context, options.name, text);
      const single = at === '' ? undefined : await opened.entry(at);
      const entries = single && single.kind !== 'folder' ? [single] : sortedEntries(await opened.list(at));
      print(context.out, options, entries, () => entryLines(entries, context.out.colors));
    });

interface CatOptions extends NameOption {
  readonly raw?: true;
}

const cat: MakeCommand = (context) =>
  new Command('cat')
    .description("prints a file of a task's sandbox; on a terminal without what could take it over")
    .argument('<task>', task)
    .argument('<path>', 'a file in the sandbox')
    .option('--raw', 'to a terminal too as it is: control characters, binary files')
    .addOption(nameOption())
    .action(async (text: string, inside: string, options: CatOptions) => {
      const at = fileInside(inside);
      await printFile(await open(context, options.name, text), at, options, context);
    });

interface GetOptions extends NameOption, JsonOption {
  readonly to?: string;
  readonly force?: true;
}

const get: MakeCommand = (context) =>
  new Command('get')
    .description("copies a file or folder of a task's sandbox, or all of it, to this machine")
    .argument('<task>', task)
    .argument('[path]', 'a file or folder in the sandbox; without it all of it, as one folder', '')
    .option('--to <folder>', 'the folder that gets it, made where there is none; without it this one')
    .option('--force', 'replace files that are there')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (text: string, inside: string, options: GetOptions) => {
      const at = pathInside(inside);
      const opened = await open(context, options.name, text);
      // Ctrl-C leaves no part of a file behind.
      context.interrupts.guard({ force: () => Promise.resolve() });
      const { getFromSandbox } = await import('../sandbox/get.ts');
      const copied = await getFromSandbox(opened, at, {
        to: path.resolve(context.cwd, options.to ?? '.'),
        force: options.force === true,
        signal: context.interrupts.signal,
      });
      print(context.out, options, copied, () => copiedLines(copied));
    });

async function open(context: Context, name: string, text: string): Promise<TaskSandbox> {
  const link = await ClusterLink.to(context, name);
  return new TaskSandbox(link, await findTask(link.client, text));
}

function fileInside(text: string): string {
  const inside = pathInside(text);
  if (inside !== '') return inside;
  throw new CommandError(exitCodes.usage, 'That is the sandbox itself, not a file in it', {
    next: 'Name a file: mesos-airflow sandbox ls TASK shows those that there are.',
  });
}

async function printFile(
  opened: TaskSandbox,
  at: string,
  { raw }: CatOptions,
  { out, interrupts }: Context,
): Promise<void> {
  const shown = out.isTerminal && !raw ? new VisibleText() : undefined;
  for await (const piece of piecesOf(opened.reader(at), interrupts.signal)) {
    if (shown && isBinary(piece)) {
      throw new CommandError(exitCodes.failed, `${at} is a binary file`, {
        why: 'a terminal would take it for commands to itself',
        next: 'Write it to a file (> FILE), copy it with `sandbox get`, or print it all the same with --raw.',
      });
    }
    await out.bytes(shown ? Buffer.from(shown.of(piece)) : piece);
  }
  if (shown) out.write(shown.end());
}

function copiedLines({ path: place, files, bytes, left_out }: Copied): string[] {
  const links =
    left_out.length === 0
      ? []
      : [`Left out, because a link could lead elsewhere: ${left_out.map(oneLine).join(', ')}`];
  return [place, `${count(files, 'file')}, ${byteCount(bytes)}`, ...links];
}
