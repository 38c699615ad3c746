import assert from 'node:assert/strict';
import { DapReader, framed, type DapMessage } from '../../../../src/extension/debug/frames.ts';

describe('messages of the Debug Adapter Protocol', () => {
  const messages: DapMessage[] = [
    { type: 'request', seq: 1, command: 'initialize', arguments: { grüße: '日本 ✓' } },
    { type: 'event', seq: 2, event: 'stopped' },
    { type: 'event', seq: 3, event: 'output', body: { output: 'x'.repeat(100_000) } },
  ];

  it('are read as they were written, wherever their bytes are cut', () => {
    const bytes = Buffer.concat(messages.map(framed));
    for (const size of [1, 7, 64, 65_536, bytes.length]) {
      const read: DapMessage[] = [];
      const reader = new DapReader((message) => read.push(message));
      for (let from = 0; from < bytes.length; from += size) reader.push(bytes.subarray(from, from + size));
      assert.deepEqual(read, messages, `pieces of ${size}`);
    }
  });

  it('are refused where something else speaks', () => {
    for (const wrong of ['Traceback (most recent call last)\r\n\r\n', 'x'.repeat(5000)]) {
      assert.throws(() => new DapReader(() => undefined).push(Buffer.from(wrong)), /Debug Adapter Protocol/);
    }
  });
});
