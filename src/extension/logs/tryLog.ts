import type { LogEvent } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { Merge } from '../../logtext/merge.ts';
import type { LogRow } from '../../logtext/row.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { Filtering } from './filtering.ts';
import { FollowedFile } from './followedFile.ts';
import type { ShownRow } from './followed.ts';
import type { LogFile, LogView } from './view.ts';

type OutputFile = Exclude<LogFile, 'all'>;

/** Where a try's log comes from. All reject while the service doesn't answer. */
export interface TrySource {
  /** From one connection. `offset` in bytes; negative: from the end. `whole`: nothing may be skipped. */
  follow(file: OutputFile, offset: number, signal: AbortSignal, whole: boolean): AsyncIterable<LogEvent>;
  /** Agent and path of a file; rejects where there is none. */
  place(file: OutputFile, signal: AbortSignal): Promise<string>;
  taskRun(signal: AbortSignal): Promise<TaskRun>;
}

export interface TryLogOptions {
  readonly source: TrySource;
  readonly view: LogView;
  /** Characters that are kept, in the main. */
  readonly most: number;
  /** Milliseconds until a broken connection is tried again. */
  readonly againMs: number;
}

/** How many bytes before its end a log is opened at. */
export const firstBytes = 512 * 1024;

/** Airflow's own log has the same as standard output. */
const allFiles: readonly OutputFile[] = ['stdout', 'stderr'];

interface NamedFile {
  readonly name: OutputFile;
  readonly log: FollowedFile;
}

/** What one try of a task wrote, as far as a view shows it. */
export class TryLog extends Disposing {
  readonly #options: TryLogOptions;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #filtering = new Filtering();
  #files: readonly NamedFile[] = [];
  #place: string | undefined;
  #isPlaceKnown = false;
  #isPlaceAsked = false;
  #isFollowed = false;

  constructor(options: TryLogOptions) {
    super();
    this.#options = options;
    const { file, filter } = options.view;
    this.#filtering.set(filter);
    this.#read(file === 'all' ? allFiles : [file]);
    this.register({ dispose: () => this.#files.forEach(({ log }) => log.dispose()) });
  }

  /** The rows that pass the filter. */
  get rows(): readonly ShownRow[] {
    const [first, ...others] = this.#files;
    if (!first) return [];
    if (others.length > 0) return this.#mergedRows();
    const { rows, epoch, pending } = first.log.window;
    return this.#filtering.pass(rows, epoch, pending).map((row) => ({ text: row.text, row }));
  }

  /** What the filter has to say. */
  get filtered(): string | undefined {
    return this.#filtering.words;
  }

  /** Agent and path, once they are known. */
  get place(): string | undefined {
    return this.#place;
  }

  /** Where it is was found, or could not be. */
  get isPlaceAsked(): boolean {
    return this.#isPlaceAsked;
  }

  get isEmpty(): boolean {
    return this.#files.every(({ log }) => log.isEmpty);
  }

  /** Something was read, or that there is nothing. */
  get isKnown(): boolean {
    return this.#files.every(({ log }) => log.isKnown);
  }

  get hasEnded(): boolean {
    return this.#files.every(({ log }) => log.hasEnded);
  }

  get trouble(): string | undefined {
    return this.#files.find(({ log }) => log.trouble !== undefined)?.log.trouble;
  }

  /** Bytes before what is shown. */
  get before(): number {
    return this.#files.reduce((sum, { log }) => sum + log.window.from, 0);
  }

  get hasEarlier(): boolean {
    return this.#files.some(({ log }) => log.window.hasEarlier);
  }

  /** Bytes behind what is shown, where a person reads within the log. */
  get behind(): number {
    return this.#files.reduce((sum, { log }) => {
      return log.end === 'reading' ? sum + log.size - log.window.next : sum;
    }, 0);
  }

  get isReading(): boolean {
    return this.#files.some(({ log }) => log.end === 'reading');
  }

  /** More was written than there is room for while the beginning is looked at. */
  get isFull(): boolean {
    return this.#files.some(({ log }) => log.end === 'full');
  }

  /** Bytes of the file, of several of the largest. */
  get size(): number {
    return Math.max(...this.#files.map(({ log }) => log.size));
  }

  setFilter(filter: LogView['filter']): void {
    this.#filtering.set(filter);
    this.#changed.fire();
  }

  follow(): void {
    this.#isFollowed = true;
    for (const { log } of this.#files) log.follow();
  }

  pause(): void {
    this.#isFollowed = false;
    for (const { log } of this.#files) log.pause();
  }

  setAtEnd(isAtEnd: boolean): void {
    for (const { log } of this.#files) log.setAtEnd(isAtEnd);
  }

  /** Lets go of all but the last so many characters of each file. */
  cut(characters: number): void {
    for (const { log } of this.#files) log.cut(characters);
  }

  /** False: there is nothing earlier. */
  async loadEarlier(): Promise<boolean> {
    const loaded = await Promise.all(this.#files.map(({ log }) => log.loadEarlier()));
    return loaded.includes(true);
  }

  /** Finds out where it is, where that is not known. */
  async findPlace(signal: AbortSignal): Promise<void> {
    const [file] = this.#files;
    if (this.#isPlaceKnown || !file) return;
    try {
      this.#place = await this.#options.source.place(file.name, signal);
      this.#isPlaceKnown = true;
    } catch {
      // A sandbox that is gone has none, and a service that is away is asked again.
    }
    if (signal.aborted) return;
    this.#isPlaceAsked = true;
    this.#changed.fire();
  }

  /** A task that could not even begin says why on standard error alone. True where it is read from now on. */
  turnToErrors(): boolean {
    const [file, ...others] = this.#files;
    if (others.length > 0 || file?.name !== 'stdout' || !file.log.hasEnded || !file.log.isEmpty) return false;
    file.log.dispose();
    this.#isPlaceKnown = false;
    this.#read(['stderr']);
    if (this.#isFollowed) this.follow();
    return true;
  }

  #read(names: readonly OutputFile[]): void {
    const { source, view, most, againMs } = this.#options;
    this.#files = names.map((name) => {
      const log = new FollowedFile({
        follow: (offset, signal, whole) => this.#events(source.follow(name, offset, signal, whole)),
        most: most / names.length,
        first: firstBytes / names.length,
        from: view.from,
        format: name === 'airflow' && view.raw !== true ? 'airflow' : 'text',
        againMs,
      });
      log.onDidChange(() => this.#changed.fire());
      return { name, log };
    });
  }

  async *#events(events: AsyncIterable<LogEvent>): AsyncGenerator<LogEvent> {
    for await (const event of events) {
      // Another launch may be on another agent.
      if (event.type === 'note') this.#isPlaceKnown = false;
      yield event;
    }
  }

  #mergedRows(): ShownRow[] {
    const merge = new Merge();
    for (const { name, log } of this.#files) {
      merge.push(name, log.rows);
      merge.setQuiet(name, true);
    }
    const merged = merge.take();
    const names = new Map<LogRow, string>(merged.map(({ source, row }) => [row, source]));
    const width = Math.max(...this.#files.map(({ name }) => name.length));
    return this.#filtering.pass(merged.map(({ row }) => row)).map((row) => {
      const before = `${(names.get(row) ?? '').padEnd(width)} │ `;
      return { text: before + row.text, row, indent: before.length };
    });
  }
}
