import type {
  AgentView,
  ClusterEvent,
  ClusterView,
  DagView,
  ImportError,
  OffersView,
  TaskRun,
} from '../../api/people.ts';
import type { Topic } from '../../client/subscription.ts';

/** What is known of a cluster from its events: replaced as a whole, never changed. */
export interface ClusterState {
  readonly cluster: ClusterView;
  readonly agents: readonly AgentView[];
  readonly offers: OffersView;
  /** By request id. */
  readonly tasks: ReadonlyMap<string, TaskRun>;
  /** Undefined until they came, and while nobody wants them. */
  readonly dags?: readonly DagView[] | undefined;
  readonly importErrors?: readonly ImportError[] | undefined;
}

/** Task runs that are kept: beyond it the oldest that have ended go. */
export const keptTaskRuns = 1000;

/** The state after some events, in their order. Before the first snapshot there is none. */
export function applyEvents(
  state: ClusterState | undefined,
  events: readonly ClusterEvent[],
): ClusterState | undefined {
  let next = state;
  let tasks: Map<string, TaskRun> | undefined;
  for (const event of events) {
    if (event.type === 'snapshot') {
      tasks = new Map(event.tasks.map((task) => [task.id, task]));
      // Pages follow by themselves; what was known of them stands until then.
      next = { ...next, cluster: event.cluster, agents: event.agents, offers: event.offers, tasks };
    } else if (next) {
      switch (event.type) {
        case 'cluster':
          next = { ...next, cluster: event.cluster };
          break;
        case 'agents':
          next = { ...next, agents: event.agents };
          break;
        case 'offers':
          next = { ...next, offers: event.offers };
          break;
        case 'task':
          // Copied once for all events of a batch.
          tasks ??= new Map(next.tasks);
          tasks.set(event.task.id, event.task);
          break;
        case 'dags':
          next = { ...next, dags: event.dags, importErrors: event.import_errors };
          break;
        case 'frameworks':
          break;
      }
    }
  }
  if (!next || !tasks) return next;
  return { ...next, tasks: bounded(tasks) };
}

/** Without the pages that nobody wants any more. */
export function withoutUnwanted(state: ClusterState, topics: readonly Topic[]): ClusterState {
  if (state.dags === undefined || topics.includes('dags')) return state;
  return { ...state, dags: undefined, importErrors: undefined };
}

function bounded(tasks: Map<string, TaskRun>): ReadonlyMap<string, TaskRun> {
  if (tasks.size <= keptTaskRuns) return tasks;
  const ended = [...tasks.values()]
    .filter((task) => task.ended !== null)
    .sort((a, b) => a.queued - b.queued)
    .slice(0, tasks.size - keptTaskRuns);
  for (const task of ended) tasks.delete(task.id);
  return tasks;
}
