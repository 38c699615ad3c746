import * as z from 'zod/mini';
import {
  clusterEvent,
  taskRun,
  type AgentView,
  type ClusterEvent,
  type ClusterView,
  type FrameworkView,
  type OffersView,
  type TaskRun,
} from '../../api/people.ts';
import { newestTasks, pageOf, type Topic } from '../../api/topics.ts';
import type { Json } from '../../journal/delta.ts';
import { taskKey, taskOfKey } from '../../journal/lines.ts';
import type { Views } from '../subscriptions.ts';
import type { Player } from './player.ts';

const eventsSchema = z.array(clusterEvent);

type EventOf<T extends ClusterEvent['type']> = Extract<ClusterEvent, { type: T }>;

/** A recording as it is at the player's time, as a living cluster's views are. What is not of this API is as good as not there. */
export class ReplayViews implements Views {
  readonly #player: () => Player;
  readonly #epoch: string;
  /** What was found in order, or not, by the values themselves: each is looked at once. */
  readonly #events = new WeakMap<object, readonly ClusterEvent[]>();
  readonly #tasks = new WeakMap<object, TaskRun | null>();
  /** It is known at all times, but in a damaged recording. */
  #cluster: ClusterView | undefined;

  /** `player` is asked once it is there. */
  constructor(epoch: string, player: () => Player) {
    this.#epoch = epoch;
    this.#player = player;
  }

  cursor(): string {
    return `${this.#epoch}:${this.#player().clock.at}`;
  }

  /** False where the recording does not even have the cluster's own view: it cannot be shown. */
  hasCluster(): boolean {
    return this.#one('cluster', 'cluster') !== undefined;
  }

  cluster(): ClusterView {
    this.#cluster = this.#one('cluster', 'cluster')?.cluster ?? this.#cluster;
    if (!this.#cluster) throw new Error('the recording has no cluster');
    return { ...this.#cluster, recording: this.#player().view };
  }

  agents(): AgentView[] {
    return this.#one('agents', 'agents')?.agents ?? [];
  }

  frameworks(): FrameworkView[] {
    return this.#one('frameworks', 'frameworks')?.frameworks ?? [];
  }

  offers(): OffersView {
    return this.#one('offers', 'offers')?.offers ?? { suppressed: false, offers: [] };
  }

  /** All that are known, newest first. */
  tasks(): TaskRun[] {
    const { values } = this.#player().state;
    const found = [...values].map(([key, value]) =>
      taskOfKey(key) === undefined ? null : this.#task(value),
    );
    return found.filter((run) => run !== null).sort((one, other) => other.queued - one.queued);
  }

  snapshot(wanted: ReadonlySet<Topic>): ReturnType<Views['snapshot']> {
    return {
      type: 'snapshot',
      cursor: this.cursor(),
      cluster: this.cluster(),
      // Also where they are not known: after another time was chosen nothing of before may stand.
      ...(wanted.has('agents') ? { agents: this.agents() } : {}),
      ...(wanted.has('frameworks') ? { frameworks: this.frameworks() } : {}),
      ...(wanted.has('offers') ? { offers: this.offers() } : {}),
      ...(wanted.has('tasks') ? { tasks: this.tasks().slice(0, newestTasks) } : {}),
    };
  }

  present(topic: Topic): readonly ClusterEvent[] {
    switch (topic) {
      case 'cluster':
        return [{ type: 'cluster', cluster: this.cluster() }];
      case 'agents':
        return [{ type: 'agents', agents: this.agents() }];
      case 'frameworks':
        return [{ type: 'frameworks', frameworks: this.frameworks() }];
      case 'offers':
        return [{ type: 'offers', offers: this.offers() }];
      case 'tasks':
        return [{ type: 'taskRuns', tasks: this.tasks().slice(0, newestTasks) }];
      default:
        return this.#page(topic);
    }
  }

  task(id: string): ClusterEvent | undefined {
    const value = this.#player().state.values.get(taskKey(id));
    const run = value === undefined ? null : this.#task(value);
    return run ? { type: 'task', task: run } : undefined;
  }

  /** A page's recorded event; undefined where nobody looked at it then. */
  page<T extends ClusterEvent['type']>(topic: Topic, type: T): EventOf<T> | undefined {
    return this.#recorded(topic).find((event): event is EventOf<T> => event.type === type);
  }

  /** With its problem, or the word that it has none: after another time was chosen none of before may stand. */
  #page(topic: Topic): readonly ClusterEvent[] {
    const events = this.#recorded(topic);
    const hasValue = events.some(({ type }) => type !== 'problem');
    const problem = events.find(({ type }) => type === 'problem');
    if (problem) return events;
    if (hasValue) return [...events, { type: 'problem', topic, problem: null, gone: false }];
    return [{ type: 'problem', topic, problem: notRecorded, gone: true }];
  }

  #recorded(topic: Topic): readonly ClusterEvent[] {
    const exact = this.#eventsAt(topic);
    const page = pageOf(topic);
    if (exact.length > 0 || page?.kind !== 'runs') return exact.map((event) => asked(event, topic));
    // Somebody may have looked at more or fewer of the DAG's runs.
    for (const key of this.#player().state.values.keys()) {
      const other = pageOf(key);
      if (other?.kind !== 'runs' || other.dag_id !== page.dag_id) continue;
      return this.#eventsAt(key).map((event) => asked(cutTo(event, page.limit), topic));
    }
    return [];
  }

  #one<T extends ClusterEvent['type']>(key: string, type: T): EventOf<T> | undefined {
    return this.#eventsAt(key).find((event): event is EventOf<T> => event.type === type);
  }

  #eventsAt(key: string): readonly ClusterEvent[] {
    const value = this.#player().state.values.get(key);
    if (typeof value !== 'object' || value === null) return [];
    const known = this.#events.get(value);
    if (known) return known;
    const parsed = eventsSchema.safeParse(value);
    const events = parsed.success ? parsed.data : [];
    this.#events.set(value, events);
    return events;
  }

  #task(value: Json): TaskRun | null {
    if (typeof value !== 'object' || value === null) return null;
    const known = this.#tasks.get(value);
    if (known !== undefined) return known;
    const parsed = taskRun.safeParse(value);
    const run = parsed.success ? parsed.data : null;
    this.#tasks.set(value, run);
    return run;
  }
}

export const notRecorded = {
  error: 'The recording does not have this',
  why: 'pages are recorded while somebody looks at them, and nobody did at this time',
  next: 'Go to another time.',
};

/** A problem is of the page that was asked for. */
function asked(event: ClusterEvent, topic: Topic): ClusterEvent {
  return event.type === 'problem' ? { ...event, topic } : event;
}

function cutTo(event: ClusterEvent, limit: number): ClusterEvent {
  if (event.type !== 'runs' || event.runs.length <= limit) return event;
  return { ...event, runs: event.runs.slice(0, limit), more: true };
}
