import { EventEmitter } from 'node:events';
import { AirflowUnreachableError } from '../../airflow/http.ts';
import type { ClusterEvent } from '../../api/people.ts';
import type { PageTopic } from '../../api/topics.ts';
import { messageOf } from '../../host/errors.ts';
import type { Logger } from '../log.ts';
import type { AirflowPage, PageAnswer } from './dagPages.ts';
import { explained } from './problems.ts';

export type AskPage = (page: AirflowPage, signal: AbortSignal) => Promise<PageAnswer>;

/** Which run a change belongs to; without a run id any of the DAG, without a DAG any at all. */
export interface Changed {
  readonly dag_id?: string;
  readonly run_id?: string;
}

/** A page where something runs is asked for so often; what Mesos does not see (a run's own end) shows by it. Milliseconds. */
const runningMs = 1500;
/** And so often where nothing runs. DAGs and import errors follow files that are saved, of which nobody tells. */
const idleMs: Readonly<Record<AirflowPage['kind'], number>> = { dags: 2000, runs: 5000, run: 10_000 };
/** And DAGs after a file was saved: so often, for so long. Airflow looks at its files each second, and reads one in about another. */
const savedMs = 500;
const afterSaveMs = 10_000;
/** However many changes there are, a page is not asked for more often than this. */
const soonestMs = 500;
/** A page that takes long is asked for more seldom: a quarter of the time at most goes into one. */
const restPerPage = 4;
/** Between two questions as long as the first took, so that Airflow's own work goes on; not longer than this. */
const longestRestMs = 2000;
const firstAwayMs = 1000;
const longestAwayMs = 15_000;

interface Held {
  readonly topic: PageTopic;
  readonly page: AirflowPage;
  asked: number;
  due: number;
  failures: number;
  value: ClusterEvent | undefined;
  /** Undefined until something was wrong. */
  problem: Extract<ClusterEvent, { type: 'problem' }> | undefined;
}

/**
 * Keeps the pages that somebody looks at as Airflow has them. Airflow tells nobody of changes, so that it is asked: one
 * request at a time, at once after a change that the framework saw, else by the clock; `page` tells what came out new.
 */
