import { gunzipSync, gzipSync } from 'node:zlib';
import { DeltaMisfit } from './delta.ts';
import { NotARecording, NothingRecorded } from './errors.ts';
import { parseLine, type JournalHeader, type Line } from './lines.ts';
import { readLines } from './read.ts';
import { RecordedState } from './state.ts';
import { checked } from './steps.ts';

/** From one line with all that is known to the next: kept packed, since there may be very many. */
interface Chapter {
  readonly from: number;
  readonly packed: Buffer;
}

const beginning = /^\{"at":(\d{1,16}),"(all|set|drop|end)":/;

/** A recording in memory, which can be looked at as it was at any time. */
export class History {
  readonly header: JournalHeader;
  /** The times that it covers. */
  readonly from: number;
  readonly to: number;
  /** Whether it was cut off, or damaged on its way: what is behind that place is lost. */
  readonly cutOff: boolean;
  readonly #chapters: readonly Chapter[];

  private constructor(header: JournalHeader, chapters: readonly Chapter[], to: number, cutOff: boolean) {
    this.header = header;
    this.#chapters = chapters;
    this.from = chapters[0]?.from ?? to;
    this.to = to;
    this.cutOff = cutOff;
  }

  /** Reads a whole file. `what`: how errors name it. Throws NotARecording, NewerRecording, NothingRecorded. */
  static async read(bytes: AsyncIterable<Uint8Array>, what: string): Promise<History> {
    let header: JournalHeader | undefined;
    const chapters: Chapter[] = [];
    let open: string[] = [];
    let from = 0;
    let to = 0;
    let isWhole = false;
    const close = (): void => {
      if (open.length > 0) chapters.push({ from, packed: gzipSync(open.join('\n'), { level: 1 }) });
      open = [];
    };
    for await (const { text, line, cutOff } of textLines(bytes)) {
      if (line) {
        header ??= checked(line, what);
        continue;
      }
      if (!header) throw new NotARecording(what, 'it does not begin as one');
      const [, at, kind] = beginning.exec(text) ?? [];
      if (at === undefined || cutOff) continue;
      if (kind === 'all') {
        close();
        from = Number(at);
      }
      if (kind === 'end') isWhole = true;
      else if (kind === 'all' || open.length > 0) {
        open.push(text);
        to = Math.max(to, Number(at));
      }
    }
    close();
    if (!header) throw new NotARecording(what, 'it is empty, or damaged from its beginning');
    if (chapters.length === 0) throw new NothingRecorded(what, 'it was cut off at its beginning');
    return new History(header, chapters, Math.max(to, isWhole ? (header.to ?? 0) : 0), !isWhole);
  }

  /** What was known at a time, and what came then. Before its beginning there is the beginning. */
  at(time: number): Reader {
    let index = this.#chapters.length - 1;
    while (index > 0 && (this.#chapters[index]?.from ?? 0) > time) index -= 1;
    const reader = new Reader((chapter) => this.#linesOf(chapter), index);
    reader.advance(Math.max(time, this.from));
    return reader;
  }

  #linesOf(index: number): readonly Line[] | undefined {
    const chapter = this.#chapters[index];
    if (!chapter) return undefined;
    const texts = gunzipSync(chapter.packed).toString('utf8').split('\n');
    return texts.map(parseLine).filter((line) => line !== undefined && line.kind !== 'header');
  }
}

/** Goes forward through a recording. */
export class Reader {
  readonly #linesOf: (chapter: number) => readonly Line[] | undefined;
  readonly #state = new RecordedState();
  #chapter: number;
  #lines: readonly Line[] | undefined;
  #next = 0;

  constructor(linesOf: (chapter: number) => readonly Line[] | undefined, chapter: number) {
    this.#linesOf = linesOf;
    this.#chapter = chapter;
    this.#lines = linesOf(chapter);
  }

  get state(): RecordedState {
    return this.#state;
  }

  /** When the next change comes; undefined at the end. */
  get nextAt(): number | undefined {
    const line = this.#line();
    return line && 'at' in line ? line.at : undefined;
  }

  /** Takes in all until a time, that included. Returns the keys that are otherwise now. */
  advance(time: number): ReadonlySet<string> {
    const changed = new Set<string>();
    for (let line = this.#line(); line && 'at' in line && line.at <= time; line = this.#line()) {
      this.#next += 1;
      for (const key of this.#apply(line)) changed.add(key);
    }
    return changed;
  }

  /** The next one; undefined at the end. */
  #line(): Line | undefined {
    while (this.#lines && this.#next >= this.#lines.length) {
      this.#chapter += 1;
      this.#lines = this.#linesOf(this.#chapter);
      this.#next = 0;
    }
    return this.#lines?.[this.#next];
  }

  #apply(line: Line): readonly string[] {
    try {
      return this.#state.apply(line);
    } catch (error) {
      if (!(error instanceof DeltaMisfit)) throw error;
      // A line before it is damaged. From the next chapter on all is well again.
      this.#next = this.#lines?.length ?? 0;
      return [];
    }
  }
}

/** The headers parsed, the other lines as they are: most of them are not looked at for long. */
async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ text: string; line?: JournalHeader; cutOff?: true }, void, undefined> {
  for await (const { line, ...rest } of readLines(bytes, (text) => !beginning.test(text))) {
    yield line?.kind === 'header' ? { ...rest, line: line.header } : rest;
  }
}
