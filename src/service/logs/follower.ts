import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogEvent, LogNote } from '../../api/logs.ts';
import { maxReadLength, type FilePart } from '../../mesos/files.ts';
import type { FileInfo } from '../../mesos/types.ts';
import { AgentAway } from '../agentAway.ts';
import { bytesText } from './bytesText.ts';
import type { KeptFile } from './kept/format.ts';
import { readAhead } from './readAhead.ts';
import { generationName, olderGenerations, type Generation } from './rotation.ts';

/** What a follower of one attempt's file may say; that the task is over is its caller's to say. */
export type FileEvent = Exclude<LogEvent, { type: 'ended' }>;

/** The file of an attempt that is followed. */
export interface FollowedFile {
  /** Where in the sandbox it is, as far as that is known by now. */
  path(signal: AbortSignal): Promise<string>;
  /** Both throw AgentAway; undefined where there is nothing. */
  read(file: string, offset: number, length: number, signal: AbortSignal): Promise<FilePart | undefined>;
  list(folder: string, signal: AbortSignal): Promise<FileInfo[] | undefined>;
  /** So many milliseconds ago the attempt ended for good; undefined before. */
  over(): number | undefined;
  /** What was kept of it. */
  kept(): Promise<KeptFile | undefined>;
}

export interface Pace {
  /** Between looks while lines come, and at most, in silence. Milliseconds. */
  readonly least: number;
  readonly most: number;
  /** A file that was there is given up after being away for so long: an agent that starts again needs a moment. */
  readonly patience: number;
  /** An agent that the master does not know has so long to come back. */
  readonly absence: number;
  /** A file is looked at once more so long after the task's end. */
  readonly settle: number;
  /** A follower this long too far behind is brought to the end. */
  readonly behind: number;
}

const usualPace: Pace = {
  least: 100,
  most: 1000,
  patience: 2000,
  absence: 15_000,
  settle: 200,
  behind: 1000,
};

export interface FollowerOptions {
  /** In bytes; negative: from the end. */
  readonly offset: number;
  /** Nothing is skipped, however slowly it is taken. */
  readonly whole: boolean;
  readonly signal: AbortSignal;
  readonly pace?: Partial<Pace>;
}

/** Bytes before the present place that each read reads again: it is seen whether the file is the same still. */
const overlap = 64;
/** Who is further behind than this, though it had been at the end, goes on so many bytes before the end. */
const tooFarBehind = 8 * 1024 * 1024;
const goesOnBefore = 1024 * 1024;
const pieceBytes = 512 * 1024;

const nothing = Buffer.alloc(0);

/**
 * Follows one file of one attempt until that is over: its bytes in order, and notes where they are not simply the next
 * ones. While its reader does not ask for more, nothing is read.
 */
export class FileFollower {
  readonly #file: FollowedFile;
  readonly #options: FollowerOptions;
  readonly #pace: Pace;
  #name = '';
  #generation: Generation = 0;
  /** The next byte to give; undefined until a place before the end was found. */
  #at: number | undefined;
  /** The last bytes before it, where they were read. */
  #tail: Buffer = nothing;
  #size = 0;
  /** Up to here nothing is skipped: it was there when following began, or began again. */
  #target: number | undefined;
  #behindSince: number | undefined;
  #isSeen = false;
  #isQuiet = false;
  #lastData = performance.now();
  #awaySince: number | undefined;
  #missingSince: number | undefined;

  constructor(file: FollowedFile, options: FollowerOptions) {
    this.#file = file;
    this.#options = options;
    this.#pace = { ...usualPace, ...options.pace };
    this.#at = options.offset < 0 ? undefined : options.offset;
  }

