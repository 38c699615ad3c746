import assert from 'node:assert/strict';
import { piecesOf, type ReadPiece } from '../../../../src/cli/sandbox/pieces.ts';

const { signal } = new AbortController();

/** A file that gives at most `most` bytes at once; `grow` changes it before each read. */
function fileOf(bytes: Buffer, most: number, change: (bytes: Buffer) => Buffer = (same) => same): ReadPiece {
  let now = bytes;
  return (offset) => {
    const data = now.subarray(offset, offset + most);
    const piece = { data, offset, size: now.length };
    now = change(now);
    return Promise.resolve(piece);
  };
}

async function all(read: ReadPiece): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(read, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a file of a sandbox in pieces', () => {
  const bytes = Buffer.from([...Array(1000).keys()].map((number) => number % 256));

  it('is the same bytes again, however it comes', async () => {
    assert.deepEqual(await all(fileOf(bytes, 333)), bytes);
    assert.deepEqual(await all(fileOf(bytes, 5000)), bytes);
    assert.deepEqual(await all(fileOf(Buffer.alloc(0), 10)), Buffer.alloc(0));
  });

  it('ends where it ended at first, though it grows faster than it is read', async () => {
    const grown = await all(fileOf(bytes, 64, (now) => Buffer.concat([now, bytes])));
    assert.deepEqual(grown, bytes);
  });

  it('is not put together of two files, where it gets shorter or stops short', async () => {
    await assert.rejects(all(fileOf(bytes, 64, (now) => now.subarray(0, 500))), /got shorter/);
    await assert.rejects(
      all((offset) => Promise.resolve({ data: Buffer.alloc(0), offset, size: 10 })),
      /got shorter/,
    );
  });
});
