import assert from 'node:assert/strict';
import type { LogChunk } from '../../../../src/api/people.ts';
import type { AttemptRecord } from '../../../../src/framework/types.ts';
import { keyOfLogPath } from '../../../../src/service/airflow/logPath.ts';
import { HttpProblem } from '../../../../src/service/http/problem.ts';
import type { SandboxFiles } from '../../../../src/service/logs/agents.ts';
import { pathInside } from '../../../../src/service/logs/paths.ts';
import { TaskFiles, type KeyedAttempt } from '../../../../src/service/logs/taskFiles.ts';
import { attempt } from './fakeAgent.ts';

const key = { dag_id: 'd', run_id: 'r', task_id: 't', map_index: -1, try_number: 1 };
const noSignal = new AbortController().signal;

/** An agent that serves these files, at most 64 KiB at a time as Mesos does. */
function agentWith(files: Record<string, Buffer>): TaskFiles {
  const agent: SandboxFiles = {
    read: (_attempt, file, offset, length) => {
      const content = files[file];
      if (!content) return Promise.resolve(undefined);
      const data = content.subarray(offset, offset + Math.min(length, 65_536));
      return Promise.resolve({ data, size: content.length });
    },
    list: () => Promise.resolve(undefined),
  };
  return new TaskFiles(agent, { find: () => Promise.resolve(undefined) });
}

function of(more: Partial<AttemptRecord> = {}): KeyedAttempt {
  return { attempt: attempt(more), key };
}

const isOver = { ended: 5, state: 'TASK_FINISHED' } as const;

describe('files of a sandbox', () => {
  it('are named by a path inside it', () => {
    assert.equal(pathInside('stdout'), 'stdout');
    assert.equal(pathInside('./a//b/c/'), 'a/b/c');
    assert.equal(pathInside('logs/dag_id=ä b/attempt=1.log'), 'logs/dag_id=ä b/attempt=1.log');
    assert.equal(pathInside('a..b/..c'), 'a..b/..c');
    for (const bad of ['', '/etc/passwd', '..', '../x', 'a/../../x', 'a/..', '.', './', 'a\\..\\b', 'a\0b']) {
      assert.throws(
        () => pathInside(bad),
        (error: unknown) => error instanceof HttpProblem && error.status === 400,
        bad,
      );
    }
  });

  it('are read from where the agent serves them', async () => {
    const sandboxes = agentWith({ stdout: Buffer.from('hello') });
    const chunk = await sandboxes.chunk(of(), 'stdout', { offset: 0, length: 100 });
    assert.deepEqual(chunk, {
      data: 'hello',
      offset: 0,
      next: 5,
      size: 5,
      ended: false,
      source: 'agent-1:/frameworks/F0/executors/r1.1/runs/latest/stdout',
    });
  });

  it('say that they are at their end only when the task is', async () => {
    const sandboxes = agentWith({ stdout: Buffer.from('hello') });
    const read = (over: Partial<AttemptRecord>, offset: number, length: number): Promise<LogChunk> =>
      sandboxes.chunk(of(over), 'stdout', { offset, length });
    assert.equal((await read({}, 0, 100)).ended, false);
    assert.equal((await read(isOver, 0, 4)).ended, false);
    assert.equal((await read(isOver, 4, 4)).ended, true);
    assert.equal((await read(isOver, 5, 4)).ended, true);
  });

  it('are cut at whole characters, whatever the length of a piece', async () => {
    const text = 'naïve – 日本語 – 🦀🦀 – end\n'.repeat(5);
    const sandboxes = agentWith({ stdout: Buffer.from(text) });
    for (const length of [4, 5, 6, 7, 11, 64]) {
      let read = '';
      let offset = 0;
      for (;;) {
        const chunk = await sandboxes.chunk(of(isOver), 'stdout', { offset, length });
        read += chunk.data;
        if (chunk.ended) break;
        assert.ok(chunk.next > offset, 'each piece brings the reader on');
        offset = chunk.next;
      }
      assert.equal(read, text, `pieces of ${length}`);
    }
  });

  it('hold a character back that is not written whole yet', async () => {
    const bytes = Buffer.from('ab🦀');
    const sandboxes = agentWith({ stdout: bytes.subarray(0, 4) });
    const chunk = await sandboxes.chunk(of(), 'stdout', { offset: 0, length: 100 });
    assert.equal(chunk.data, 'ab');
    assert.equal(chunk.next, 2);
    // What will not come any more is shown as what it is.
    const last = await sandboxes.chunk(of(isOver), 'stdout', { offset: 2, length: 100 });
    assert.equal(last.data, '\ufffd');
    assert.equal(last.ended, true);
  });

  it('are read from the end by a negative offset, beginning with a whole character', async () => {
    const sandboxes = agentWith({ stdout: Buffer.from('aé🦀z') });
    const tail = async (offset: number): Promise<string> =>
      (await sandboxes.chunk(of(), 'stdout', { offset, length: 100 })).data;
    assert.equal(await tail(-1), 'z');
    assert.equal(await tail(-3), 'z');
    assert.equal(await tail(-5), '🦀z');
    assert.equal(await tail(-6), '🦀z');
    assert.equal(await tail(-1000), 'aé🦀z');
  });

  it('are empty before the task has begun, and missing where they are', async () => {
    const sandboxes = agentWith({});
    const early = await sandboxes.chunk(of(), 'stderr', { offset: 0, length: 100 });
    assert.deepEqual([early.data, early.size, early.ended], ['', 0, false]);
    const reads: [Partial<AttemptRecord>, string][] = [
      [isOver, 'stdout'],
      [{}, 'report.txt'],
    ];
    for (const [over, file] of reads) {
      await assert.rejects(
        sandboxes.chunk(of(over), file, { offset: 0, length: 100 }),
        (error: unknown) => error instanceof HttpProblem && error.status === 404,
      );
    }
  });

  it('are read whole over many pieces', async () => {
    const content = Buffer.from('0123456789abcdef'.repeat(20_000));
    const sandboxes = agentWith({ 'logs/a.log': content });
    const pieces: Buffer[] = [];
    for await (const piece of sandboxes.content(of(), 'logs/a.log', noSignal)) pieces.push(piece);
    assert.ok(Buffer.concat(pieces).equals(content));
    assert.equal(pieces.length, 5);
  });
});

describe('the path of an Airflow log', () => {
  it('tells whose it is', () => {
    assert.deepEqual(
      keyOfLogPath(
        'dag_id=wetter/run_id=manual__2026-01-01T00:00:00+00:00_ä/task_id=g.sum/map_index=3/attempt=2.log',
      ),
      {
        dag_id: 'wetter',
        run_id: 'manual__2026-01-01T00:00:00+00:00_ä',
        task_id: 'g.sum',
        map_index: 3,
        try_number: 2,
      },
    );
    assert.equal(keyOfLogPath('dag_id=d/run_id=r/task_id=t/attempt=1.log')?.map_index, -1);
  });

  it('is refused in any other form', () => {
    for (const bad of [
      '',
      'dag_id=d/run_id=r/task_id=t/attempt=1.log.trigger.5.log',
      '../dag_id=d/run_id=r/task_id=t/attempt=1.log',
      'dag_id=d/run_id=r/../task_id=t/attempt=1.log',
      'd/r/t/1.log',
    ]) {
      assert.equal(keyOfLogPath(bad), undefined, bad);
    }
  });
});
