import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import type { LogEvent } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { Merge } from '../../logtext/merge.ts';
import type { LogRow } from '../../logtext/row.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { counted } from '../format.ts';
import { Filtering } from '../logs/filtering.ts';
import type { Followed, ShownRow } from '../logs/followed.ts';
import { usualView, type LogView } from '../logs/view.ts';
import { Throttle } from '../throttle.ts';
import { lookOfState, taskName } from '../tree/states.ts';
import { FollowedFile } from '../logs/followedFile.ts';
import { nameBefore, separator } from './names.ts';

/** Where the logs of a DAG's run come from. All reject while the service doesn't answer. */
export interface RunLogSource {
  /** Its task runs, in any order. */
  tasks(signal: AbortSignal): Promise<readonly TaskRun[]>;
  /** The run's state by Airflow's word. */
  state(signal: AbortSignal): Promise<string>;
  /** A file of a launch, by its id on Mesos; from one connection. */
  follow(task: string, file: string, offset: number, signal: AbortSignal): AsyncIterable<LogEvent>;
}

export interface RunLogOptions {
  readonly source: RunLogSource;
  /** Its first line: which run it is. */
  readonly title: string;
  /** Characters that are shown, in the main. */
  readonly most: number;
  /** The newest so many launches are shown. */
  readonly mostLogs?: number;
  /** Milliseconds between looks for further tasks. */
  readonly lookMs?: number;
}

/** What each log may have at least, in characters: less says nothing. */
const leastOfEach = 32 * 1024;
/** A document changes at most four times a second. */
const showMs = 250;

interface TaskLog {
  readonly name: string;
  readonly log: FollowedFile;
}

/** The logs of all tasks of a DAG's run, merged by time, each line behind the name of its task; followed until the run is over. */
export class RunLog extends Disposing implements Followed {
  readonly #options: Required<RunLogOptions>;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  /** Resolves once there is something to be seen, or that nothing is can be said. */
  readonly ready: Promise<void>;
  readonly files = [];
  readonly growsAtEnd = true;
  #isAtEnd = true;
  #isReady: () => void = () => undefined;
  readonly #logs = new Map<string, TaskLog>();
  #leftOut = 0;
  #waiting: readonly TaskRun[] = [];
  #state: string | undefined;
  #trouble: string | undefined;
  #isOver = false;
  #looking: AbortController | undefined;
  #view = usualView;
  readonly #filtering = new Filtering();
  /** Rows as they were merged last, until something changes. */
  #merged: readonly { readonly row: LogRow; readonly of: TaskLog }[] | undefined;

