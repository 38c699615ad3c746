import { setTimeout as delay } from 'node:timers/promises';
import type { LogEvent } from '../../api/logs.ts';
import type { LogRow } from '../../logtext/row.ts';
import { LogRows } from '../../logtext/rows.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';

/** A log from one connection. `offset` in bytes; negative: from the end. */
export type FollowFile = (offset: number, signal: AbortSignal) => AsyncIterable<LogEvent>;

export interface FollowedFileOptions {
  readonly follow: FollowFile;
  /** Characters that are kept, in the main. */
  readonly most: number;
  /** How many bytes before its end it is opened at. Default: as many as characters are kept. */
  readonly first?: number;
  /** Milliseconds until a broken connection is tried again. */
  readonly againMs?: number;
}

/** What a row weighs beside its text: a million empty lines are not nothing. */
const rowCharacters = 20;

/** The end of one log as rows, read on while it is followed. */
export class FollowedFile extends Disposing {
  readonly #options: FollowedFileOptions;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #maker = new LogRows();
  #rows: LogRow[] = [];
  #characters = 0;
  #isFresh = true;
  #isWithinLine = false;
  #isCut = false;
  #isCaughtUp = false;
  #hasEnded = false;
  #trouble: string | undefined;
  #following: AbortController | undefined;

  constructor(options: FollowedFileOptions) {
    super();
    this.#options = options;
    this.register({ dispose: () => this.pause() });
  }

  /** Rows of whole lines, and of the one that has not ended yet. */
  get rows(): readonly LogRow[] {
    return [...this.#rows, ...this.#maker.pending];
  }

  /** No row of it was read. */
  get isEmpty(): boolean {
    return this.#rows.length === 0 && this.#maker.pending.length === 0;
  }

  /** Something was read of it, or that there is nothing. */
  get isKnown(): boolean {
    return !this.isEmpty || this.#isCaughtUp;
  }

  /** Earlier lines are not among the rows. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** All that was written so far was read. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** The task is over, and all was read. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Why nothing comes, where something went wrong. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  follow(): void {
    if (this.#following || this.#hasEnded || this.disposed) return;
    this.#following = new AbortController();
    void this.#run(this.#following.signal);
  }

  pause(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { follow, most, first = most, againMs = 2000 } = this.#options;
    const stopped = (): boolean => signal.aborted;
    while (!stopped() && !this.#hasEnded) {
      try {
        for await (const event of follow(this.#isFresh ? -first : this.#maker.next, signal)) {
          if (stopped()) return;
          this.#trouble = undefined;
          this.#take(event);
          this.#changed.fire();
        }
      } catch (error) {
        if (stopped()) return;
        this.#trouble = sentences(explain(error)).replace(/\.$/, '');
        this.#changed.fire();
        // Rejects only where it is aborted, which ends the pause as well.
        await delay(againMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #take(event: LogEvent): void {
    switch (event.type) {
      case 'data':
        this.#append(event.offset, event.data);
        this.#isCaughtUp = event.offset + event.data.length >= event.size;
        return;
      case 'note':
        this.#push([...this.#maker.end(), noteRow(event.text, this.#maker.next)]);
        if (event.note === 'rotated' || event.note === 'began-anew') this.#maker.startAt(0);
        return;
      case 'quiet':
        this.#isCaughtUp = true;
        return;
      case 'ended':
        this.#push(this.#maker.end());
        this.#isCaughtUp = true;
        this.#hasEnded = true;
    }
  }

  #append(offset: number, data: Buffer): void {
    if (this.#isFresh || offset !== this.#maker.next) {
      if (!this.#isFresh) this.#push(this.#maker.end());
      this.#isFresh = false;
      this.#isCut ||= offset > 0;
      this.#isWithinLine = offset > 0;
      this.#maker.startAt(offset);
    }
    let bytes = data;
    if (this.#isWithinLine) {
      // The rest of a line that began earlier.
      const end = bytes.indexOf(10) + 1;
      bytes = bytes.subarray(end > 0 ? end : bytes.length);
      this.#isWithinLine = end === 0;
      this.#maker.startAt(offset + data.length - bytes.length);
    }
    this.#push(this.#maker.push(bytes));
  }

  #push(rows: readonly LogRow[]): void {
    for (const row of rows) {
      this.#rows.push(row);
      this.#characters += weight(row);
    }
    const { most } = this.#options;
    if (this.#characters <= 1.25 * most) return;
    let index = 0;
    while (index < this.#rows.length - 1 && (this.#characters > most || this.#rows[index]?.head === false)) {
      this.#characters -= weight(this.#rows[index]);
      index += 1;
    }
    this.#rows = this.#rows.slice(index);
    this.#isCut = true;
  }
}

function weight(row: LogRow | undefined): number {
  return row === undefined ? 0 : row.text.length + rowCharacters;
}

/** A row that is no part of the file. */
function noteRow(text: string, offset: number): LogRow {
  const none = { level: undefined, time: undefined };
  return { text: `── ${text} ──`, spans: [], head: true, ...none, offset, note: true };
}
