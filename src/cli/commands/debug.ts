import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { terminalStates } from '../../api/airflow.ts';
import { usualPatience, type DebugCopy } from '../../api/debug.ts';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { makePrivateFolder } from '../../host/files.ts';
import { connect } from '../cluster.ts';
import { nameOption, withExamples, type MakeCommand, type NameOption } from '../command.ts';
import type { Context } from '../context.ts';
import { bridge, type DebuggerStreams } from '../debug/bridge.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { numberIn } from '../options.ts';
import { findTask } from '../tasks.ts';
import { taskName } from '../taskReference.ts';

interface Options extends NameOption {
  readonly stdio?: true;
  readonly patience: number;
}

const patienceRange = { least: 1, most: 3600, whole: true, unit: 'seconds', usual: usualPatience };

/** Between two looks at a copy that waits for its agent. Milliseconds. */
const lookMs = 300;

export const debug: MakeCommand = (context) =>
  withExamples(
    new Command('debug')
      .description('run a copy of a task on an agent, for a debugger of your own; the run is not touched')
      .argument('<task>', 'a Mesos task id, its unique beginning, or DAG/RUN/TASK[/MAP_INDEX][/TRY]')
      .option(
        '--stdio',
        'speak the Debug Adapter Protocol on standard input and output, and say nothing else',
      )
      .addOption(
        new Option('--patience <seconds>', 'how long it waits for a debugger')
          .argParser(numberIn('--patience', patienceRange))
          .default(usualPatience),
      )
      .addOption(nameOption())
      .action((task: string, options: Options) => run(task, options, context)),
    [
      [
        'mesos-airflow debug my_dag/manual__1/load',
        'prints the socket where a debugger may attach, one alone',
      ],
      ['mesos-airflow debug my_dag/manual__1/load --stdio', 'as the adapter that an editor starts'],
    ],
  );

async function run(task: string, options: Options, context: Context): Promise<void> {
  const { interrupts } = context;
  const { signal } = interrupts;
  const client = await connect(context, options.name);
  const found = await findTask(client, task);
  const copy = await client.debug(found.id, { patience: options.patience }, { signal });
  interrupts.guard({ force: () => Promise.resolve() });
  try {
    const waiting = await ready(client, copy, signal);
    if (options.stdio) {
      await converse(client, copy, { input: process.stdin, output: process.stdout }, context);
      return;
    }
    context.out.line(
      `A copy of ${taskName(found)} is on ${waiting.agent ?? 'an agent'} (${waiting.id}). It waits ${options.patience} s for a debugger.`,
    );
    await withSocket(context, async (socket, connection) => {
      context.out.line(`Attach, by the Debug Adapter Protocol, at ${socket}`);
      // It may end before: nobody came in time, or somebody killed it.
      const came = await Promise.race([connection, over(client, copy, signal)]);
      if (!came) throw nobodyCame(copy, options.patience);
      await converse(client, copy, came, context);
    });
    context.out.line(`It is over. What it said: mesos-airflow logs ${copy.task.id}`);
  } finally {
    await client.kill(copy.task.id).catch(() => undefined);
  }
}

function nobodyCame({ task }: DebugCopy, patience: number): CommandError {
  return new CommandError(exitCodes.failed, 'The debug copy ended before a debugger attached', {
    why: `none came within ${patience} s, or it was killed`,
    next: `What it said: mesos-airflow logs ${task.id}; --patience lets it wait longer.`,
  });
}

/** Waits until the copy's process is there. */
async function ready(client: ServiceClient, copy: DebugCopy, signal: AbortSignal): Promise<TaskRun> {
  let { task } = copy;
  while (task.state !== 'running') {
    if (terminalStates.has(task.state)) {
      throw new CommandError(exitCodes.failed, 'The debug copy ended before a debugger could attach', {
        why: task.info === '' ? task.state : task.info,
        next: `What it said: mesos-airflow logs ${task.id} --stderr`,
      });
    }
    await delay(lookMs, undefined, { signal });
    task = await client.task(task.id, { signal });
  }
  return task;
}

async function over(
  client: ServiceClient,
  { task: { id } }: DebugCopy,
  signal: AbortSignal,
): Promise<undefined> {
  while (!terminalStates.has((await client.task(id, { signal })).state)) {
    await delay(1000, undefined, { signal });
  }
  return undefined;
}

async function converse(
  client: ServiceClient,
  copy: DebugCopy,
  streams: DebuggerStreams,
  { err, interrupts }: Context,
): Promise<void> {
  const session = await client.openSession(copy.task.id, {
    command: copy.relay,
    client: 'mesos-airflow debug',
    signal: interrupts.signal,
  });
  const words = await bridge(session, streams);
  if (words !== '') err.line(words);
}

/** A socket of the person's own, 0600, for one connection; gone when `use` is done. */
async function withSocket(
  { folders, interrupts }: Context,
  use: (socket: string, connection: Promise<DebuggerStreams>) => Promise<void>,
): Promise<void> {
  await makePrivateFolder(folders.runtime);
  const file = path.join(folders.runtime, `debug-${randomBytes(4).toString('hex')}.sock`);
  const server = net.createServer();
  try {
    server.listen(file);
    await once(server, 'listening');
    await fs.chmod(file, 0o600);
    await use(file, first(server, interrupts.signal));
  } finally {
    server.close();
    await fs.rm(file, { force: true });
  }
}

/** The first connection; no other is taken. */
async function first(server: net.Server, signal: AbortSignal): Promise<DebuggerStreams> {
  const [connection] = (await once(server, 'connection', { signal })) as [net.Socket];
  server.close();
  return { input: connection, output: connection };
}
