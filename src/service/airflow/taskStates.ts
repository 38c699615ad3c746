import { setTimeout as delay } from 'node:timers/promises';
import type { AirflowClient } from '../../airflow/client.ts';
import type { TaskInstance } from '../../airflow/answers.ts';
import { debugDeployment, type TaskKey, type TaskRecord } from '../../framework/types.ts';
import { messageOf } from '../../host/errors.ts';
import type { Logger } from '../log.ts';

/** Airflow's states of a try that goes on: it is asked again. Of a killed process Airflow learns a moment later. */
const passing: ReadonlySet<string> = new Set(['scheduled', 'queued', 'running', 'restarting']);
/** A task run whose state Airflow has not settled after so many questions keeps the one that it had. */
const mostQuestions = 12;
const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** So many answers are kept: more than a snapshot shows. */
const mostKept = 5000;

/** Airflow's states of a task that failed though its process ended well on Mesos. */
const failures: ReadonlySet<string> = new Set(['failed', 'upstream_failed']);

interface Open {
  readonly task: TaskRecord;
  questions: number;
}

/** What Airflow says of task runs that are over on Mesos: asked in batches, a run of a DAG at a time. */
export class TaskStates {
  readonly #airflow: Pick<AirflowClient, 'taskInstancesOf'>;
  readonly #log: Logger;
  readonly #onState: (requestId: string) => void;
  readonly #known = new Map<string, string>();
  readonly #open = new Map<string, Open>();
  readonly #stop = new AbortController();
  readonly #since = Date.now();
  #asking = false;
  #failed = 0;

  constructor(
    airflow: Pick<AirflowClient, 'taskInstancesOf'>,
    log: Logger,
    onState: (requestId: string) => void,
  ) {
    this.#airflow = airflow;
    this.#log = log;
    this.#onState = onState;
  }

  of(requestId: string): string | null {
    return this.#known.get(requestId) ?? null;
  }

  /**
   * How many task runs that have ended since the service started failed by Airflow's word alone: Mesos calls them finished.
   */
  get failed(): number {
    return this.#failed;
  }

  /** To be told of each task run that is over; asks Airflow soon, unless the answer is known. */
  want(task: TaskRecord): void {
    // Of a debug copy Airflow knows nothing, only of what it is a copy of.
    if (task.deployment === debugDeployment) return;
    if (this.#known.has(task.id) || this.#open.has(task.id) || this.#stop.signal.aborted) return;
    this.#open.set(task.id, { task, questions: 0 });
    if (this.#asking) return;
    this.#asking = true;
    void this.#askAll().finally(() => {
      this.#asking = false;
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  async #askAll(): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = firstPauseMs;
    while (this.#open.size > 0) {
      // Others that end at the same time come along; and Airflow has a moment to write down what happened.
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      let learnt = false;
      for (const group of byRun([...this.#open.values()])) learnt = (await this.#askFor(group)) || learnt;
      pauseMs = learnt ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  async #askFor(group: readonly Open[]): Promise<boolean> {
    let instances: readonly TaskInstance[];
    try {
      instances = await this.#airflow.taskInstancesOf(
        group.map(({ task }) => task.key),
        this.#stop.signal,
      );
    } catch (error) {
      // Airflow is not up: the question stays open, and is not counted.
      this.#log.debug(`Airflow was asked for the states of ${group.length} task runs: ${messageOf(error)}`);
      return false;
    }
    const byKey = new Map(instances.map((instance) => [nameOf(instance), instance]));
    let learnt = false;
    for (const open of group) {
      open.questions += 1;
      const state = stateOf(open.task.key, byKey.get(nameOf(open.task.key)));
      const isLast = open.questions >= mostQuestions;
      if (!isLast && state !== null && passing.has(state)) continue;
      this.#open.delete(open.task.id);
      learnt = true;
      if (state !== null) this.#keep(open.task, state);
    }
    return learnt;
  }

  #keep({ id, state: onMesos, ended }: TaskRecord, state: string): void {
    const isNew = !this.#known.has(id) && (ended ?? 0) >= this.#since;
    if (isNew && onMesos === 'finished' && failures.has(state)) this.#failed += 1;
    this.#known.set(id, state);
    if (this.#known.size > mostKept) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#onState(id);
  }
}

/** Airflow tells the state of the newest try only: of an earlier one nothing, since it may have succeeded and been cleared. */
function stateOf(key: TaskKey, instance: TaskInstance | undefined): string | null {
  return instance?.try_number === key.try_number ? instance.state : null;
}

function nameOf(key: Pick<TaskKey, 'dag_id' | 'run_id' | 'task_id' | 'map_index'>): string {
  return JSON.stringify([key.dag_id, key.run_id, key.task_id, key.map_index]);
}

function byRun(open: readonly Open[]): Open[][] {
  const groups = new Map<string, Open[]>();
  for (const one of open) {
    const name = JSON.stringify([one.task.key.dag_id, one.task.key.run_id]);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
}
