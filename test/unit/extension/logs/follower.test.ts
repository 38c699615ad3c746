import assert from 'node:assert/strict';
import type { LogChunk, TaskRun } from '../../../../src/api/people.ts';
import { LogFollower, type LogSource } from '../../../../src/extension/logs/follower.ts';
import { until } from '../../../support/until.ts';
import { atNoon, running } from '../../../vscode/support/views.ts';

/** A task whose files are written by the test. */
class WrittenTask implements LogSource {
  stdout = '';
  stderr = '';
  run: TaskRun = running('a');
  reads = 0;
  failing = false;

  read(file: 'stdout' | 'stderr', offset: number): Promise<LogChunk> {
    this.reads += 1;
    if (this.failing) return Promise.reject(new Error('the connection broke'));
    const bytes = Buffer.from(this[file]);
    const from = offset < 0 ? Math.max(0, bytes.length + offset) : offset;
    const data = bytes.subarray(from, from + 65_536).toString('utf8');
    return Promise.resolve({
      data,
      offset: from,
      next: from + Buffer.byteLength(data),
      size: bytes.length,
      ended: this.run.ended !== null,
      source: `agent-1 · ${file}`,
    });
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
    follower = new LogFollower(task);
  });
  afterEach(() => follower.dispose());
  const shows = async (expected: RegExp): Promise<unknown> =>
    until(() => expected.test(follower.text), { what: String(expected), limitMs: 5000 });

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
    const { reads } = task;
    task.stdout = 'unseen\n';
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal(task.reads, reads);
    follower.follow();
    await shows(/unseen/);
    task.end({ state: 'failed', info: 'exit status 1' });
    await shows(/ended: failed · exit status 1/);
    const atEnd = task.reads;
    follower.follow();
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal(task.reads, atEnd);
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
});
