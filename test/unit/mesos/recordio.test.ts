import assert from 'node:assert/strict';
import { mock } from 'node:test';
import {
  BadRecordLengthError,
  encodeRecord,
  RecordDecoder,
  RecordTooLongError,
  TruncatedRecordError,
} from '../../../src/mesos/recordio.ts';

const texts = [
  '{"type":"HEARTBEAT"}',
  '{"message":"naïve — 日本語 🚀 \u{10FFFF}"}',
  '',
  'é',
  '12\n34\n',
  '{"a":"\\n"}',
];
const stream = Buffer.concat(texts.map((text) => encodeRecord(text)));

function decodeAll(chunks: Iterable<Uint8Array>, maxLength?: number): string[] {
  const records: string[] = [];
  const decoder = new RecordDecoder(
    (record) => records.push(record.toString()),
    maxLength === undefined ? {} : { maxLength },
  );
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return records;
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Bytes that go through the two ways in which Node copies buffers while `work` runs. */
function bytesCopiedBy(work: () => void): number {
  let copied = 0;
  const set = mock.method(
    Uint8Array.prototype,
    'set',
    function (this: Uint8Array, source: Uint8Array, at = 0) {
      copied += source.length;
      for (let i = 0; i < source.length; i++) this[at + i] = source[i] ?? 0;
    },
  );
  const concat = mock.method(Buffer, 'concat', (parts: Uint8Array[]) => {
    const whole = Buffer.alloc(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  });
  try {
    work();
  } finally {
    set.mock.restore();
    concat.mock.restore();
  }
  return copied;
}

describe('RecordDecoder', () => {
  it('reads the same records whatever the size of the chunks', () => {
    for (let size = 1; size <= stream.length; size++) {
      assert.deepEqual(decodeAll(cut(stream, size)), texts, `chunks of ${size}`);
    }
  });

  it('reads the same records split at any two places', () => {
    for (let a = 0; a <= stream.length; a++) {
      for (let b = a; b <= stream.length; b++) {
        const chunks = [stream.subarray(0, a), stream.subarray(a, b), stream.subarray(b)];
        assert.deepEqual(decodeAll(chunks), texts, `split at ${a} and ${b}`);
      }
    }
  });

  it('reads random records in random chunks', () => {
    let seed = 20261123;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let round = 0; round < 200; round++) {
      const records = Array.from({ length: random(20) }, () => 'ü'.repeat(random(random(2) ? 10 : 3000)));
      const bytes = Buffer.concat(records.map((record) => encodeRecord(record)));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        const next = at + random(random(2) ? 5 : 5000);
        chunks.push(bytes.subarray(at, next));
        at = next;
      }
      assert.deepEqual(decodeAll(chunks), records, `round ${round}`);
    }
  });

  it('hands on a record with its last byte, not with the next chunk', () => {
    const records: string[] = [];
    const decoder = new RecordDecoder((record) => records.push(record.toString()));
    const framed = encodeRecord('ab€');
    decoder.push(framed.subarray(0, -1));
    assert.deepEqual(records, []);
    decoder.push(framed.subarray(-1));
    assert.deepEqual(records, ['ab€']);
    decoder.push(Buffer.from('0\n'));
    assert.deepEqual(records, ['ab€', '']);
  });

  it('reads a record that comes in a thousand chunks', () => {
    const text = 'x🚀'.repeat(10_000);
    const framed = encodeRecord(text);
    assert.deepEqual(decodeAll(cut(framed, Math.ceil(framed.length / 1000))), [text]);
  });

  it('copies no more than a few times its size of a record of 8 MB that comes in chunks of 1 KiB', () => {
    const size = 8 * 1024 * 1024;
    const framed = encodeRecord(Buffer.alloc(size, 'a'));
    let length = 0;
    const decoder = new RecordDecoder((record) => {
      length = record.length;
    });
    const copied = bytesCopiedBy(() => {
      for (const chunk of cut(framed, 1024)) decoder.push(chunk);
    });
    assert.equal(length, size);
    assert.ok(copied >= size && copied < 3 * size, `copied ${copied} bytes`);
  });

  it('takes a Uint8Array that is a view into a larger buffer', () => {
    const padded = new Uint8Array(stream.length + 7);
    padded.set(stream, 5);
    assert.deepEqual(decodeAll([padded.subarray(5, 5 + stream.length)]), texts);
  });

  it('refuses a record above the cap, before it has come, and each later byte', () => {
    const records: string[] = [];
    const decoder = new RecordDecoder((record) => records.push(record.toString()), { maxLength: 10 });
    decoder.push(encodeRecord('0123456789'));
    assert.throws(
      () => decoder.push(Buffer.from('2\nok11\n')),
      (error) => error instanceof RecordTooLongError && error.length === 11 && error.maxLength === 10,
    );
    assert.deepEqual(records, ['0123456789', 'ok']);
    assert.throws(() => decoder.push(encodeRecord('a')), RecordTooLongError);
    assert.throws(() => decoder.end(), RecordTooLongError);
    assert.equal(records.length, 2);
  });

  it('refuses what is no length, for good, after the records before it', () => {
    for (const bad of [
      'x',
      '\n',
      '-1\n',
      '+1\n',
      ' 1\n',
      '1 \n',
      '1\r\n',
      '0x1\n',
      '1.0\n',
      '9'.repeat(21),
    ]) {
      const records: string[] = [];
      const decoder = new RecordDecoder((record) => records.push(record.toString()));
      assert.throws(
        () => decoder.push(Buffer.from(`2\nok${bad}`)),
        BadRecordLengthError,
        JSON.stringify(bad),
      );
      assert.deepEqual(records, ['ok']);
      assert.throws(() => decoder.push(encodeRecord('a')), BadRecordLengthError);
    }
  });

  it('tells what it found instead of a length', () => {
    const decoder = new RecordDecoder(() => undefined);
    assert.throws(
      () => decoder.push(Buffer.from('<html>Bad gateway</html>')),
      (error) => error instanceof BadRecordLengthError && error.found.startsWith('<html>'),
    );
  });

  it('tells a stream that ends within a record from one that ends after it', () => {
    for (let at = 0; at < stream.length; at++) {
      const decoder = new RecordDecoder(() => undefined);
      let whole = 0;
      const ends = texts.map((text) => (whole += encodeRecord(text).length));
      decoder.push(stream.subarray(0, at));
      if (at === 0 || ends.includes(at)) decoder.end();
      else assert.throws(() => decoder.end(), TruncatedRecordError, `cut at ${at}`);
    }
    const decoder = new RecordDecoder(() => undefined);
    decoder.push(Buffer.from('5\nabc'));
    assert.throws(
      () => decoder.end(),
      (error) => error instanceof TruncatedRecordError && error.expected === 5 && error.received === 3,
    );
  });
});

describe('encodeRecord', () => {
  it('counts bytes, not characters', () => {
    assert.equal(encodeRecord('é').toString(), '2\né');
    assert.equal(encodeRecord(Buffer.from('é')).toString(), '2\né');
    assert.equal(encodeRecord('').toString(), '0\n');
  });
});
