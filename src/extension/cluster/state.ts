import type {
  AgentView,
  ClusterEvent,
  ClusterView,
  DagRunSummary,
  DagRunView,
  DagView,
  FrameworkView,
  ImportError,
  MesosTaskView,
  OffersView,
  TaskRun,
} from '../../api/people.ts';
import { pageOf, runTopic } from '../../api/topics.ts';
import type { Topic } from '../../client/subscription.ts';

/** What is known of a cluster from its events: replaced as a whole, never changed. */
export interface ClusterState {
  readonly cluster: ClusterView;
  readonly agents: readonly AgentView[];
  readonly frameworks: readonly FrameworkView[];
  readonly offers: OffersView;
  /** By request id. */
  readonly tasks: ReadonlyMap<string, TaskRun>;
  /** Undefined until they came, and while nobody wants them. */
  readonly dags?: readonly DagView[] | undefined;
  readonly importErrors?: readonly ImportError[] | undefined;
  /** The newest runs of a DAG, by its id, while somebody wants them. */
  readonly runs: ReadonlyMap<string, RunsPage>;
  /** Runs with their task instances, by their topic (`runTopic`), while somebody wants them. */
  readonly run: ReadonlyMap<string, DagRunView>;
  /** Unfinished tasks of every framework. */
  readonly mesosTasks?: { readonly tasks: readonly MesosTaskView[]; readonly total: number } | undefined;
  /** Why a page cannot be had now, by its topic. */
  readonly problems: ReadonlyMap<string, PageProblem>;
}

export interface RunsPage {
  readonly runs: readonly DagRunSummary[];
  /** There are older ones. */
  readonly more: boolean;
}

export type PageProblem = Pick<Extract<ClusterEvent, { type: 'problem' }>, 'problem' | 'gone'>;

const noPages = { runs: new Map(), run: new Map(), problems: new Map() } as const;

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
      const { cluster, agents, frameworks, offers } = event;
      next = { ...noPages, ...next, cluster, agents, frameworks, offers, tasks };
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
          next = { ...next, frameworks: event.frameworks };
          break;
        case 'runs':
          next = { ...next, runs: changed(next.runs, event.dag_id, { runs: event.runs, more: event.more }) };
          break;
        case 'run': {
          const { dag_id, run_id } = event.run;
          next = { ...next, run: changed(next.run, runTopic(dag_id, run_id), event.run) };
          break;
        }
        case 'mesosTasks':
          next = { ...next, mesosTasks: { tasks: event.tasks, total: event.total } };
          break;
        case 'problem': {
          const { topic, problem, gone } = event;
          const problems = changed(next.problems, topic, problem === null ? undefined : { problem, gone });
          next = { ...next, problems };
          break;
        }
      }
    }
  }
  if (!next || !tasks) return next;
  return { ...next, tasks: bounded(tasks) };
}

/** Without the pages that nobody wants any more. */
export function withoutUnwanted(state: ClusterState, topics: readonly Topic[]): ClusterState {
  const wanted = new Set<string>(topics);
  const withRuns = new Set<string>();
  for (const topic of topics) {
    const page = pageOf(topic);
    if (page?.kind === 'runs') withRuns.add(page.dag_id);
  }
  const dags = wanted.has('dags') ? {} : { dags: undefined, importErrors: undefined };
  const mesosTasks = wanted.has('mesos-tasks') ? {} : { mesosTasks: undefined };
  return {
    ...state,
    ...dags,
    ...mesosTasks,
    runs: only(state.runs, withRuns),
    run: only(state.run, wanted),
    problems: only(state.problems, wanted),
  };
}

function changed<T>(map: ReadonlyMap<string, T>, key: string, value: T | undefined): ReadonlyMap<string, T> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

/** The same map where all of its keys are wanted. */
function only<T>(map: ReadonlyMap<string, T>, wanted: ReadonlySet<string>): ReadonlyMap<string, T> {
  if ([...map.keys()].every((key) => wanted.has(key))) return map;
  return new Map([...map].filter(([key]) => wanted.has(key)));
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
