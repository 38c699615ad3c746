import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskRun } from '../../api/people.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { bytes, clock } from '../format.ts';
import { Throttle } from '../throttle.ts';
import type { Followed, LogMoving, ShownRow } from './followed.ts';
import { outcomeOf, waitingFor } from './outcome.ts';
import { saying, type Offer } from './saying.ts';
import { TryLog, type TrySource } from './tryLog.ts';
import { logFiles, usualView, type LogView } from './view.ts';

/** That a task will be tried again: how often it may be in all, and when the next try begins, where that is known. */
export interface RetryPlan {
  readonly tries: number;
  readonly at: number | null;
}

/** Where the logs of a task's tries come from. All reject while the service doesn't answer. */
export interface TaskLogSource {
  /** `id`: of a task run. */
  tryOf(id: string): TrySource;
  /** The same task's next try, once there is one. */
  nextTry(run: TaskRun, signal: AbortSignal): Promise<TaskRun | undefined>;
  /** Undefined where it is not to be tried again, or where that is not known. */
  retryPlan(run: TaskRun, signal: AbortSignal): Promise<RetryPlan | undefined>;
}

export interface TaskLogOptions {
  readonly source: TaskLogSource;
  /** The task run's id. */
  readonly id: string;
  /** Characters that are shown of a file, in the main. */
  readonly most: number;
  /** Milliseconds until a broken connection is tried again. */
  readonly againMs?: number;
  /** Between looks for what is to be said of the log. */
  readonly lookMs?: number;
}

/** A document changes at most four times a second. */
const showMs = 250;
/** How often Airflow's word for a task that has ended is asked for until it has one. */
const outcomeTries = 5;
/** Of earlier tries so much stays before a later one, in characters, and so many of them. */
const earlierCharacters = 256 * 1024;
const mostTries = 5;

/** A try in the document. */
interface ShownTry {
  readonly log: TryLog;
  readonly source: TrySource;
  /** Undefined of the first until it was asked for. */
  run: TaskRun | undefined;
  /** How often Airflow was asked how it ended. */
  asked: number;
  isOver: boolean;
}

/** The log of one task run, and of the tries behind it where the view follows them. */
export class TaskLog extends Disposing implements Followed, LogMoving {
  readonly #options: Required<TaskLogOptions>;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly files = logFiles;
  readonly moving = this;
  #view: LogView = usualView;
  #tries: ShownTry[] = [];
  /** The run behind the last one shown. */
  #next: TaskRun | undefined;
  #plan: RetryPlan | undefined;
  /** What was shown before another view was asked for, until that is there. */
  #held: readonly ShownRow[] | undefined;
  #isFollowed = false;
  #isAtEnd = true;
  #looking: AbortController | undefined;
  #nudge = new AbortController();
  #standing = '';

