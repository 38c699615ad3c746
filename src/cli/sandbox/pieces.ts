import { ExplainedError } from '../../host/errors.ts';

/** A piece of a file in a sandbox. */
export interface SandboxPiece {
  readonly data: Uint8Array;
  readonly offset: number;
  /** Of the whole file, as it was then. */
  readonly size: number;
}

/** Reads a piece that begins at an offset; as much as the service gives at once. */
export type ReadPiece = (offset: number, signal: AbortSignal) => Promise<SandboxPiece>;

/**
 * A file as it stands at the first look, piece by piece: what is written to it meanwhile is left out. Throws where it got
 * shorter meanwhile: what was read would not be one file.
 */
export async function* piecesOf(
  read: ReadPiece,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let offset = 0;
  let size: number | undefined;
  do {
    signal.throwIfAborted();
    const piece = await read(offset, signal);
    size ??= piece.size;
    if (piece.size < size || (piece.data.length === 0 && offset < size)) {
      throw new ExplainedError('The file got shorter while it was read', {
        why: `it had ${size} bytes at first, and ${piece.size} now`,
        next: 'Try again: it may have been rotated, or written anew.',
      });
    }
    const data = piece.data.subarray(0, size - offset);
    offset += data.length;
    if (data.length > 0) yield data;
  } while (offset < size);
}
