import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { jsonLines } from '../../../src/docker/jsonLines.ts';

describe("the daemon's messages", () => {
  it('are told apart however they are cut', async () => {
    const bytes = Buffer.from('{"a":"schön"}\r\n\r\n{"b":2}\n{"c":3}');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const messages = [];
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
      for await (const message of jsonLines(Readable.from(chunks))) messages.push(message);
      assert.deepEqual(messages, [{ a: 'schön' }, { b: 2 }, { c: 3 }]);
    }
  });

  it('that are none are an error', async () => {
    const reading = (async () => {
      for await (const message of jsonLines(Readable.from([Buffer.from('<html>\n')])))
        assert.fail(String(message));
    })();
    await assert.rejects(reading, SyntaxError);
  });
});