  constructor(options: RunLogOptions) {
    super();
    this.#options = { mostLogs: 100, lookMs: 2000, ...options };
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
    this.register({ dispose: () => this.pause() });
    this.register({ dispose: () => this.#logs.forEach(({ log }) => log.dispose()) });
  }

  get view(): LogView {
    return this.#view;
  }

  setView(view: LogView): void {
    this.#view = view;
    this.#filtering.set(view.filter);
    this.#changed.fire();
  }

  follow(): void {
    for (const { log } of this.#logs.values()) log.follow();
    if (this.#looking || this.#isOver || this.disposed) return;
    this.#looking = new AbortController();
    void this.#look(this.#looking.signal);
  }

  pause(): void {
    for (const { log } of this.#logs.values()) log.pause();
    this.#looking?.abort();
    this.#looking = undefined;
  }

  setAtEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    for (const { log } of this.#logs.values()) log.setAtEnd(isAtEnd);
  }

  get rows(): readonly ShownRow[] {
    this.#merged ??= this.#merge();
    const merged = this.#merged;
    const shown = new Set(this.#filtering.pass(merged.map(({ row }) => row)));
    const width = Math.max(0, ...[...this.#logs.values()].map(({ name }) => name.length));
    const body = merged
      .filter(({ row }) => shown.has(row))
      .map(({ row, of }) => {
        const before = of.name.padEnd(width) + separator;
        return { text: before + row.text, row, indent: before.length };
      });
    const last = this.#lastLine();
    return [{ text: this.#firstLine() }, ...body, ...(last === undefined ? [] : [{ text: last }])];
  }

  /** The newest rows of all logs, as many as there is room for. */
  #merge(): { row: LogRow; of: TaskLog }[] {
    const merge = new Merge();
    for (const [id, { log }] of this.#logs) {
      merge.push(id, log.rows);
      merge.setQuiet(id, true);
    }
    const all = merge.take();
    let from = all.length;
    // Nothing goes from the beginning while somebody looks at it.
    for (let room = this.#options.most * (this.#isAtEnd ? 1 : 2); from > 0; from -= 1) {
      room -= all[from - 1]?.row.text.length ?? 0;
      if (room < 0) break;
    }
    // An entry is shown whole or not at all.
    while (from > 0 && from < all.length && all[from]?.row.head === false) from += 1;
    return all.slice(from).flatMap(({ source, row }) => {
      const of = this.#logs.get(source);
      return of ? [{ row, of }] : [];
    });
  }

  #firstLine(): string {
    const parts = [this.#options.title, counted(this.#logs.size, l10n.t('try'), l10n.t('tries'))];
    if (this.#leftOut > 0) parts.push(l10n.t('{0} earlier ones are not shown', this.#leftOut));
    const isCut = [...this.#logs.values()].some(({ log }) => log.isCut);
    if (isCut || this.#shownLess) parts.push(l10n.t('the ends of the logs'));
    const filtered = this.#filtering.words;
    if (filtered !== undefined) parts.push(filtered);
    return `── ${parts.join(' · ')} ──`;
  }

  /** Rows that were read are not shown, because there are too many. */
  get #shownLess(): boolean {
    const read = [...this.#logs.values()].reduce((sum, { log }) => sum + log.rows.length, 0);
    return (this.#merged?.length ?? 0) < read;
  }

  #lastLine(): string | undefined {
    const trouble = this.#trouble ?? [...this.#logs.values()].find(({ log }) => log.trouble)?.log.trouble;
    if (trouble !== undefined) return `── ${l10n.t('{0}; trying again', trouble)} ──`;
    if (this.#isOver && this.#state !== undefined) {
      return `── ${l10n.t('the run has ended: {0}', lookOfState(this.#state).text)} ──`;
    }
    const [first] = this.#waiting;
    if (!first) return this.#logs.size === 0 ? `── ${l10n.t('waiting for output')} ──` : undefined;
    const waits = first.waits ?? l10n.t('waiting for an agent');
    const more = this.#waiting.length - 1;
    const others = more > 0 ? ` · ${l10n.t('{0} more wait', more)}` : '';
    return `── ${taskName(first)}: ${waits}${others} ──`;
  }

  /** What it says of the logs. */
  get #said(): string {
    return `${this.#firstLine()}${this.#lastLine() ?? ''}`;
  }

  /** Looks for further tasks until the run is over and all that they wrote was read. */
  async #look(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      const said = this.#said;
      try {
        await this.#step(signal);
        this.#trouble = undefined;
      } catch (error) {
        this.#trouble = sentences(explain(error)).replace(/\.$/, '');
        this.#isReady();
      }
      if (stopped()) return;
      if (this.#said !== said) this.#changed.fire();
      if (this.#isOver) {
        this.#looking = undefined;
        return;
      }
      // Rejects only where it is aborted, which ends the pause as well.
      await delay(this.#options.lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const { source, mostLogs } = this.#options;
    const runs = [...(await source.tasks(signal))].sort((a, b) => a.queued - b.queued);
    if (signal.aborted) return;
    const launched = runs.filter(({ mesos_task_id }) => mesos_task_id !== null);
    this.#waiting = runs.filter(({ mesos_task_id, ended }) => mesos_task_id === null && ended === null);
    const shown = launched.slice(-mostLogs);
    this.#leftOut = launched.length - shown.length;
    this.#keepOnly(new Set(shown.map(({ mesos_task_id }) => mesos_task_id ?? '')));
    const most = Math.max(leastOfEach, this.#options.most / Math.max(1, shown.length));
    for (const run of shown) {
      const { mesos_task_id: task } = run;
      if (task !== null && !this.#logs.has(task)) this.#add(run, task, most, 'stdout');
    }
    if (this.#logs.size === 0) this.#isReady();
    const isRead = [...this.#logs.values()].every(({ log }) => log.hasEnded);
    if (!isRead || runs.some(({ ended }) => ended === null)) return;
    this.#state = await source.state(signal);
    this.#isOver = /^(success|failed)$/.test(this.#state);
  }

  #keepOnly(tasks: ReadonlySet<string>): void {
    for (const [task, { log }] of [...this.#logs]) {
      if (tasks.has(task)) continue;
      log.dispose();
      this.#logs.delete(task);
      this.#merged = undefined;
    }
  }

  #add(run: TaskRun, task: string, most: number, file: 'stdout' | 'stderr'): void {
    const { source } = this.#options;
    const log = new FollowedFile({
      follow: (offset, signal) => source.follow(task, file, offset, signal),
      most,
    });
    log.setAtEnd(this.#isAtEnd);
    this.#logs.set(task, { name: nameBefore(run), log });
    log.onDidChange(() => {
      this.#merged = undefined;
      // A task that could not even begin says why on standard error alone.
      if (log.hasEnded && file === 'stdout' && log.rows.length === 0) {
        log.dispose();
        this.#add(run, task, most, 'stderr');
      }
      const isKnown = [...this.#logs.values()].every(
        (one) => one.log.isCaughtUp || one.log.trouble !== undefined,
      );
      if (isKnown) this.#isReady();
      this.#show.poke();
    });
    log.follow();
  }
}
