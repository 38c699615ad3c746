import type { DagTask } from '../../airflow/answers.ts';

/** How the tasks of a DAG hang together. */
export interface DagStructure {
  /** Each task behind all that it depends on. */
  readonly order: readonly string[];
  /** By task, those that it depends on directly. */
  readonly upstream: ReadonlyMap<string, readonly string[]>;
  /** By task, how long after a try that failed the next begins (milliseconds), where that is always the same. */
  readonly retryMs: ReadonlyMap<string, number>;
}

export const noStructure: DagStructure = { order: [], upstream: new Map(), retryMs: new Map() };

/** The structure that these tasks make; of those that could come next, the one named first comes first. */
export function structureOf(tasks: readonly DagTask[]): DagStructure {
  const upstream = new Map<string, string[]>(tasks.map((task) => [task.task_id, []]));
  for (const task of tasks) {
    for (const next of task.downstream) upstream.get(next)?.push(task.task_id);
  }
  const order: string[] = [];
  const placed = new Set<string>();
  let left = tasks.map((task) => task.task_id);
  while (left.length > 0) {
    // Airflow takes no DAG with a cycle; whatever else it may say, this ends.
    const ready = left.filter((task) => (upstream.get(task) ?? []).every((name) => placed.has(name)));
    const next = ready.length > 0 ? ready : left;
    order.push(...next);
    for (const task of next) placed.add(task);
    left = left.filter((task) => !placed.has(task));
  }
  const retryMs = new Map(
    tasks.flatMap((task) => (task.retryMs === undefined ? [] : [[task.task_id, task.retryMs] as const])),
  );
  return { order, upstream, retryMs };
}

/** How many runs' structures are kept. */
const kept = 100;

/** The structures of runs, each asked for once: it is the same for as long as the run lasts. */
export class DagStructures {
  readonly #ask: (dagId: string) => Promise<readonly DagTask[]>;
  readonly #known = new Map<string, Promise<DagStructure>>();

  constructor(ask: (dagId: string) => Promise<readonly DagTask[]>) {
    this.#ask = ask;
  }

  /** Where Airflow cannot say it (the DAG is gone), none: what became of the run can be shown without. */
  async of(dagId: string, runId: string): Promise<DagStructure> {
    const name = JSON.stringify([dagId, runId]);
    const known = this.#known.get(name);
    if (known) return known;
    const asked = this.#ask(dagId).then(structureOf);
    this.#known.set(name, asked);
    const [oldest] = this.#known.keys();
    if (this.#known.size > kept && oldest !== undefined) this.#known.delete(oldest);
    try {
      return await asked;
    } catch {
      this.#known.delete(name);
      return noStructure;
    }
  }
}
