import type { LogChunk } from '../../api/people.ts';
import { leadingPart, trailingPart } from './characters.ts';

/** Bytes of a file as they were read at an offset. */
export interface Piece {
  readonly data: Buffer;
  readonly offset: number;
  /** Of the whole file. */
  readonly size: number;
}

/**
 * A piece as text, cut at whole characters.
 * @param midway its beginning was chosen by us: it may lie within a character
 * @param isOver nothing more will be written
 */
export function chunkOf(
  { data, offset, size }: Piece,
  { midway, isOver, source }: { midway: boolean; isOver: boolean; source: string },
): LogChunk {
  const skipped = midway && offset > 0 ? leadingPart(data) : 0;
  const bytes = data.subarray(skipped);
  const atEnd = offset + data.length >= size;
  const whole = atEnd && isOver ? bytes : bytes.subarray(0, bytes.length - trailingPart(bytes));
  const begin = offset + skipped;
  const next = begin + whole.length;
  return {
    data: whole.toString('utf8'),
    offset: begin,
    next,
    size,
    ended: isOver && next >= size,
    source,
  };
}