export class AirflowWatch extends EventEmitter<{ page: [PageTopic] }> {
  readonly #ask: AskPage;
  readonly #log: Logger;
  readonly #held = new Map<PageTopic, Held>();
  #asking: { readonly held: Held; readonly abort: AbortController } | undefined;
  /** No question before this. */
  #restUntil = 0;
  #savedUntil = -Infinity;
  /** How often in a row nobody answered. */
  #away = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ask: AskPage, log: Logger) {
    super();
    this.#ask = ask;
    this.#log = log;
  }

  /** All that somebody looks at now; the rest is forgotten. */
  want(pages: ReadonlyMap<PageTopic, AirflowPage>): void {
    for (const topic of this.#held.keys()) if (!pages.has(topic)) this.#held.delete(topic);
    for (const [topic, page] of pages) {
      if (this.#held.has(topic)) continue;
      const never = { asked: -Infinity, due: -Infinity, failures: 0, value: undefined, problem: undefined };
      this.#held.set(topic, { topic, page, ...never });
    }
    const { held, abort } = this.#asking ?? {};
    if (held && this.#held.get(held.topic) !== held) abort?.abort();
    this.#schedule();
  }

  /** What is known of a page: nothing before the first answer. */
  of(topic: PageTopic): ClusterEvent[] {
    const { value, problem } = this.#held.get(topic) ?? {};
    return [value, problem].filter((event) => event !== undefined);
  }

  /** Something changed that pages will show: they are asked for soon. */
  nudge(changed: Changed = {}): void {
    const now = performance.now();
    for (const held of this.#held.values()) {
      if (concerns(changed, held.page)) held.due = Math.min(held.due, Math.max(now, held.asked + soonestMs));
    }
    this.#schedule();
  }

  /** A DAG file was saved: what Airflow makes of it shows soon, and is looked for more often until then. */
  dagFileSaved(): void {
    this.#savedUntil = performance.now() + afterSaveMs;
    for (const held of this.#held.values()) {
      if (held.page.kind === 'dags') held.due = Math.min(held.due, performance.now() + savedMs);
    }
    this.#schedule();
  }

  /** Airflow may be there again: all is asked for now, however long it was to be left alone. */
  lookAgain(): void {
    this.#away = 0;
    this.#restUntil = 0;
    for (const held of this.#held.values()) held.failures = 0;
    this.nudge();
  }

  stop(): void {
    this.want(new Map());
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#asking) return;
    let next: Held | undefined;
    for (const held of this.#held.values()) if (!next || held.due < next.due) next = held;
    if (!next) return;
    const held = next;
    const ms = Math.max(next.due, this.#restUntil, 0) - performance.now();
    this.#timer = setTimeout(() => void this.#look(held), Math.max(0, ms));
  }

  async #look(held: Held): Promise<void> {
    const abort = new AbortController();
    this.#asking = { held, abort };
    const begun = performance.now();
    held.asked = begun;
    // A change from now on makes it due again.
    held.due = Infinity;
    try {
      const answer = await this.#ask(held.page, abort.signal);
      if (!abort.signal.aborted) this.#took(held, answer, performance.now() - begun);
    } catch (error) {
      if (!abort.signal.aborted) this.#failed(held, error);
    } finally {
      this.#asking = undefined;
      this.#schedule();
    }
  }

  #took(held: Held, { event, isRunning }: PageAnswer, tookMs: number): void {
    const now = performance.now();
    const isExpected = held.page.kind === 'dags' && now < this.#savedUntil;
    const usual = isRunning ? runningMs : idleMs[held.page.kind];
    const pause = Math.max(isExpected ? savedMs : usual, restPerPage * tookMs);
    held.due = Math.min(held.due, now + pause);
    this.#restUntil = now + Math.min(tookMs, longestRestMs);
    this.#away = 0;
    held.failures = 0;
    const isNew = !isSame(held.value, event);
    if (isNew) held.value = event;
    const isSolved = held.problem !== undefined && held.problem.problem !== null;
    if (isSolved) held.problem = problemEvent(held.topic, null, false);
    if (isNew || isSolved) this.emit('page', held.topic);
  }

  #failed(held: Held, error: unknown): void {
    this.#log.debug(`Airflow was asked for ${held.topic}: ${messageOf(error)}`);
    const { status, problem } = explained(error);
    const now = performance.now();
    if (error instanceof AirflowUnreachableError) {
      // It answers nobody: one question after the pause will show when it is back.
      this.#restUntil = now + pauseAfter(this.#away);
      this.#away += 1;
      held.due = now;
      for (const one of this.#held.values()) this.#mark(one, problemEvent(one.topic, problem, false));
      return;
    }
    const isGone = status === 404;
    if (isGone) held.value = undefined;
    held.due = now + (isGone ? idleMs[held.page.kind] : pauseAfter(held.failures));
    held.failures += 1;
    this.#mark(held, problemEvent(held.topic, problem, isGone));
  }

  #mark(held: Held, problem: NonNullable<Held['problem']>): void {
    if (isSame(held.problem, problem)) return;
    held.problem = problem;
    this.emit('page', held.topic);
  }
}

function concerns(changed: Changed, page: AirflowPage): boolean {
  if (page.kind === 'dags' || changed.dag_id === undefined) return true;
  if (page.dag_id !== changed.dag_id) return false;
  return page.kind === 'runs' || changed.run_id === undefined || page.run_id === changed.run_id;
}

function pauseAfter(failures: number): number {
  return Math.min(longestAwayMs, firstAwayMs * 2 ** failures);
}

function problemEvent(
  topic: PageTopic,
  problem: Extract<ClusterEvent, { type: 'problem' }>['problem'],
  gone: boolean,
): Extract<ClusterEvent, { type: 'problem' }> {
  return { type: 'problem', topic, problem, gone };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
