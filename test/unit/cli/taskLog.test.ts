import assert from 'node:assert/strict';
import type { LogChunk } from '../../../src/api/people.ts';
import type { LogQuery } from '../../../src/client/serviceClient.ts';
import { showLog, tail } from '../../../src/cli/taskLog.ts';
import type { ClusterLink } from '../../../src/cli/cluster.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { contextDouble } from './contextDouble.ts';
import { terminalDouble } from './terminalDouble.ts';

/** Serves a file in pieces as the service does: bytes in, whole characters out. */
function logOf(text: string, most = 65_536): { log: (id: string, query?: LogQuery) => Promise<LogChunk> } {
  const bytes = Buffer.from(text);
  return {
    log: (_id, { offset = 0, length = most } = {}) => {
      const from = offset < 0 ? Math.max(0, bytes.length + offset) : offset;
      const piece = bytes.subarray(from, from + Math.min(length, most));
      return Promise.resolve({
        data: piece.toString('utf8'),
        offset: from,
        next: from + piece.length,
        size: bytes.length,
        ended: true,
        source: 'agent-1:/stdout',
      });
    },
  };
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

describe("the tail of a task's log", () => {
  it('is its last lines, and says where it goes on', async () => {
    const text = lines(10_000);
    const last = await tail(logOf(text), 'id', 'stdout', 3);
    assert.equal(last.text, 'line 9997\nline 9998\nline 9999\n');
    assert.equal(last.next, Buffer.byteLength(text));
    assert.equal(last.source, 'agent-1:/stdout');
  });

  it('is all of it where it has fewer lines, and nothing where none are wanted or it is empty', async () => {
    assert.equal((await tail(logOf('a\nb'), 'id', 'stdout', 5)).text, 'a\nb');
    assert.equal((await tail(logOf('a\nb\n'), 'id', 'stdout', 0)).text, '');
    assert.equal((await tail(logOf(''), 'id', 'stdout', 5)).text, '');
  });

  it('is found however long the lines are, and in however small pieces the log comes', async () => {
    const long = `${'ü'.repeat(9000)}\n`;
    assert.equal((await tail(logOf(`first\n${long}${long}`), 'id', 'stdout', 2)).text, long + long);
    assert.equal((await tail(logOf(lines(2000), 100), 'id', 'stdout', 2)).text, 'line 1998\nline 1999\n');
  });
});

describe("a task's log on a terminal", () => {
  const run = { id: 'r1', mesos_task_id: 'r1.1', ended: 1, key: { task_id: 't' } };
  const wild = '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[6nplain\n';

  async function shown(isTTY: boolean, raw?: true): Promise<string> {
    const client = { ...logOf(wild, 7), task: () => Promise.resolve(run) } as unknown as ServiceClient;
    const link = {
      client,
      ask: (ask: (with_: ServiceClient) => unknown) => ask(client),
    } as unknown as ClusterLink;
    const out = terminalDouble({ isTTY });
    const context = { ...contextDouble({}), out };
    await showLog(link, await client.task('r1'), raw ? { raw } : {}, context);
    return out.written();
  }

  it('has its colours, and nothing else that commands the terminal', async () => {
    assert.equal(await shown(true), '\u001b[31mred\u001b[0m plain\r\n');
  });

  it('is as it was written for a pipe, and where that was asked for', async () => {
    assert.equal(await shown(false), wild);
    assert.equal(await shown(true, true), wild);
  });
});
