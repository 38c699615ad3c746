import { airflowLog } from '../../api/logs.ts';
import type { LogChunk } from '../../api/people.ts';
import { LogRows } from '../../logtext/rows.ts';

/** A log up to this size is read from its beginning; of a larger one so much before the entry is read at most. Bytes. */
const smallBytes = 1024 * 1024;

/** Reads a piece of the log from an offset on. */
export type ReadChunk = (offset: number) => Promise<Pick<LogChunk, 'data' | 'offset' | 'size' | 'kept'>>;

/**
 * An offset before the first entry of a log that is as young as `since`, anywhere in a line: found by halves, for lines stand
 * in the order of their times. 0 where a piece of it says no time, so that all of it must be read.
 */
export async function offsetSince(read: ReadChunk, file: string, since: number): Promise<number> {
  let { size: end, kept } = await read(0);
  if (kept) return 0;
  let begin = 0;
  while (end - begin > smallBytes) {
    const middle = begin + Math.floor((end - begin) / 2);
    const chunk = await read(middle);
    const time = firstTime(chunk.data, file);
    ({ kept } = chunk);
    if (time === undefined || kept) return 0;
    if (time < since) begin = middle;
    else end = middle;
  }
  return begin;
}

/** The time of the first entry that begins in a piece of a log. */
function firstTime(data: string, file: string): number | undefined {
  const rows = new LogRows({ format: file === airflowLog ? 'airflow' : 'text' });
  const lines = data.slice(data.indexOf('\n') + 1);
  return rows.push(Buffer.from(lines)).find(({ time }) => time !== undefined)?.time;
}