  constructor(options: TaskLogOptions) {
    super();
    this.#options = { againMs: 2000, lookMs: 1000, ...options };
    this.#add(options.id, undefined);
    this.register({ dispose: () => this.#tries.forEach(({ log }) => log.dispose()) });
    this.register({ dispose: () => this.pause() });
  }

  get view(): LogView {
    return this.#view;
  }

  get size(): number {
    return this.#last?.log.size ?? 0;
  }

  get growsAtEnd(): boolean {
    return !this.#tries.some(({ log }) => log.isReading);
  }

  get rows(): readonly ShownRow[] {
    const [shown] = this.#tries;
    if (this.#held && shown && !shown.log.isPlaceAsked && shown.log.trouble === undefined) return this.#held;
    this.#held = undefined;
    const body = this.#tries.flatMap((shown, index) => {
      const { rows } = shown.log;
      return index === 0 ? rows : [this.#beginning(shown), ...rows];
    });
    const first = this.#tries[0]?.log.isPlaceAsked === true ? this.#firstRow() : undefined;
    const last = this.#lastRow();
    return [...(first ? [first] : []), ...body, ...(last ? [last] : [])];
  }

  setView(view: LogView): void {
    const before = this.#view;
    this.#view = view;
    const isOther = view.file !== before.file || view.raw !== before.raw || view.from !== before.from;
    if (isOther) this.#beginAnew();
    else for (const { log } of this.#tries) log.setFilter(view.filter);
    if (view.followsRetries !== before.followsRetries) this.#nudgeOn();
    this.#changed.fire();
  }

  follow(): void {
    this.#isFollowed = true;
    for (const { log } of this.#tries) log.follow();
    if (this.#looking || this.disposed) return;
    this.#looking = new AbortController();
    void this.#lookAround(this.#looking.signal);
  }

  pause(): void {
    this.#isFollowed = false;
    this.#looking?.abort();
    this.#looking = undefined;
    for (const { log } of this.#tries) log.pause();
  }

  setAtEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    for (const { log } of this.#tries) log.setAtEnd(isAtEnd);
  }

  async loadEarlier(): Promise<boolean> {
    const isLoaded = (await this.#tries[0]?.log.loadEarlier()) ?? false;
    this.#changed.fire();
    return isLoaded;
  }

  get #last(): ShownTry | undefined {
    return this.#tries.at(-1);
  }

  /** With another file, or from another place: the tries that were shown are not read again one by one. */
  #beginAnew(): void {
    const wasFollowed = this.#isFollowed;
    this.#held = this.rows;
    this.pause();
    for (const { log } of this.#tries.splice(0)) log.dispose();
    this.#next = undefined;
    this.#standing = '';
    this.#isAtEnd = this.#view.from === undefined;
    this.#add(this.#options.id, undefined);
    if (wasFollowed) this.follow();
  }

  #add(id: string, run: TaskRun | undefined): void {
    const { source, most, againMs } = this.#options;
    const tried = source.tryOf(id);
    const { from, ...others } = this.#view;
    // A place is one in the first try's file.
    const view = this.#tries.length === 0 && from !== undefined ? { ...others, from } : others;
    const log = new TryLog({ source: tried, view, most, againMs });
    this.#tries.push({ log, source: tried, run, asked: 0, isOver: false });
    log.setAtEnd(this.#isAtEnd);
    log.onDidChange(() => {
      if (this.#last?.log === log) this.#noteStanding(log);
      // Before it is known where it is from there is nothing to be seen yet.
      if (log.isPlaceAsked || log.trouble !== undefined) this.#show.poke();
    });
    if (this.#isFollowed) log.follow();
  }

  #noteStanding({ isKnown, isEmpty, hasEnded }: TryLog): void {
    const standing = `${isKnown} ${isEmpty} ${hasEnded}`;
    if (standing !== this.#standing) this.#nudgeOn();
    this.#standing = standing;
  }

  #nudgeOn(): void {
    this.#nudge.abort();
  }

  #firstRow(): ShownRow {
    const [first] = this.#tries;
    if (!first) return saying([]);
    const { log } = first;
    const parts = [log.place ?? l10n.t('no sandbox')];
    const offers: Offer[] = [];
    if (log.before > 0) parts.push(l10n.t('the first {0} are not shown', bytes(log.before)));
    const filtered = this.#last?.log.filtered;
    if (filtered !== undefined) parts.push(filtered);
    if (log.hasEarlier) offers.push({ text: l10n.t('Load Earlier'), command: 'loadEarlierLog' });
    return saying(parts, offers);
  }

  /** What stands before a later try. */
  #beginning({ run, log }: ShownTry): ShownRow {
    const number = run?.key.try_number ?? 0;
    const at = clock(run?.launched ?? run?.queued ?? 0, Date.now());
    const tries = this.#plan?.tries ?? 0;
    const begins =
      tries >= number
        ? l10n.t('try {0} of {1} begins at {2}', number, tries, at)
        : l10n.t('try {0} begins at {1}', number, at);
    return saying(log.place === undefined ? [begins] : [begins, log.place]);
  }

  #lastRow(): ShownRow | undefined {
    const last = this.#last;
    if (!last) return undefined;
    const { log, run } = last;
    const end: Offer = { text: l10n.t('Go to End'), command: 'goToLogEnd' };
    if (log.trouble !== undefined) return saying([l10n.t('{0}; trying again', log.trouble)]);
    if (log.isReading) return saying([l10n.t('{0} more follow', bytes(log.behind))], [end]);
    if (log.isFull) return saying([l10n.t('more was written since you scrolled up')], [end]);
    if (!run) return undefined;
    if (!log.hasEnded) return log.isKnown && log.isEmpty ? saying([waitingFor(run)]) : undefined;
    // It was asked for before the end.
    if (run.ended === null && !last.isOver) return undefined;
    const next = this.#nextWords();
    const offers: Offer[] = [];
    if (next !== undefined && this.#view.followsRetries !== true) {
      offers.push({ text: l10n.t('Follow Next Try'), command: 'followNextTry' });
    }
    return saying([outcomeOf(run, Date.now()), ...(next === undefined ? [] : [next])], offers);
  }

  #nextWords(): string | undefined {
    if (this.#next) return l10n.t('there is try {0}', this.#next.key.try_number);
    const number = (this.#last?.run?.key.try_number ?? 0) + 1;
    if (!this.#plan || this.#plan.tries < number) return undefined;
    const { tries, at } = this.#plan;
    if (at === null) return l10n.t('try {0} of {1} follows', number, tries);
    return l10n.t('try {0} of {1} at {2}', number, tries, clock(at, Date.now()));
  }

  async #lookAround(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      this.#nudge = new AbortController();
      const either = AbortSignal.any([signal, this.#nudge.signal]);
      let isOver = false;
      try {
        isOver = await this.#look(signal);
      } catch {
        // Who reads the log says that the service does not answer.
      }
      if (stopped()) return;
      // Nothing is to be expected any more; a nudge may still come, from a person.
      const pause = isOver ? 2_147_483_647 : this.#options.lookMs;
      // Rejects only where it is aborted, which ends the pause as well.
      await delay(pause, undefined, { signal: either }).catch(() => undefined);
    }
  }

  /** True where nothing is to be expected any more. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const last = this.#last;
    const stopped = (): boolean => signal.aborted;
    if (!last?.log.isKnown) return false;
    const { log, source } = last;
    await log.findPlace(signal);
    if (stopped()) return false;
    if (log.turnToErrors()) return false;
    if (!log.hasEnded && !log.isEmpty) return false;
    if (!last.isOver) {
      const standing = this.#standing;
      const run = await source.taskRun(signal);
      if (stopped() || standing !== this.#standing) return false;
      if (!this.#know(last, run)) return false;
    }
    return this.#lookBehind(last, signal);
  }

  /** Whether nothing of it will change any more. */
  #know(shown: ShownTry, run: TaskRun): boolean {
    const said = this.#lastRow()?.text;
    shown.run = run;
    if (shown.log.hasEnded) {
      shown.asked += 1;
      const isVague = run.state === 'finished' && run.airflow_state === null;
      shown.isOver = !isVague || shown.asked >= outcomeTries;
    }
    if (this.#lastRow()?.text !== said) this.#show.poke();
    return shown.isOver;
  }

  /** Looks for the next try where there may be one, and goes on with it where that is wanted. */
  async #lookBehind({ run, log }: ShownTry, signal: AbortSignal): Promise<boolean> {
    if (!run || run.airflow_state === 'success') return true;
    const { source } = this.#options;
    const said = this.#lastRow()?.text;
    const isRetried = run.airflow_state === 'up_for_retry';
    this.#next ??= await source.nextTry(run, signal);
    // How many tries there may be is told only while it waits for the next.
    if (isRetried && !this.#next) this.#plan = (await source.retryPlan(run, signal)) ?? this.#plan;
    if (signal.aborted) return false;
    if (this.#lastRow()?.text !== said) this.#show.poke();
    const follows = this.#view.followsRetries === true;
    if (!this.#next) return !isRetried && !follows;
    if (!follows || !this.growsAtEnd) return true;
    if (this.#isAtEnd) log.cut(earlierCharacters);
    const next = this.#next;
    this.#next = undefined;
    this.#standing = '';
    this.#add(next.id, next);
    for (const { log: oldest } of this.#tries.splice(0, this.#tries.length - mostTries)) oldest.dispose();
    this.#changed.fire();
    return false;
  }
}
