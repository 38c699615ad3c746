import assert from 'node:assert/strict';
import type { LogEvent } from '../../../../src/api/logs.ts';
import { OneLog, withoutInstant } from '../../../../src/extension/runLogs/oneLog.ts';
import { triesOf } from '../../../../src/extension/runLogs/tries.ts';
import { running } from '../../../vscode/support/views.ts';

describe('a log that is compared with another try’s', () => {
  it('has no instants, which would make each line another', async () => {
    assert.equal(withoutInstant('2026-11-23T12:00:00.123Z INFO     task hello'), 'INFO     task hello');
    assert.equal(withoutInstant('[2026-11-23 12:00:00,123] {x.py:1} INFO - hello'), '{x.py:1} INFO - hello');
    assert.equal(withoutInstant('  File "a.py", line 2'), '  File "a.py", line 2');
    const text = Buffer.from('2026-11-23T12:00:00.123Z INFO     task hello\n  more\n');
    const shown = async (isTimeless: boolean): Promise<string[]> => {
      const log = new OneLog({
        most: 10_000,
        title: 'stdout',
        isTimeless,
        follow: async function* (): AsyncGenerator<LogEvent> {
          await Promise.resolve();
          yield { type: 'data', offset: 0, size: text.length, data: text };
          yield { type: 'ended' };
        },
      });
      log.follow();
      await log.ready;
      log.dispose();
      return log.rows.map((line) => line.text);
    };
    assert.deepEqual(await shown(true), ['── stdout ──', 'INFO     task hello', '  more']);
    assert.equal((await shown(false))[1], '2026-11-23T12:00:00.123Z INFO     task hello');
  });

  it('is of the last launch of each try', () => {
    const key = { task_id: 'load' };
    const first = running('a', { key, queued: 1 });
    const deferred = running('b', { key, queued: 2 });
    const second = running('c', { key: { ...key, try_number: 2 }, queued: 3 });
    const other = running('d', { key: { ...key, map_index: 1 }, queued: 4 });
    const waiting = { ...running('e', { key: { ...key, try_number: 3 }, queued: 5 }), mesos_task_id: null };
    assert.deepEqual(
      triesOf([waiting, other, second, deferred, first], first).map(({ id }) => id),
      ['b', 'c'],
    );
  });
});
