import { setTimeout as delay } from 'node:timers/promises';
import type { LogEvent } from '../../api/logs.ts';
import type { LogRow } from '../../logtext/row.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { LogWindow } from './window.ts';

/** A log from one connection. `offset` in bytes; negative: from the end. `whole`: nothing may be skipped. */
export type FollowFile = (offset: number, signal: AbortSignal, whole: boolean) => AsyncIterable<LogEvent>;

export interface FollowedFileOptions {
  readonly follow: FollowFile;
  /** Characters that are kept, in the main; twice as many where the beginning is looked at. */
  readonly most: number;
  /** How many bytes before its end it is opened at. Default: as many as characters are kept. */
  readonly first?: number;
  /** Opened at this byte, to be read on from by pieces. */
  readonly from?: number | undefined;
  readonly format?: 'text' | 'airflow';
  /** Milliseconds until a broken connection is tried again. */
  readonly againMs?: number;
}

/**
 * Where its end is: at the file's (`following`); within the file, because a person went there (`reading`), or because what
 * is looked at would have to go for more (`full`).
 */
export type FileEnd = 'following' | 'reading' | 'full';

/** Bytes that a person gets at once who reads on, or back. */
const pieceBytes = 512 * 1024;
/**
 * What grows by more than this in a second nobody can read: of it only so much is kept, in characters. The editor keeps what
 * goes from a document for undoing it, at each change.
 */
const fastBytes = 512 * 1024;
const fastKeeps = 32 * 1024;

/** A part of one file as rows, usually its end, read on while it is followed. */
export class FollowedFile extends Disposing {
  readonly #options: FollowedFileOptions;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #window: LogWindow;
  /** Characters that the window may have while the reader is not at its end. */
  #room: number;
  #isAtEnd = true;
  #end: FileEnd = 'following';
  #isCaughtUp = false;
  #hasEnded = false;
  #size = 0;
  #trouble: string | undefined;
  #isWanted = false;
  #following: AbortController | undefined;
  /** Bytes of this second, and of the one before, that were written while it was followed. */
  #lately = { since: 0, bytes: 0, before: 0 };

  constructor(options: FollowedFileOptions) {
    super();
    this.#options = options;
    this.#window = new LogWindow(options.format);
    this.#room = 2 * options.most;
    if (options.from !== undefined) {
      this.#end = 'reading';
      this.#room = pieceBytes;
    }
    this.register({ dispose: () => this.pause() });
  }

