import { airflowLog, type LogEvent } from '../../api/logs.ts';
import { RowFilter } from '../../logtext/filter.ts';
import { PatternTooSlow } from '../../logtext/pattern.ts';
import type { LogRow } from '../../logtext/row.ts';
import { LogRows } from '../../logtext/rows.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import type { LogSelection } from './request.ts';
import { SinceFilter } from './sinceFilter.ts';

const lineFeed = 0x0a;

/** One log's bytes become those of its rows that are asked for. */
export class SelectedRows {
  readonly #file: string;
  readonly #rows: LogRows;
  readonly #since: SinceFilter | undefined;
  readonly #filter: RowFilter | undefined;
  #isFresh = true;
  /** What comes is the rest of a line whose beginning is not there. */
  #isWithinLine = false;

  constructor(file: string, { since, filter }: LogSelection) {
    this.#file = file;
    this.#rows = new LogRows({ format: file === airflowLog ? 'airflow' : 'text' });
    this.#since = since === undefined ? undefined : new SinceFilter(since);
    this.#filter = filter && new RowFilter(filter);
  }

  /** What is to be said where a time was asked for and the log has none. */
  get remark(): string | undefined {
    return this.#since?.isTimeless
      ? `No line of ${this.#file} says its time: --since leaves none out.`
      : undefined;
  }

  /** The rows that an event brings. Throws CommandError (1) where looking for them takes too long. */
  take(event: LogEvent): LogRow[] {
    switch (event.type) {
      case 'data':
        return this.#select(this.#push(event.offset, event.data));
      case 'note':
        if (event.note === 'agent-away' || event.note === 'agent-back') return [];
        return this.#select(this.#rows.end());
      case 'quiet':
        return this.#found(this.#since?.settle() ?? []);
      case 'ended':
        return this.end();
    }
  }

  /** What stands behind the last line feed. */
  end(): LogRow[] {
    return [...this.#select(this.#rows.end()), ...this.#found(this.#since?.settle() ?? [])];
  }

  #push(offset: number, data: Buffer): LogRow[] {
    const before = offset === this.#rows.next ? [] : this.#rows.end();
    if (offset !== this.#rows.next || this.#isFresh) {
      // Behind a gap it is anywhere in a line, and where it begins by a time; the last lines begin where a line does.
      this.#isWithinLine = offset > 0 && (!this.#isFresh || this.#since !== undefined);
      this.#rows.startAt(offset);
      this.#isFresh = false;
    }
    if (!this.#isWithinLine) return [...before, ...this.#rows.push(data)];
    const end = data.indexOf(lineFeed) + 1;
    this.#isWithinLine = end === 0;
    const rest = data.subarray(end === 0 ? data.length : end);
    this.#rows.startAt(offset + data.length - rest.length);
    return [...before, ...this.#rows.push(rest)];
  }

  #select(rows: readonly LogRow[]): LogRow[] {
    return this.#found(this.#since?.push(rows) ?? rows);
  }

  #found(rows: readonly LogRow[]): LogRow[] {
    try {
      return this.#filter?.push(rows) ?? [...rows];
    } catch (error) {
      if (!(error instanceof PatternTooSlow)) throw error;
      throw new CommandError(exitCodes.failed, error.message, {
        why: 'it was given up on a line of this log',
        next: 'Write it so that it matches in one way only, without repetitions within repetitions: (a+)+ is a+.',
      });
    }
  }
}
