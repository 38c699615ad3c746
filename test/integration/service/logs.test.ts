import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar-stream';
import type { LogEvent } from '../../../src/api/logs.ts';
import { ServiceProblem } from '../../../src/client/errors.ts';
import type { FollowOptions } from '../../../src/client/logStream.ts';
import { SandboxAgent, type Sandbox } from '../../support/sandboxAgent.ts';
import { until } from '../../support/until.ts';

/** A log that is followed through the service: what came of it so far. */
class Followed {
  readonly events: LogEvent[] = [];
  readonly ended: Promise<void>;
  #length = 0;

  constructor(agent: SandboxAgent, { id }: Sandbox, options: FollowOptions = {}) {
    this.ended = this.#follow(agent.client.followLog(id, options));
    this.ended.catch(() => undefined);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.events.flatMap((event) => (event.type === 'data' ? [event.data] : [])));
  }

  get length(): number {
    return this.#length;
  }

  get notes(): string[] {
    return this.events.flatMap((event) => (event.type === 'note' ? [event.note] : []));
  }

  async has(what: (followed: this) => boolean): Promise<void> {
    await until(() => what(this), {
      limitMs: 60_000,
      what: `more than ${this.#length} bytes, ${this.notes.join()}`,
    });
  }

  async #follow(events: AsyncIterable<LogEvent>): Promise<void> {
    for await (const event of events) {
      // The bytes may lie in a chunk that holds more.
      this.events.push(event.type === 'data' ? { ...event, data: Buffer.from(event.data) } : event);
      if (event.type === 'data') this.#length += event.data.length;
    }
  }
}

const refused = (status: number) => (error: unknown) =>
  error instanceof ServiceProblem && error.status === status;

