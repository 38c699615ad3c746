import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogEvent } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { bytes } from '../format.ts';
import { FollowedFile } from '../runLogs/followedFile.ts';
import { Throttle } from '../throttle.ts';
import type { Followed, ShownRow } from './followed.ts';
import { outcomeOf, waitingFor } from './outcome.ts';
import { usualView, type LogView } from './view.ts';

export type OutputFile = 'stdout' | 'stderr';

/** Where a task run's log comes from. All reject while the service doesn't answer. */
export interface LogSource {
  /** From one connection. `offset` in bytes; negative: from the end. */
  follow(file: OutputFile, offset: number, signal: AbortSignal): AsyncIterable<LogEvent>;
  /** Agent and path of the sandbox. */
  place(file: OutputFile, signal: AbortSignal): Promise<string>;
  taskRun(signal: AbortSignal): Promise<TaskRun>;
}

/** How many bytes before its end a log is opened at. */
export const firstBytes = 512 * 1024;
/** A document holds so much, in characters. */
const mostCharacters = 2 * 1024 * 1024;
/** A document changes at most four times a second. */
const showMs = 250;
/** Between looks for what is to be said of the log. */
const lookMs = 1000;
/** How often Airflow's word for a task that has ended is asked for until it has one. */
const outcomeTries = 5;

/** Follows the log of one task run, from near its end on, while it is told to. */
export class LogFollower extends Disposing implements Followed {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly files = [];
  view: LogView = usualView;
  readonly #source: LogSource;
  readonly #againMs: number;
  #file: OutputFile = 'stdout';
  #log: FollowedFile;
  #place: string | undefined;
  #isPlaceKnown = false;
  #isPlaceAsked = false;
  #last: string | undefined;
  #outcomesAsked = 0;
  #isOver = false;
  #looking: AbortController | undefined;
  #nudge = new AbortController();
  #standing = '';

  /** `againMs`: until a broken connection is tried again. */
  constructor(source: LogSource, againMs = 2000) {
    super();
    this.#source = source;
    this.#againMs = againMs;
    this.#log = this.#read('stdout');
    this.register({ dispose: () => this.#log.dispose() });
    this.register({ dispose: () => this.pause() });
  }

  get rows(): readonly ShownRow[] {
    const { rows, isCut, trouble } = this.#log;
    const lines: ShownRow[] = rows.map((row) => ({ text: row.text, row }));
    if (this.#place !== undefined) {
      const before = isCut ? (rows[0]?.offset ?? 0) : 0;
      const first =
        before > 0 ? l10n.t('{0} · the first {1} are not shown', this.#place, bytes(before)) : this.#place;
      lines.unshift({ text: `── ${first} ──` });
    }
    const last = trouble === undefined ? this.#last : l10n.t('{0}; trying again', trouble);
    if (last !== undefined) lines.push({ text: `── ${last} ──` });
    return lines;
  }

  setView(view: LogView): void {
    this.view = view;
  }

  setAtEnd(): void {
    // What is read is bounded anyway.
  }

  /** Reads on until `pause`, or the log's end. */
  follow(): void {
    if (this.#looking || this.#isOver || this.disposed) return;
    this.#looking = new AbortController();
    this.#log.follow();
    void this.#lookAround(this.#looking.signal);
  }

  pause(): void {
    this.#looking?.abort();
    this.#looking = undefined;
    this.#log.pause();
  }

  #read(file: OutputFile): FollowedFile {
    this.#file = file;
    const log = new FollowedFile({
      follow: (offset, signal) => this.#events(file, offset, signal),
      most: mostCharacters,
      first: firstBytes,
      againMs: this.#againMs,
    });
    log.onDidChange(() => {
      const standing = `${log.isKnown} ${log.isEmpty} ${log.hasEnded}`;
      if (standing !== this.#standing) this.#nudge.abort();
      this.#standing = standing;
      // Before it is known where it is from there is nothing to be seen yet.
      if (this.#isPlaceAsked || log.trouble !== undefined) this.#show.poke();
    });
    return log;
  }

  async *#events(file: OutputFile, offset: number, signal: AbortSignal): AsyncGenerator<LogEvent> {
    for await (const event of this.#source.follow(file, offset, signal)) {
      // Another launch may be on another agent.
      if (event.type === 'note') this.#isPlaceKnown = false;
      yield event;
    }
  }

  async #lookAround(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      this.#nudge = new AbortController();
      const either = AbortSignal.any([signal, this.#nudge.signal]);
      try {
        await this.#look(signal);
      } catch {
        // Who reads the log says that the service does not answer.
      }
      if (this.#isOver) return;
      // Rejects only where it is aborted, which ends the pause as well.
      await delay(lookMs, undefined, { signal: either }).catch(() => undefined);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const log = this.#log;
    if (!log.isKnown) return;
    if (!this.#isPlaceKnown) {
      await this.#findPlace(signal);
      if (signal.aborted) return;
      this.#show.poke();
    }
    if (log.hasEnded) await this.#end(signal);
    else if (!log.isEmpty) this.#say(undefined);
    else {
      const standing = this.#standing;
      const run = await this.#source.taskRun(signal);
      if (!signal.aborted && standing === this.#standing) this.#say(waitingFor(run));
    }
  }

  async #findPlace(signal: AbortSignal): Promise<void> {
    try {
      this.#place = await this.#source.place(this.#file, signal);
      this.#isPlaceKnown = true;
    } catch {
      // A sandbox that is gone has none, and a service that is away is asked again.
    }
    this.#isPlaceAsked = true;
  }

  async #end(signal: AbortSignal): Promise<void> {
    // A task that could not even begin says why on standard error alone.
    if (this.#file === 'stdout' && this.#log.isEmpty) {
      this.#log.dispose();
      this.#isPlaceKnown = false;
      this.#log = this.#read('stderr');
      this.#log.follow();
      return;
    }
    const run = await this.#source.taskRun(signal);
    if (signal.aborted) return;
    this.#say(outcomeOf(run, Date.now()));
    this.#outcomesAsked += 1;
    const isVague = run.state === 'finished' && run.airflow_state === null;
    this.#isOver = !isVague || this.#outcomesAsked >= outcomeTries;
  }

  #say(last: string | undefined): void {
    if (last === this.#last) return;
    this.#last = last;
    this.#show.poke();
  }
}