  /** Rows of whole lines, and of the one that has not ended yet. */
  get rows(): readonly LogRow[] {
    return [...this.#window.rows, ...this.#window.pending];
  }

  get window(): Pick<LogWindow, 'rows' | 'pending' | 'epoch' | 'from' | 'next' | 'hasEarlier'> {
    return this.#window;
  }

  get end(): FileEnd {
    return this.#end;
  }

  /** Bytes of the file as it was seen last. */
  get size(): number {
    return Math.max(this.#size, this.#window.next);
  }

  /** No row of it was read. */
  get isEmpty(): boolean {
    return this.#window.rows.length === 0 && this.#window.pending.length === 0;
  }

  /** Something was read of it, or that there is nothing. */
  get isKnown(): boolean {
    return !this.isEmpty || this.#isCaughtUp;
  }

  /** Earlier lines are not among the rows. */
  get isCut(): boolean {
    return this.#window.isCut;
  }

  /** It was read up to its end. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** The task is over, and the file is read to its end. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Why nothing comes, where something went wrong. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  follow(): void {
    this.#isWanted = true;
    if (this.#following || this.#hasEnded || this.disposed) return;
    if (this.#window.characters >= this.#most) return;
    this.#following = new AbortController();
    void this.#run(this.#following.signal);
  }

  pause(): void {
    this.#isWanted = false;
    this.#stop();
  }

  /** Whether a person looks at the last rows: where not, nothing goes from the beginning. */
  setAtEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    if (!isAtEnd || this.#end === 'following') return;
    if (this.#end === 'full') {
      this.#end = 'following';
      this.#window.cutBeginning(this.#options.most);
    } else if (!this.#following) {
      this.#window.cutBeginning(this.#options.most);
      this.#room = this.#window.characters + pieceBytes;
    }
    if (this.#isWanted) this.follow();
    this.#changed.fire();
  }

  /** Reads a piece before the rows; where they are too many those at the end go. False: there is nothing. */
  async loadEarlier(): Promise<boolean> {
    const window = this.#window;
    if (!window.hasEarlier) return false;
    const to = window.from;
    const from = Math.max(0, to - pieceBytes);
    const data = await this.#piece(from, to - from);
    if (!window.prepend(from, data)) return false;
    const { most } = this.#options;
    if (window.characters > 2 * most) {
      this.#stop();
      window.cutEnd(most);
      this.#end = 'reading';
      this.#room = 0;
      this.#hasEnded = false;
      this.#isCaughtUp = false;
    }
    this.#changed.fire();
    return true;
  }

  /** Lets go of all but the last so many characters. */
  cut(characters: number): void {
    this.#window.cutBeginning(characters);
  }

  /** More characters than this are not read on to. */
  get #most(): number {
    if (this.#end === 'reading') return this.#room;
    return this.#isAtEnd ? Infinity : 2 * this.#options.most;
  }

  #stop(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { againMs = 2000 } = this.#options;
    const stopped = (): boolean => signal.aborted;
    while (!stopped() && !this.#hasEnded) {
      try {
        if (await this.#connection(signal)) return;
      } catch (error) {
        if (stopped()) return;
        this.#trouble = sentences(explain(error)).replace(/\.$/, '');
        this.#changed.fire();
        // Rejects only where it is aborted, which ends the pause as well.
        await delay(againMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** True where there is no room for more. */
  async #connection(signal: AbortSignal): Promise<boolean> {
    const { follow, most, first = most, from = -first } = this.#options;
    const window = this.#window;
    const offset = window.isFresh ? from : window.next;
    for await (const event of follow(offset, signal, this.#end === 'reading')) {
      if (signal.aborted) return true;
      this.#trouble = undefined;
      this.#take(event);
      const isFull = !this.#hasEnded && window.characters >= this.#most;
      if (isFull) {
        if (this.#end === 'following') this.#end = 'full';
        this.#following = undefined;
      }
      this.#changed.fire();
      if (isFull) return true;
    }
    return false;
  }

  #take(event: LogEvent): void {
    const window = this.#window;
    switch (event.type) {
      case 'data': {
        const wasCaughtUp = this.#isCaughtUp;
        this.#size = event.size;
        window.append(event.offset, event.data);
        if (event.offset + event.data.length >= event.size) this.#catchUp();
        if (this.#isAtEnd && this.#end === 'following') this.#cut(wasCaughtUp ? event.data.length : 0);
        return;
      }
      case 'note':
        if (event.note === 'rotated' || event.note === 'began-anew') window.beginAnew(event.text);
        else window.note(event.text);
        return;
      case 'quiet':
        this.#size = event.size;
        this.#catchUp();
        return;
      case 'ended':
        window.end();
        this.#catchUp();
        this.#hasEnded = true;
    }
  }

  #catchUp(): void {
    this.#isCaughtUp = true;
    this.#end = 'following';
  }

  /** By a good part at once: each cut is the editor's work. `live`: bytes that were just written. */
  #cut(live: number): void {
    const { most } = this.#options;
    const window = this.#window;
    const now = performance.now();
    const passed = now - this.#lately.since;
    if (passed > 1000) {
      this.#lately = { since: now, bytes: 0, before: passed < 2000 ? this.#lately.bytes : 0 };
    }
    this.#lately.bytes += live;
    if (Math.max(this.#lately.bytes, this.#lately.before) > fastBytes && window.characters > fastKeeps)
      window.cutBeginning(fastKeeps);
    else if (window.characters > most) window.cutBeginning((most * 3) / 4);
  }

  /** Bytes of the file, as far as there are any. */
  async #piece(offset: number, length: number): Promise<Buffer> {
    const connection = new AbortController();
    const pieces: Buffer[] = [];
    let next = offset;
    const end = offset + length;
    for await (const event of this.#options.follow(offset, connection.signal, true)) {
      if (event.type === 'quiet' || event.type === 'ended') break;
      if (event.type !== 'data') continue;
      if (event.offset !== next) break;
      pieces.push(event.data.subarray(0, end - next));
      next += event.data.length;
      if (next >= end) break;
    }
    return Buffer.concat(pieces);
  }
}