describe('logs and sandboxes through the service', function () {
  this.timeout(120_000);
  let agent: SandboxAgent;

  before(async () => {
    agent = await SandboxAgent.make();
  });

  after(async () => {
    await agent.remove();
  });

  const write = (sandbox: Sandbox, content: string | Buffer, file = 'stdout'): Promise<void> =>
    fs.appendFile(path.join(sandbox.folder, file), content);

  it('gives the very bytes, whatever they are and wherever they are cut', async () => {
    const sandbox = await agent.sandbox();
    const followed = new Followed(agent, sandbox);
    const crab = Buffer.from('🦀');
    const pieces = [
      Buffer.from('first line\n'),
      crab.subarray(0, 2),
      crab.subarray(2),
      Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]),
      randomBytes(300_000),
      Buffer.from(`${'x'.repeat(1_000_000)}\n`),
    ];
    for (const piece of pieces) {
      await write(sandbox, piece);
      const sofar = followed.length + piece.length;
      await followed.has(({ length }) => length >= sofar);
    }
    agent.end(sandbox);
    await followed.ended;
    assert.ok(followed.bytes.equals(Buffer.concat(pieces)));
    assert.equal(followed.events.at(-1)?.type, 'ended');
    assert.deepEqual(followed.notes, []);
  });

  it('opens a file of 10 GB at its end, and anywhere in it', async () => {
    const sandbox = await agent.sandbox();
    const file = path.join(sandbox.folder, 'stdout');
    await fs.truncate(file, 10e9);
    await write(sandbox, 'the end\n');
    const followed = new Followed(agent, sandbox, { offset: -1000 });
    await followed.has(({ events }) => events.some(({ type }) => type === 'quiet'));
    assert.equal(followed.length, 1000);
    assert.match(followed.bytes.toString(), /\0the end\n$/);
    const piece = await agent.client.sandboxFile(sandbox.id, 'stdout', { offset: 9_999_999_999, length: 4 });
    assert.deepEqual(
      [piece.data.toString(), piece.offset, piece.size],
      ['\0the', 9_999_999_999, 10_000_000_008],
    );
    await fs.truncate(file, 0);
    agent.end(sandbox);
    await followed.ended;
    assert.deepEqual(followed.notes, ['began-anew']);
  });

  it('goes on through a rotation', async () => {
    const sandbox = await agent.sandbox();
    const followed = new Followed(agent, sandbox);
    await write(sandbox, 'one\n');
    await followed.has(({ length }) => length === 4);
    await write(sandbox, 'two\n');
    await fs.rename(path.join(sandbox.folder, 'stdout'), path.join(sandbox.folder, 'stdout.1'));
    await write(sandbox, 'three\n');
    agent.end(sandbox);
    await followed.ended;
    assert.equal(followed.bytes.toString(), 'one\ntwo\nthree\n');
    assert.deepEqual(followed.notes, ['rotated']);
  });

  it('goes on when the agent died in mid-read and came back at another port', async () => {
    const sandbox = await agent.sandbox();
    const content = randomBytes(60_000_000);
    await write(sandbox, content);
    const aborter = new AbortController();
    const events = agent.client.followLog(sandbox.id, { signal: aborter.signal });
    const parts: Buffer[] = [];
    const notes: string[] = [];
    let [length, isDead] = [0, false];
    for await (const event of events) {
      if (event.type === 'note') notes.push(event.note);
      if (event.type === 'data') {
        parts.push(Buffer.from(event.data));
        length += event.data.length;
      }
      if (length > 1_000_000 && !isDead) {
        isDead = true;
        await agent.killAgent();
      }
      if (event.type === 'note' && event.note === 'agent-away') {
        await agent.startAgent();
        agent.end(sandbox);
      }
    }
    assert.deepEqual(notes, ['agent-away', 'agent-back']);
    assert.ok(Buffer.concat(parts).equals(content), `${length} bytes`);
  });

  it('shows what it kept where the sandbox is gone, and says so', async () => {
    const sandbox = await agent.sandbox();
    const { id, attempt, folder } = sandbox;
    const airflow = path.join(folder, 'logs/dag_id=d/run_id=r/task_id=t');
    await fs.mkdir(airflow, { recursive: true });
    await fs.writeFile(path.join(airflow, 'attempt=1.log'), '{"event":"größer"}\n');
    await write(sandbox, `${'a line\n'.repeat(300_000)}the last line\n`);
    agent.end(sandbox);
    assert.equal((await agent.client.log(id, { file: 'airflow' })).data, '{"event":"größer"}\n');
    await until(() => agent.logs.kept.has(attempt.mesos_task_id), { what: 'the kept log' });
    await fs.rm(path.dirname(folder), { recursive: true });

    const chunk = await agent.client.log(id, { offset: -100 });
    assert.equal(chunk.kept, true);
    assert.match(chunk.data, /the last line\n$/);
    assert.deepEqual([chunk.ended, chunk.size], [true, 2_100_014]);
    const own = await agent.client.log(id, { file: 'airflow' });
    assert.deepEqual([own.data, own.kept], ['{"event":"größer"}\n', true]);
    // Of the beginning there is nothing any more: it begins where it can.
    const begin = await agent.client.log(id, { offset: 0 });
    assert.equal(begin.offset, 2_100_014 - 1024 * 1024);

    const followed = new Followed(agent, sandbox);
    await followed.ended;
    assert.deepEqual(followed.notes, ['gone', 'kept', 'skipped']);
    assert.equal(followed.length, 1024 * 1024);
    const file = (await fs.readdir(path.join(agent.parts.folder, 'cluster', 'kept')))[0] ?? '';
    const { mode } = await fs.stat(path.join(agent.parts.folder, 'cluster', 'kept', file));
    assert.equal(mode & 0o077, 0);
    await assert.rejects(agent.client.log(id, { file: 'report.txt' }), refused(404));
    await assert.rejects(agent.client.sandbox(id), refused(404));
  });

  it('lists a sandbox, reads its files, and gives all of it as an archive', async () => {
    const sandbox = await agent.sandbox();
    const deep = path.join(sandbox.folder, 'out', 'größe ✓');
    await fs.mkdir(deep, { recursive: true });
    const content = randomBytes(2_500_000);
    await fs.writeFile(path.join(deep, 'data.bin'), content, { mode: 0o640 });
    await fs.symlink('out', path.join(sandbox.folder, 'inner'));
    const listed = await agent.client.sandbox(sandbox.id);
    assert.deepEqual(
      listed.map(({ path: name, kind }) => [name, kind]),
      [
        ['inner', 'folder'],
        ['out', 'folder'],
        ['stdout', 'file'],
      ],
    );
    const [entry] = await agent.client.sandbox(sandbox.id, 'out/größe ✓');
    assert.deepEqual([entry?.path, entry?.size, entry?.mode], ['out/größe ✓/data.bin', 2_500_000, 0o640]);
    const first = await agent.client.sandboxFile(sandbox.id, 'out/größe ✓/data.bin');
    assert.equal(first.data.length, 1024 * 1024);
    const rest = await agent.client.sandboxFile(sandbox.id, 'out/größe ✓/data.bin', { offset: -1000 });
    assert.ok(rest.data.equals(content.subarray(-1000)));

    const found = new Map<string, Buffer>();
    const archive = (await agent.client.sandboxArchive(sandbox.id)).pipe(extract());
    for await (const each of archive) {
      const parts: Buffer[] = [];
      for await (const part of each as AsyncIterable<Buffer>) parts.push(part);
      found.set(each.header.name, Buffer.concat(parts));
    }
    assert.ok(found.get('out/größe ✓/data.bin')?.equals(content));
    assert.ok(found.get('inner/größe ✓/data.bin')?.equals(content));
    assert.ok(found.has('stdout'));
    await assert.rejects(agent.client.sandboxArchive(sandbox.id, 'nowhere'), refused(404));
  });

  it('lets nobody out of a sandbox, by .. or by a symbolic link', async () => {
    const sandbox = await agent.sandbox();
    const outside = path.join(agent.parts.folder, 'outside');
    await fs.mkdir(outside, { recursive: true });
    await fs.writeFile(path.join(outside, 'secret'), 'secret');
    await fs.symlink(path.join(outside, 'secret'), path.join(sandbox.folder, 'way-out'));
    await fs.symlink(outside, path.join(sandbox.folder, 'folder-out'));
    await fs.symlink('.', path.join(sandbox.folder, 'loop'));
    for (const bad of [
      '../stdout',
      'a/../../stdout',
      '/etc/passwd',
      'a\\..\\b',
      'way-out',
      'folder-out/secret',
    ]) {
      await assert.rejects(agent.client.sandboxFile(sandbox.id, bad), refused(400), bad);
      await assert.rejects(agent.client.log(sandbox.id, { file: bad }), refused(400), bad);
    }
    for (const bad of ['..', 'folder-out', '/']) {
      await assert.rejects(agent.client.sandbox(sandbox.id, bad), refused(400), bad);
      await assert.rejects(agent.client.sandboxArchive(sandbox.id, bad), refused(400), bad);
    }
    // A link that leads out while it is followed is no log either.
    const followed = new Followed(agent, sandbox, { file: 'way-out' });
    await assert.rejects(followed.ended);
    assert.equal(followed.length, 0);
    // In an archive it is named, and nothing of it is there; a loop ends.
    const names: string[] = [];
    let lacking = '';
    const archive = (await agent.client.sandboxArchive(sandbox.id)).pipe(extract());
    for await (const each of archive) {
      names.push(each.header.name);
      let text = '';
      for await (const part of each as AsyncIterable<Buffer>) text += part.toString();
      assert.ok(!text.includes('secret') || each.header.name === 'LEFT-OUT.txt', each.header.name);
      if (each.header.name === 'LEFT-OUT.txt') lacking = text;
    }
    assert.ok(names.includes('stdout'));
    assert.match(lacking, /^way-out: /m);
    assert.match(lacking, /^loop\/.*: too deep$/m);
  });

  it('keeps the logs of a hundred tasks that write and end at once, each to its last byte', async () => {
    const sandboxes: Sandbox[] = [];
    for (let nth = 0; nth < 100; nth += 1) sandboxes.push(await agent.sandbox());
    await Promise.all(
      sandboxes.map(async (sandbox, nth) => {
        for (let line = 0; line < 20; line += 1) await write(sandbox, `${line} of task ${nth}\n`);
        agent.end(sandbox);
      }),
    );
    for (const { attempt } of sandboxes) {
      await until(() => agent.logs.kept.has(attempt.mesos_task_id), { limitMs: 60_000, what: 'a kept log' });
    }
    for (const { attempt, folder } of sandboxes) {
      const there = await fs.readFile(path.join(folder, 'stdout'));
      const kept = await agent.logs.kept.find(attempt.mesos_task_id, 'stdout');
      assert.ok(kept, attempt.mesos_task_id);
      assert.ok(kept.data.equals(there), attempt.mesos_task_id);
      assert.deepEqual([kept.from, kept.size], [0, there.length]);
    }
  });

  it('follows a thousand tasks that write at once, and loses nothing', async () => {
    const sandboxes: Sandbox[] = [];
    for (let nth = 0; nth < 1000; nth += 1) sandboxes.push(await agent.sandbox());
    const followers = sandboxes.map((sandbox) => new Followed(agent, sandbox));
    for (let line = 0; line < 3; line += 1) {
      for (const [nth, sandbox] of sandboxes.entries()) await write(sandbox, `${line} of task ${nth}\n`);
    }
    for (const sandbox of sandboxes) agent.end(sandbox);
    await Promise.all(followers.map(({ ended }) => ended));
    for (const [nth, followed] of followers.entries()) {
      assert.equal(followed.bytes.toString(), `0 of task ${nth}\n1 of task ${nth}\n2 of task ${nth}\n`);
      assert.deepEqual(followed.notes, []);
    }
  });
});
