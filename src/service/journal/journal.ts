import type { ClusterEvent, TaskRun } from '../../api/people.ts';
import { isViewTopic, type Topic, type ViewTopic } from '../../api/topics.ts';
import { Encoder } from '../../journal/encoder.ts';
import type { Json } from '../../journal/delta.ts';
import { taskKey, taskOfKey, taskPrefix } from '../../journal/lines.ts';
import type { SegmentWriter } from '../../journal/writer.ts';
import type { WholeTopic } from '../subscriptions.ts';

/** What the journal writes down: as it is now. */
export interface JournalSource {
  present(topic: WholeTopic): readonly ClusterEvent[];
  /** Undefined where it is gone. */
  task(id: string): TaskRun | undefined;
  /** The newest. */
  tasks(): readonly TaskRun[];
}

export interface JournalOptions {
  readonly source: JournalSource;
  readonly writer: SegmentWriter;
  /** What each segment says of itself. */
  readonly program: string;
  readonly cluster: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Task runs and the cluster are written so soon after a change, and not more often. Milliseconds. */
const soonMs = 250;
/** Lists and pages, which are larger. Milliseconds. */
const seldomMs = 1000;

const views: readonly Exclude<ViewTopic, 'tasks'>[] = ['cluster', 'agents', 'frameworks', 'offers'];

/**
 * Writes down what the service tells of the cluster, so that it can be seen again: all views, and the pages that somebody
 * looks at. Nothing is asked for its sake, and nothing is written while nothing changes.
 */
export class Journal {
  readonly #source: JournalSource;
  readonly #writer: SegmentWriter;
  readonly #header: { readonly program: string; readonly cluster: string };
  readonly #now: () => number;
  readonly #encoder = new Encoder();
  /** What changed, and when it is to be written. */
  readonly #due = new Map<string, number>();
  readonly #wroteAt = new Map<string, number>();
  /** The pages that somebody looks at. */
  #pages: ReadonlySet<WholeTopic> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ source, writer, program, cluster, now = Date.now }: JournalOptions) {
    this.#source = source;
    this.#writer = writer;
    this.#header = { program, cluster };
    this.#now = now;
  }

  changed(topic: WholeTopic): void {
    if (!isViewTopic(topic) && !this.#pages.has(topic)) return;
    this.#mark(topic, topic === 'cluster' ? soonMs : seldomMs);
  }

  taskChanged(id: string): void {
    this.#mark(taskKey(id), soonMs);
  }

  /** What somebody looks at from now on; of other pages nothing more is known. */
  wanted(topics: ReadonlySet<Topic>): void {
    const pages = [...topics].filter((topic): topic is WholeTopic => !isViewTopic(topic));
    const before = this.#pages;
    this.#pages = new Set(pages);
    for (const page of before) if (!this.#pages.has(page)) this.#mark(page, soonMs);
    // Its value may be known already, for another's sake.
    for (const page of pages) if (!before.has(page)) this.#mark(page, seldomMs);
  }

  /** Resolves when all is written that is known. */
  async flush(): Promise<void> {
    this.#write(Infinity);
    await this.#writer.written();
  }

  async close(): Promise<void> {
    this.#write(Infinity);
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writer.close();
  }

  #mark(key: string, everyMs: number): void {
    if (this.#closed || this.#writer.failed || this.#due.has(key)) return;
    const now = this.#now();
    this.#due.set(key, Math.max(now + soonMs, (this.#wroteAt.get(key) ?? -Infinity) + everyMs));
    this.#timer ??= setTimeout(() => this.#write(this.#now()), soonMs);
  }

  #write(until: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed || this.#writer.failed) return;
    const now = this.#now();
    if (this.#due.size > 0 && this.#writer.isFull(now)) {
      this.#begin();
      return;
    }
    let text = '';
    for (const [key, due] of this.#due) {
      if (due > until) continue;
      this.#due.delete(key);
      text += this.#lineOf(key, now);
    }
    this.#writer.append(text);
    if (this.#due.size > 0) this.#timer = setTimeout(() => this.#write(this.#now()), soonMs);
  }

  #lineOf(key: string, now: number): string {
    const task = taskOfKey(key);
    if (task === undefined) {
      this.#wroteAt.set(key, now);
      const value = this.#valueOf(key as WholeTopic);
      return value === undefined ? this.#encoder.drop(now, key) : this.#encoder.set(now, key, value);
    }
    const run = this.#source.task(task);
    if (!run) return this.#encoder.drop(now, key);
    const text = this.#encoder.set(now, key, asJson(run));
    // What has ended hardly changes again, and there may be very many of them.
    if (run.ended !== null && run.airflow_state !== null) this.#encoder.forget(key);
    return text;
  }

  /** Undefined where it is not known: a page that nobody looks at, or that did not come yet. */
  #valueOf(topic: WholeTopic): Json | undefined {
    if (!isViewTopic(topic) && !this.#pages.has(topic)) {
      this.#wroteAt.delete(topic);
      return undefined;
    }
    const events = this.#source.present(topic);
    return events.length === 0 ? undefined : asJson(events);
  }

  #begin(): void {
    const now = this.#now();
    this.#due.clear();
    const values = new Map<string, Json>();
    for (const topic of [...views, ...this.#pages]) {
      const value = this.#valueOf(topic);
      if (value !== undefined) values.set(topic, value);
    }
    for (const run of this.#source.tasks()) values.set(taskKey(run.id), asJson(run));
    const header = this.#encoder.header({ ...this.#header, at: now });
    this.#writer.begin(header + this.#encoder.all(now, values), now);
    for (const key of values.keys()) {
      if (key.startsWith(taskPrefix)) continue;
      this.#wroteAt.set(key, now);
    }
  }
}

/** Views are made of what JSON can hold. */
function asJson(value: unknown): Json {
  return value as Json;
}