  async *events(): AsyncGenerator<FileEvent, void, undefined> {
    for (;;) {
      const over = this.#file.over();
      try {
        if (yield* this.#step(over)) return;
      } catch (error) {
        if (!(error instanceof AgentAway)) throw error;
        if (yield* this.#away(error, over !== undefined)) return;
      }
    }
  }

  /** True where nothing more will come. */
  async *#step(over: number | undefined): AsyncGenerator<FileEvent, boolean, undefined> {
    const look = await this.#look();
    if (this.#awaySince !== undefined) yield this.#back(look);
    const at = this.#at ?? 0;
    const fresh = look && this.#fresh(at - this.#tail.length, look);
    if (look && fresh) return yield* this.#present(look, fresh, over);
    if (at > 0 && (look ?? this.#isSeen) && (yield* this.#moved(at, look))) return false;
    return yield* this.#missing(over !== undefined);
  }

  /** One read at the present place. */
  async #look(): Promise<FilePart | undefined> {
    if (!this.#isSeen) this.#name = await this.#file.path(this.#options.signal);
    if (this.#at === undefined) {
      const whole = await this.#read(0, 0);
      if (!whole) return undefined;
      this.#at = Math.max(0, whole.size + this.#options.offset);
    }
    return this.#read(this.#at - this.#tail.length, maxReadLength);
  }

  #read(
    offset: number,
    length: number,
    generation = this.#generation,
    signal = this.#options.signal,
  ): Promise<FilePart | undefined> {
    return this.#file.read(generationName(this.#name, generation), offset, length, signal);
  }

  /** What of a read from `offset` has not been given yet; undefined where it is another file than before. */
  #fresh(offset: number, part: FilePart): Buffer | undefined {
    const at = this.#at ?? 0;
    if (part.size < at) return undefined;
    const before = part.data.subarray(0, at - offset);
    const known = Math.min(before.length, this.#tail.length);
    const isSame = before.length === at - offset && endsAlike(before, this.#tail, known);
    return isSame ? part.data.subarray(at - offset) : undefined;
  }

  /** The file is there, and it is the one. True at its end. */
  async *#present(
    look: FilePart,
    fresh: Buffer,
    over: number | undefined,
  ): AsyncGenerator<FileEvent, boolean, undefined> {
    this.#isSeen = true;
    this.#missingSince = undefined;
    yield* this.#given(look, fresh);
    if ((this.#at ?? 0) < this.#size) {
      yield* this.#burst();
      return false;
    }
    if (this.#generation > 0) {
      this.#generation -= 1;
      this.#beginAt(0);
      yield note('rotated', `${this.#shownName} was rotated; it goes on in a new file.`);
      return false;
    }
    if (!this.#isQuiet) {
      this.#isQuiet = true;
      yield { type: 'quiet', size: this.#size };
    }
    // What the last process wrote may come a moment after the word of its end.
    if (over !== undefined && over >= this.#pace.settle) return true;
    await this.#wait(over === undefined ? this.#pause() : this.#pace.least);
    return false;
  }

  /** What lies between here and the end, several reads at a time. */
  async *#burst(): AsyncGenerator<FileEvent, void, undefined> {
    const read = (offset: number, length: number, signal: AbortSignal): Promise<FilePart | undefined> =>
      this.#read(offset, length, this.#generation, signal);
    const range = { from: this.#at ?? 0, to: this.#size, overlap, grows: true, signal: this.#options.signal };
    for await (const { offset, part } of readAhead(read, range)) {
      const fresh = this.#fresh(offset, part);
      // The next look says what became of it.
      if (!fresh) return;
      const events = this.#given(part, fresh);
      yield* events;
      // What has been read ahead is of no use behind a gap.
      if (events.some(({ type }) => type === 'note')) return;
    }
  }

  /** The bytes, and a note where a part is skipped after them. */
  #given(part: FilePart, fresh: Buffer): FileEvent[] {
    const events: FileEvent[] = [];
    const offset = this.#at ?? 0;
    this.#size = part.size;
    this.#target ??= part.size;
    if (fresh.length > 0) {
      this.#at = offset + fresh.length;
      this.#tail = endOf(this.#tail, fresh);
      this.#lastData = performance.now();
      this.#isQuiet = false;
      events.push({ type: 'data', offset, size: part.size, data: fresh });
    }
    const skipped = this.#skip();
    if (skipped) events.push(skipped);
    return events;
  }

  /** Where its reader has been too far behind for too long: goes on shortly before the end. */
  #skip(): FileEvent | undefined {
    const at = this.#at ?? 0;
    const isFar = this.#size - at > tooFarBehind && this.#generation === 0;
    if (this.#options.whole || !isFar || at < (this.#target ?? 0)) {
      this.#behindSince = undefined;
      return undefined;
    }
    const now = performance.now();
    this.#behindSince ??= now;
    if (now - this.#behindSince < this.#pace.behind) return undefined;
    const bytes = this.#size - goesOnBefore - at;
    this.#beginAt(at + bytes);
    const text = `${bytesText(bytes)} were skipped: ${this.#shownName} grows faster than it is shown.`;
    return { ...note('skipped', text), bytes };
  }

  /** Looks for the place among the file's older generations. True: from there, or from its beginning, it goes on. */
  async *#moved(at: number, look: FilePart | undefined): AsyncGenerator<FileEvent, boolean, undefined> {
    const folder = path.posix.dirname(this.#name);
    const listed = await this.#file.list(folder === '.' ? '' : folder, this.#options.signal);
    for (const { generation, size } of olderGenerations(this.#name, listed ?? [])) {
      if (size < at || generation === this.#generation) continue;
      const before = await this.#read(at - this.#tail.length, this.#tail.length, generation);
      if (before?.data.length !== this.#tail.length || !before.data.equals(this.#tail)) continue;
      this.#generation = generation;
      this.#target = undefined;
      return true;
    }
    // While it is rotated there is no file of that name for a moment.
    if (!look && this.#generation === 0) return false;
    const why = beganAnewWhy(at, this.#generation === 0 ? look : undefined);
    this.#generation = 0;
    this.#beginAt(0);
    this.#target = undefined;
    yield note(
      'began-anew',
      `${this.#shownName} was emptied or replaced: ${why}. It follows from its beginning.`,
    );
    return true;
  }

  /** No such file. True where none will come. */
  async *#missing(isOver: boolean): AsyncGenerator<FileEvent, boolean, undefined> {
    const now = performance.now();
    this.#missingSince ??= now;
    if (isOver && (!this.#isSeen || now - this.#missingSince >= this.#pace.patience)) {
      const sandbox = await this.#file.list('', this.#options.signal);
      if (!sandbox) yield note('gone', 'The sandbox is gone: Mesos removes old ones after a while.');
      yield* this.#giveKept();
      return true;
    }
    if (!this.#isQuiet) {
      this.#isQuiet = true;
      yield { type: 'quiet', size: this.#size };
    }
    await this.#wait(this.#pause());
    return false;
  }

  /** The agent does not answer. True where what was kept had to do, or it is gone for good. */
  async *#away(error: AgentAway, isOver: boolean): AsyncGenerator<FileEvent, boolean, undefined> {
    const now = performance.now();
    if (this.#awaySince === undefined) {
      this.#awaySince = now;
      yield note('agent-away', `${error.message}: ${error.problem.why ?? ''}`);
    }
    if (isOver) {
      if (yield* this.#giveKept()) return true;
      if (!error.isKnown && now - this.#awaySince >= this.#pace.absence) {
        yield note('gone', 'The agent is gone, and the sandbox with it.');
        return true;
      }
    }
    await this.#wait(Math.min(Math.max(this.#pace.least, (now - this.#awaySince) / 2), 2 * this.#pace.most));
    return false;
  }

  #back(look: FilePart | undefined): FileEvent {
    this.#awaySince = undefined;
    // What was written meanwhile is not skipped.
    this.#target = look?.size;
    return note('agent-back', 'The agent answers again.');
  }

  /** True where something was kept. */
  async *#giveKept(): AsyncGenerator<FileEvent, boolean, undefined> {
    const kept = await this.#file.kept();
    if (!kept) return false;
    const { data, from, size } = kept;
    const at = this.#at ?? Math.max(0, size + this.#options.offset);
    yield note('kept', `This is the end of ${this.#shownName}, as it was kept when the task ended.`);
    let begin = Math.max(at, from);
    if (begin > at) {
      const bytes = begin - at;
      yield { ...note('skipped', `${bytesText(bytes)} before it were not kept.`), bytes };
    }
    for (; begin < size; begin += pieceBytes) {
      const piece = data.subarray(begin - from, begin - from + pieceBytes);
      yield { type: 'data', offset: begin, size, data: piece };
    }
    yield { type: 'quiet', size };
    return true;
  }

  get #shownName(): string {
    return path.posix.basename(this.#name);
  }

  #beginAt(offset: number): void {
    this.#at = offset;
    this.#tail = nothing;
    this.#behindSince = undefined;
  }

  #pause(): number {
    const silence = performance.now() - this.#lastData;
    return Math.min(Math.max(this.#pace.least, silence / 4), this.#pace.most);
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#options.signal });
  }
}

function note(kind: LogNote, text: string): Extract<FileEvent, { type: 'note' }> {
  return { type: 'note', note: kind, text };
}

function beganAnewWhy(at: number, look: FilePart | undefined): string {
  if (!look) return 'what it was renamed to is gone';
  if (look.size >= at) return 'other bytes are where it had been read';
  return `it has ${bytesText(look.size)} now, ${bytesText(at)} had been read`;
}

function endsAlike(one: Buffer, other: Buffer, bytes: number): boolean {
  return one.subarray(one.length - bytes).equals(other.subarray(other.length - bytes));
}

/** The last bytes of what was read, in room of their own. */
function endOf(tail: Buffer, fresh: Buffer): Buffer {
  if (fresh.length >= overlap) return Buffer.from(fresh.subarray(-overlap));
  return Buffer.concat([tail, fresh]).subarray(-overlap);
}
