// The entry point of dist/devmesos.cjs: `master` and `agent`, each a process of its own.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExplainedError, messageOf, codeOf } from '../host/errors.ts';
import { startAgent } from './agent/start.ts';
import { agentArguments, masterArguments } from './arguments.ts';
import { exitCodes } from './exitCodes.ts';
import { logTo, type Log } from './log.ts';
import { startMaster } from './master/master.ts';

interface Program {
  /** Resolves when it should end, whoever runs it. */
  readonly dismissed?: Promise<void>;
  close(): Promise<void>;
}

async function main(argv: readonly string[]): Promise<void> {
  const [command, ...rest] = argv;
  process.umask(0o022);
  // Whoever read what we print may be gone: that is no reason to end before our tasks are ended.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const starting = start(command ?? '', rest);
  // At once: process 1 of a container has no other way to end, and a start can take a while.
  quitOnSignals(starting, rest.includes('--quit-with-stdin'));
  await starting;
}

async function start(command: string, rest: readonly string[]): Promise<Program> {
  if (command === 'master') {
    const options = masterArguments(rest, read);
    const log = logTo(process.stderr, 'master');
    noteProcessOne(log);
    const master = await startMaster(options, log);
    report({ ready: true, url: master.url, port: master.port });
    return master;
  }
  if (command === 'agent') {
    const options = agentArguments(rest, read);
    const log = logTo(process.stderr, options.name);
    noteProcessOne(log);
    const agent = await startAgent(options, log);
    void agent.registered.then((id) =>
      report({ ready: true, url: agent.url, port: agent.port, agent_id: id }),
    );
    return agent;
  }
  throw new ExplainedError(`There is no command "${command}"`, { next: 'Run with "master" or "agent".' });
}

/** Node doesn't wait for processes that it did not start, so those that tasks leave to process 1 stay as zombies. */
function noteProcessOne(log: Log): void {
  if (process.pid === 1)
    log(
      'runs as process 1 of its container: start it with an init (docker run --init) that reaps what tasks leave',
    );
}

function read(file: string): string {
  return readFileSync(path.resolve(file), 'utf8');
}

function report(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function quitOnSignals(starting: Promise<Program>, quitWithParent: boolean): void {
  let closing: Promise<void> | undefined;
  const quit = (): void => {
    closing ??= starting
      .then((program) => program.close())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
  };
  void starting.then(
    ({ dismissed }) => dismissed?.then(quit),
    // Told by whoever started it.
    () => undefined,
  );
  process.on('SIGTERM', quit);
  process.on('SIGINT', quit);
  process.on('SIGHUP', quit);
  if (!quitWithParent) return;
  // Whoever started us holds the other end: it closes when that process ends, however it does.
  process.stdin.on('end', quit);
  process.stdin.on('error', quit);
  process.stdin.resume();
}

function fail(error: unknown): never {
  const inUse = codeOf(error) === 'EADDRINUSE';
  const lines = [messageOf(error)];
  if (error instanceof ExplainedError)
    lines.push(...[error.why, error.next].filter((part) => part !== undefined));
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(
    inUse ? exitCodes.portInUse : error instanceof ExplainedError ? exitCodes.usage : exitCodes.failed,
  );
}

main(process.argv.slice(2)).catch(fail);
