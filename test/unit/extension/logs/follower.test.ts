import assert from 'node:assert/strict';
import type { LogEvent } from '../../../../src/api/logs.ts';
import type { TaskRun } from '../../../../src/api/people.ts';
import {
  firstBytes,
  LogFollower,
  type LogSource,
  type OutputFile,
} from '../../../../src/extension/logs/follower.ts';
import { textOf } from '../../../../src/extension/logs/followed.ts';
import { until } from '../../../support/until.ts';
import { atNoon, running } from '../../../vscode/support/views.ts';

/** A task whose files are written by the test. */
class WrittenTask implements LogSource {
  stdout = '';
  stderr = '';
  run: TaskRun = running('a');
  followed = 0;
  failing = false;
  /** Where connections began. */
  readonly offsets: number[] = [];

  async *follow(file: OutputFile, offset: number, signal: AbortSignal): AsyncGenerator<LogEvent> {
    this.offsets.push(offset);
    this.followed += 1;
    try {
      let next = offset < 0 ? Math.max(0, Buffer.byteLength(this[file]) + offset) : offset;
      while (!signal.aborted) {
        if (this.failing) throw new Error('the connection broke');
        const isOver = this.run.ended !== null;
        const all = Buffer.from(this[file]);
        const data = all.subarray(next);
        if (data.length > 0) yield { type: 'data', offset: next, size: all.length, data };
        else yield { type: 'quiet', size: all.length };
        next = all.length;
        if (isOver) {
          yield { type: 'ended' };
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      this.followed -= 1;
    }
  }

  place(file: OutputFile): Promise<string> {
    return Promise.resolve(`agent-1 · ${file}`);
  }

  taskRun(): Promise<TaskRun> {
    return Promise.resolve(this.run);
  }

  end(over: Partial<TaskRun>): void {
    this.run = { ...this.run, ended: atNoon + 3000, ...over };
  }
}

describe('LogFollower', () => {
  let task: WrittenTask;
  let follower: LogFollower;
  beforeEach(() => {
    task = new WrittenTask();
    follower = new LogFollower(task, 100);
  });
  afterEach(() => follower.dispose());
  const shows = async (expected: RegExp): Promise<unknown> =>
    until(() => expected.test(textOf(follower.rows)), { what: String(expected), limitMs: 5000 });

  it('shows what is written as it is written, and the outcome at the end', async () => {
    follower.follow();
    await shows(/waiting for output/);
    task.stdout += 'Zürich\n';
    await shows(/Zürich$/);
    task.stdout += 'Αθήνα\n';
    task.end({ state: 'finished', airflow_state: 'success' });
    await shows(/Zürich\nΑθήνα\n── ended: success after 2 s · .* ──$/);
  });

  it('stops reading while paused and after the end', async () => {
    follower.follow();
    await shows(/waiting for output/);
    follower.pause();
    await until(() => task.followed === 0, { what: 'that nothing is read' });
    task.stdout = 'unseen\n';
    follower.follow();
    await shows(/unseen/);
    task.end({ state: 'failed', info: 'exit status 1' });
    await shows(/ended: failed · exit status 1/);
    await until(() => task.followed === 0, { what: 'that nothing is read' });
    const connections = task.offsets.length;
    follower.pause();
    follower.follow();
    assert.equal(task.offsets.length, connections);
  });

  it('changes at most four times a second, however fast the log grows', async () => {
    let changes = 0;
    follower.onDidChange(() => (changes += 1));
    const writing = setInterval(() => (task.stdout += 'line\n'), 5);
    follower.follow();
    try {
      await new Promise((resolve) => setTimeout(resolve, 1100));
    } finally {
      clearInterval(writing);
    }
    assert.ok(changes >= 2 && changes <= 6, `${changes} changes in 1.1 s`);
  });

  it('shows standard error where a task could not even begin', async () => {
    task.stderr = 'No module named airflow_mesos\n';
    task.end({ state: 'failed', info: 'exit status 1' });
    follower.follow();
    await shows(/agent-1 · stderr ──\nNo module named airflow_mesos\n── ended: failed · exit status 1/);
  });

  it('waits for Airflow’s word before it calls a finished task a success', async () => {
    task.stdout = 'done\n';
    task.end({ state: 'finished' });
    follower.follow();
    await shows(/ended: finished/);
    task.run = { ...task.run, airflow_state: 'failed' };
    await shows(/ended: failed/);
  });

  it('says that nothing comes, keeps what it has, and goes on by itself', async () => {
    task.stdout = 'first\n';
    follower.follow();
    await shows(/first$/);
    task.failing = true;
    await shows(/first\n── the connection broke; trying again ──$/);
    task.failing = false;
    task.stdout += 'second\n';
    await shows(/first\nsecond$/);
  });

  it('goes on where it was when the connection broke', async () => {
    task.stdout = 'first\n';
    follower.follow();
    await shows(/first$/);
    task.failing = true;
    await shows(/trying again/);
    task.failing = false;
    task.stdout += 'second\n';
    await shows(/first\nsecond$/);
    assert.equal(task.offsets[0], -firstBytes);
    assert.ok(task.offsets.slice(1).every((offset) => offset === 6));
  });

  it('says how much of a long log lies before what it shows', async () => {
    const line = `${'x'.repeat(1023)}\n`;
    task.stdout = line.repeat(1024);
    follower.follow();
    await shows(/^── agent-1 · stdout · the first 5\d\d.* are not shown ──\nx/);
  });

  it('shows colours as plain text', async () => {
    task.stdout = '\u001b[31mred\u001b[0m\n';
    follower.follow();
    await shows(/^── agent-1 · stdout ──\nred$/);
  });
});
