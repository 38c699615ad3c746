import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { TaskRequest } from '../../../src/api/airflow.ts';
import type { TaskRun } from '../../../src/api/people.ts';
import type { Connection } from '../../../src/client/discover.ts';
import {
  cliBundle,
  runCommand,
  startCommand,
  type CommandResult,
  type RunningCommand,
} from '../../support/commandLine.ts';
import { ServiceCluster } from '../../support/serviceCluster.ts';
import { sandboxIn } from '../../support/sandboxes.ts';
import { until } from '../../support/until.ts';

/** A task that runs until its test lets it go, with the file in its sandbox that its output goes to. */
interface Running {
  readonly id: string;
  readonly name: string;
  readonly sandbox: string;
  write(content: string | Buffer): Promise<void>;
  /** Lets it end, and waits for that. */
  end(): Promise<void>;
  stdout(): Promise<Buffer>;
}

describe('mesos-airflow logs', function () {
  this.timeout(120_000);
  let cluster: ServiceCluster;
  let connection: Connection;
  const commands: RunningCommand[] = [];

  before(async () => {
    cluster = await ServiceCluster.make(1);
    connection = await cluster.start();
    await cluster.ready(connection);
  });
  afterEach(() => {
    for (const { child } of commands.splice(0)) child.kill('SIGKILL');
  });
  after(async () => {
    await cluster.remove();
  });

  const logs = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand(['logs', '--name', 'test', ...args]);

  function following(...args: readonly string[]): RunningCommand {
    const command = startCommand(['logs', '--name', 'test', '--follow', ...args]);
    commands.push(command);
    return command;
  }

  async function submit(request: TaskRequest): Promise<void> {
    const answer = await cluster.asAirflow('POST', 'tasks', { tasks: [request] });
    assert.equal(answer.status, 200, answer.text);
  }

  function inState(id: string, state: string): Promise<TaskRun> {
    return until(
      async () => {
        const run = await connection.client.task(id);
        return run.state === state ? run : undefined;
      },
      { limitMs: 60_000, what: `${state} of ${id}` },
    );
  }

  async function sandboxOf(id: string): Promise<string> {
    return fs.realpath(await sandboxIn(path.join(cluster.folder.root, 'mesos'), id));
  }

  async function running(task: string, more: Partial<TaskRequest> = {}): Promise<Running> {
    const gate = cluster.file(`let ${task} go ${randomBytes(4).toString('hex')}`);
    const request = cluster.request(task, { waitFor: gate }, more);
    await submit(request);
    const { mesos_task_id } = await inState(request.id, 'running');
    const sandbox = await sandboxOf(mesos_task_id ?? '');
    const file = path.join(sandbox, 'stdout');
    // Its own first line is there.
    await until(async () => (await fs.readFile(file)).includes('\n'), { what: 'the first line' });
    return {
      ...{ id: request.id, sandbox, name: `wetter/manual__ä/${task}` },
      write: (content) => fs.appendFile(file, content),
      end: async () => {
        await fs.writeFile(gate, '');
        await inState(request.id, 'finished');
      },
      stdout: () => fs.readFile(file),
    };
  }

  /** Waits until a command has printed as much as stands in the task's output. */
  async function hasAll(command: RunningCommand, task: Running): Promise<void> {
    const { length } = await task.stdout();
    await until(() => command.output().length >= length, {
      limitMs: 60_000,
      what: `${length} bytes; ${command.stderr()}`,
    });
  }

  /** What a terminal of `script` is shown. */
  async function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const words = [process.execPath, cliBundle, 'logs', '--name', 'test', ...args].map((word) => `'${word}'`);
    const child = spawn('script', ['-qec', words.join(' '), '/dev/null'], {
      env: { ...process.env, NO_COLOR: undefined, TERM: 'xterm-256color', ...env },
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => parts.push(data));
    child.stdin.end();
    await once(child, 'close');
    return Buffer.concat(parts).toString();
  }

  it('follows to the end over a service that dies, and loses no byte, whatever they are', async () => {
    const task = await running('folgen');
    const command = following(task.id);
    const crab = Buffer.from('🦀');
    const pieces = [
      ...[crab.subarray(0, 2), crab.subarray(2), Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a])],
      ...[randomBytes(300_000), Buffer.from(`${'x'.repeat(1_000_000)}\n`)],
    ];
    for (const piece of pieces) {
      await task.write(piece);
      await hasAll(command, task);
    }
    await cluster.killService(connection);
    await task.write('while it was away\n');
    await hasAll(command, task);
    connection = await cluster.ensure();
    await task.write('when it was back\n');
    await hasAll(command, task);
    await task.end();
    const { status, stderr } = await command.ended;
    assert.equal(status, 0, stderr);
    assert.ok(command.output().equals(await task.stdout()));
    assert.match(stderr, /service does not answer; trying again/);
    assert.match(stderr, /The service answers again/);
  });

  it('ends with its reader, and by Ctrl-C', async () => {
    const task = await running('enden');
    const line = [process.execPath, cliBundle, 'logs', '--name', 'test', '--follow', task.id];
    const shell = spawn('sh', [
      '-c',
      `{ ${line.map((word) => `'${word}'`).join(' ')}; echo "status $?" >&2; } | head -n 1`,
    ]);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    shell.stdout.on('data', (data: Buffer) => out.push(data));
    shell.stderr.on('data', (data: Buffer) => err.push(data));
    await until(() => out.length > 0, { what: 'its first line' });
    // It notices that nobody reads when it has something to say.
    const writing = setInterval(() => void task.write('more\n'), 100);
    try {
      await once(shell, 'close');
    } finally {
      clearInterval(writing);
    }
    assert.match(Buffer.concat(out).toString(), /^hello from enden.*\n$/);
    assert.equal(Buffer.concat(err).toString(), 'status 0\n');

    const command = following(task.id);
    await hasAll(command, task);
    command.child.kill('SIGINT');
    assert.equal((await command.ended).status, 130);
    await task.end();
  });

  it('lets colours through to a terminal, and nothing else that commands it; --part, too', async function () {
    if (process.platform !== 'linux') this.skip();
    const task = await running('färben');
    await task.write('\u001b[31mred\u001b[0m\u001b]0;pwned\u0007\u001b[6n ende\n');
    const shown = await onTerminal([task.id]);
    assert.match(shown.replaceAll('\u001b', 'ESC'), /ESC\[31mredESC\[0m ende\r\nESC\[0m$/);
    assert.match(
      (await onTerminal([task.id], { NO_COLOR: '1' })).replaceAll('\u001b', 'ESC'),
      /\nred ende\r\n$/,
    );
    assert.match((await onTerminal([task.id, '--raw'])).replaceAll('\u001b', 'ESC'), /ESC\]0;pwned/);
    await task.end();

    await fs.appendFile(
      path.join(cluster.folder.logs, 'triggerer.log'),
      '\u001b]0;pwned\u0007\u001b[32mgreen\u001b[0m\n',
    );
    const part = (await onTerminal(['--part', 'triggerer'])).replaceAll('\u001b', 'ESC');
    assert.match(part, /triggerer runs\r\nESC\[32mgreenESC\[0m\r\nESC\[0m$/);
    const piped = await logs('--part', 'triggerer', '--grep', '/gr..n/');
    assert.equal(piped.stdout, 'green\n', piped.stderr);
    assert.deepEqual(JSON.parse((await logs('--part', 'triggerer', '--grep', 'green', '--json')).stdout), {
      ...{ part: 'triggerer', offset: 15, time: null, level: null, head: true, text: 'green' },
    });
  });

  it('chooses by text, level and time, and shows entries whole', async () => {
    const task = await running('wählen');
    const hours = (count: number): string => new Date(Date.now() - count * 3_600_000).toISOString();
    const failed = `${hours(1)} ERROR failed\nTraceback (most recent call last):\n  File "/x.py", line 1, in f\nValueError: bad\n`;
    await task.write(`${hours(3)} INFO begun\n${hours(2)} WARNING slow\n${failed}`);
    assert.equal((await logs(task.id, '--grep', 'bad')).stdout, failed);
    assert.equal((await logs(task.id, '--level', 'error')).stdout, failed);
    assert.equal((await logs(task.id, '--since', '90m')).stdout, failed);
    assert.match((await logs(task.id, '--since', '150m')).stdout, /^[^\n]*slow\n/);
    assert.equal((await logs(task.id, '--lines', '1')).stdout, 'ValueError: bad\n');
    const records = (await logs(task.id, '--level', 'error', '--json')).stdout.trimEnd().split('\n');
    assert.deepEqual(
      records.map((line) => (JSON.parse(line) as { level: string; head: boolean; try: number }).head),
      [true, false, false, false],
    );
    const command = following(task.id, '--grep', '/NEW$/');
    await task.write(
      `${hours(0)} INFO old\n${hours(0)} INFO new\n${hours(0)} INFO NEW\n${hours(0)} INFO last\n`,
    );
    await until(() => command.stdout().endsWith('INFO NEW\n'), { limitMs: 60_000, what: 'the new line' });
    await task.end();
    assert.equal((await command.ended).status, 0);
    assert.match(command.stdout(), /^[^\n]*NEW\n$/);
  });

  it('finds what is young in a large log, and says what it cannot tell', async () => {
    const task = await running('suchen');
    const from = Date.now() - 86_400_000;
    const line = (nth: number): string =>
      `${new Date(from + nth * 1000).toISOString()} INFO ${nth} ${'ü'.repeat(40)}\n`;
    const lines = Array.from({ length: 40_000 }, (_, nth) => line(nth));
    await task.write(lines.join(''));
    const since = new Date(from + 39_000_000).toISOString();
    assert.equal((await logs(task.id, '--since', since)).stdout, lines.slice(39_000).join(''));
    const { stdout } = await logs(task.id, '--since', since, '--lines', '2', '--grep', '/ 39..0 /');
    assert.equal(stdout, lines[39_980]! + lines[39_990]!);
    assert.equal((await logs(task.id, '--since', '1m')).stdout, '');
    await task.end();
    await fs.writeFile(path.join(task.sandbox, 'plain.txt'), 'one\ntwo\n');
    const plain = await logs(task.id, '--file', 'plain.txt', '--since', '1m');
    assert.equal(plain.stdout, 'one\ntwo\n');
    assert.match(plain.stderr, /No line of plain\.txt says its time/);
  });

  it('shows all tries, each under a line of its own, and follows to the next', async () => {
    const key = { dag_id: 'wetter', run_id: 'manual__ä', task_id: 'wieder', map_index: -1 };
    const first = await running('wieder', { key: { ...key, try_number: 1 } });
    await first.write('of the first');
    const command = following(first.name, '--all-tries');
    await until(() => command.stdout().endsWith('of the first'), { limitMs: 60_000, what: 'the first try' });
    await first.end();
    const second = await running('wieder', { key: { ...key, try_number: 2 } });
    await second.write('of the second\n');
    await until(() => command.stdout().includes('of the second'), {
      limitMs: 60_000,
      what: 'the second try',
    });
    await second.end();
    const both = await logs(second.name, '--all-tries');
    assert.match(
      both.stdout,
      /^── wieder · try 1 · agent-1 · [^\n]* ──\nhello [^]*of the first[^]*\n── wieder · try 2 [^]*of the second\n/,
    );
    // Nobody here says that the task is not tried again: it ends when nothing comes for a while.
    const { status, stdout } = await command.ended;
    assert.deepEqual(
      [status, stdout.replace(/ · [^\n]* ──/g, '')],
      [0, both.stdout.replace(/ · [^\n]* ──/g, '')],
    );
  });

  it('shows what was kept of a sandbox that is gone, and says so', async () => {
    const task = await running('behalten');
    await task.end();
    const before = await task.stdout();
    await until(
      async () => (await fs.readdir(cluster.folder.kept)).some((name) => name.startsWith(task.id)),
      {
        limitMs: 60_000,
        what: 'the kept log',
      },
    );
    await fs.rm(path.dirname(task.sandbox), { recursive: true });
    for (const args of [[], ['--follow'], ['--lines', '100'], ['--grep', '/./']]) {
      const { status, stdout, stderr } = await logs(task.id, ...args);
      assert.deepEqual([status, stdout], [0, before.toString()], stderr);
      assert.match(stderr, /The sandbox is gone[^]*as it was kept when the task ended/);
    }
    assert.equal((await logs(task.id, '--file', 'report.txt')).status, 4);
  });

  it('says of bad input what to do', async () => {
    const task = await running('irren');
    const bad: readonly (readonly [number, readonly string[], RegExp])[] = [
      [2, [task.id, '--grep', '/(/'], /no regular expression[^]*Without slashes/],
      [2, [task.id, '--level', 'loud'], /debug, info, warning, error, critical/],
      [2, [task.id, '--since', 'soon'], /Give one like/],
      [2, [task.id, '--file', '../../secret'], /leads out of the sandbox/],
      [2, [task.id, '--raw', '--level', 'error'], /Leave --raw out/],
      [2, [task.id, '--lines', '-1'], /--lines/],
      [2, [task.id, '--download', 'x.tgz', '--follow'], /--follow is for printing/],
      [2, ['--part', 'scheduler', '--all-tries'], /--all-tries is for tasks/],
      [2, [], /Neither a task nor --part/],
      [4, [task.id, '--file', 'nothing.txt'], /sandbox ls/],
      [4, ['wetter/manual__ä/no_such_task'], /mesos-airflow tasks/],
      [1, [task.id, '--grep', '/(a+)+$/'], /takes too long[^]*Write it so/],
    ];
    await task.write(`${'a'.repeat(40)}!\n`);
    for (const [status, args, says] of bad) {
      const result = await logs(...args);
      assert.deepEqual([result.status, result.stdout], [status, ''], `${args.join(' ')}: ${result.stderr}`);
      assert.match(result.stderr, says);
    }
    await task.end();
  });
});
