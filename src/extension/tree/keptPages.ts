import { pageOf } from '../../api/topics.ts';
import type { Topic } from '../../client/subscription.ts';
import type { ClusterState } from '../cluster/state.ts';

/** Fields that stand for a topic of their own. */
const fieldsOf = {
  agents: ['agents'],
  frameworks: ['frameworks'],
  offers: ['offers'],
  tasks: ['tasks', 'olderTasks', 'oldestTask'],
  dags: ['dags', 'importErrors'],
  'mesos-tasks': ['mesosTasks'],
} as const satisfies Partial<Record<Topic, readonly (keyof ClusterState)[]>>;

/**
 * What a view showed last, for the moment in which it is visible again and its topics have not come yet: rows that went and
 * came back would have lost their place, and whether they are expanded.
 */
export class KeptPages {
  #last: ClusterState | undefined;

  /** The state, with what is still to come of `topics` as it was the last time. */
  fill(state: ClusterState | undefined, topics: ReadonlySet<Topic>): ClusterState | undefined {
    const last = this.#last;
    const isSame =
      state?.cluster.name === last?.cluster.name && state?.cluster.started === last?.cluster.started;
    const filled = state && last && isSame ? withLast(state, last, topics) : state;
    this.#last = filled;
    return filled;
  }
}

function withLast(state: ClusterState, last: ClusterState, topics: ReadonlySet<Topic>): ClusterState {
  let filled = state;
  for (const [topic, fields] of Object.entries(fieldsOf)) {
    const [first] = fields;
    if (!has(topics, topic) || filled[first] !== undefined || last[first] === undefined) continue;
    filled = { ...filled, ...Object.fromEntries(fields.map((field) => [field, last[field]])) };
  }
  const runs = new Map(filled.runs);
  const run = new Map(filled.run);
  for (const topic of topics) {
    const page = pageOf(topic);
    if (filled.problems.get(topic)?.gone) continue;
    if (page?.kind === 'runs') keep(runs, last.runs, page.dag_id);
    else if (page?.kind === 'run') keep(run, last.run, topic);
  }
  const isMore = runs.size > filled.runs.size || run.size > filled.run.size;
  return isMore ? { ...filled, runs, run } : filled;
}

function keep<T>(into: Map<string, T>, last: ReadonlyMap<string, T>, key: string): void {
  const value = last.get(key);
  if (value !== undefined && !into.has(key)) into.set(key, value);
}

function has(topics: ReadonlySet<string>, topic: string): boolean {
  return topics.has(topic);
}
