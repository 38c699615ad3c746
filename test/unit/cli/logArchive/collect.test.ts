import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { LogEvent } from '../../../../src/api/logs.ts';
import type { TaskRun } from '../../../../src/api/people.ts';
import { ServiceProblem } from '../../../../src/client/errors.ts';
import { collectLogs, placesOf, type LogReader } from '../../../../src/cli/logArchive/collect.ts';
import { packFolder } from '../../../../src/cli/logArchive/pack.ts';
import { unpack } from '../../../../src/cli/sandbox/unpack.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { running } from '../../../vscode/support/views.ts';

const { signal } = new AbortController();

/** Logs by `<Mesos' id>/<file>`; an error is thrown in place of one. */
function readerOf(logs: Readonly<Record<string, readonly LogEvent[] | Error>>): LogReader {
  return {
    followLog: async function* (id, options) {
      const file = options?.file ?? 'stdout';
      const log = logs[`${id}/${file}`] ?? new ServiceProblem(404, { error: 'There is none' });
      await Promise.resolve();
      if (log instanceof Error) throw log;
      yield* log;
    },
  };
}

function data(text: string, offset = 0, size = offset + Buffer.byteLength(text)): LogEvent {
  return { type: 'data', data: Buffer.from(text), offset, size };
}

const tries: TaskRun[] = [
  running('c', { key: { task_id: 'load', try_number: 2 }, queued: 3, airflow_state: 'success' }),
  running('b', { key: { task_id: 'load' }, queued: 2 }),
  running('a', { key: { task_id: 'load' }, queued: 1 }),
  running('m', { key: { task_id: 'a/b:c', map_index: 3 }, queued: 4 }),
  { ...running('w', { key: { task_id: 'wait' } }), mesos_task_id: null },
];

describe('the logs of a run as files', () => {
  let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    scratch = await temporaryFolder('logs');
  });
  afterEach(() => scratch.remove());

  it('have a folder for each launch of each try', () => {
    assert.deepEqual(
      placesOf(tries).map(({ task, place }) => `${task} ${place}`),
      ['a.1 load/try-1', 'b.1 load/try-1-2', 'c.1 load/try-2', 'm.1 a_b_c[3]/try-1'],
    );
  });

  it('are what stood there at the first look, and say what they lack', async () => {
    const kept: LogEvent = { type: 'note', note: 'kept', text: 'Only the last 64 kB were kept' };
    const reader = readerOf({
      'a.1/stdout': [data('one\n', 0, 8), data('two\nthree\n', 4, 20), data('more', 14)],
      'a.1/stderr': [{ type: 'quiet', size: 0 }, data('later')],
      'b.1/stdout': [kept, data('end'), { type: 'ended' }],
      'c.1/stdout': new ServiceProblem(503, { error: 'The agent agent-2 is not there' }),
      'c.1/airflow': [data('{}\n'), { type: 'ended' }],
      'm.1/stdout': [{ type: 'ended' }],
    });
    const collected = await collectLogs(reader, tries, scratch.path, signal);
    const text = (...parts: string[]): Promise<string> =>
      fs.readFile(path.join(scratch.path, ...parts), 'utf8');
    assert.equal(await text('load', 'try-1', 'stdout.log'), 'one\ntwo\n');
    assert.equal(await text('load', 'try-1-2', 'stdout.log'), 'end');
    assert.equal(await text('load', 'try-2', 'airflow.jsonl'), '{}\n');
    assert.deepEqual(
      collected.map(({ folder, files, lacks, state }) => [
        folder,
        files.map(({ name }) => name),
        lacks,
        state,
      ]),
      [
        ['load/try-1', ['stdout.log'], [], 'running'],
        ['load/try-1-2', ['stdout.log'], ['stdout.log: Only the last 64 kB were kept'], 'running'],
        ['load/try-2', ['airflow.jsonl'], ['stdout.log: The agent agent-2 is not there'], 'success'],
        ['a_b_c[3]/try-1', [], [], 'running'],
      ],
    );
  });

  it('are not taken for whole where the service goes away', async () => {
    const reader = readerOf({
      'a.1/stdout': [data('one\n')],
      'b.1/stdout': new Error('the connection broke'),
    });
    await assert.rejects(collectLogs(reader, tries, scratch.path, signal), /connection broke/);
  });

  it('are packed below one folder', async () => {
    const from = path.join(scratch.path, 'from');
    await fs.mkdir(path.join(from, 'load', 'try-1'), { recursive: true });
    await fs.writeFile(path.join(from, 'load', 'try-1', 'stdout.log'), 'x'.repeat(100_000));
    await fs.writeFile(path.join(from, 'index.json'), '[]');
    const archive = path.join(scratch.path, 'a.tar.gz');
    await packFolder(from, 'logs', archive, signal);
    const to = path.join(scratch.path, 'to');
    await fs.mkdir(to);
    const { files, bytes } = await unpack(createReadStream(archive).pipe(createGunzip()), to, signal);
    assert.deepEqual([files, bytes], [2, 100_002]);
    assert.equal(await fs.readFile(path.join(to, 'logs', 'index.json'), 'utf8'), '[]');
    await assert.rejects(packFolder(path.join(scratch.path, 'nothing'), 'logs', `${archive}2`, signal));
  });
});
