import assert from 'node:assert/strict';
import type { LogChunk } from '../../../src/api/people.ts';
import type { LogQuery } from '../../../src/client/serviceClient.ts';
import { tail } from '../../../src/cli/taskLog.ts';

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
