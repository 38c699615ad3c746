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
  TaskInstanceView,
  TaskRun,
} from '../../api/people.ts';
import { pageOf, runTopic } from '../../api/topics.ts';
import type { Topic } from '../../client/subscription.ts';
import { noTasks, TaskRuns } from './taskRuns.ts';

/**
 * What is known of a cluster from its events: replaced as a whole, never changed. A field of a topic is undefined until it
 * came, and while nobody wants it; empty only where there is none.
 */
export interface ClusterState {
  readonly cluster: ClusterView;
  readonly agents?: readonly AgentView[] | undefined;
  readonly frameworks?: readonly FrameworkView[] | undefined;
  readonly offers?: OffersView | undefined;
  /** By request id: the newest, and the older ones that were loaded. */
  readonly tasks?: ReadonlyMap<string, TaskRun> | undefined;
  /** Whether the service has task runs that are older than `tasks`. */
  readonly olderTasks: OlderTasks;
  /** `tasks` has all that are not older than this one, by its id; beyond it only such as changed meanwhile. */
  readonly oldestTask?: string | undefined;
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

/** `more`: `ClusterModel.loadOlderTasks` brings some. */
export type OlderTasks = 'none' | 'more' | 'loading';

export interface RunsPage {
  readonly runs: readonly DagRunSummary[];
  /** There are older ones. */
  readonly more: boolean;
}

export type PageProblem = Pick<Extract<ClusterEvent, { type: 'problem' }>, 'problem' | 'gone'>;

/** Before anything of it is known. */
const nothing = { runs: new Map(), run: new Map(), problems: new Map(), olderTasks: 'none' } as const;

/** The state after some events, in their order. Before the first snapshot there is none. */
export function applyEvents(
  state: ClusterState | undefined,
  events: readonly ClusterEvent[],
): ClusterState | undefined {
  let next = state;
  const tasks = new TaskRuns(state);
  for (const event of events) {
    if (event.type === 'snapshot') {
      const { cluster, agents, frameworks, offers } = event;
      tasks.replace(event.tasks);
      // Pages follow by themselves, and so do the master's lists where it is away: what was known of them stands until then.
      const lists = { agents: agents ?? next?.agents, frameworks: frameworks ?? next?.frameworks };
      next = { ...nothing, ...next, ...lists, cluster, offers };
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
        case 'taskRuns':
          tasks.replace(event.tasks);
          break;
        case 'task':
          tasks.set(event.task);
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
        case 'runTasks':
          next = { ...next, run: withChangedTasks(next.run, event.run) };
          break;
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
  return next && { ...next, ...tasks.result() };
}

/** Whether an event brings what was not known at all: somebody has just asked for it. */
export function isFirstOf(state: ClusterState | undefined, event: ClusterEvent): boolean {
  if (!state) return event.type === 'snapshot';
  switch (event.type) {
    case 'agents':
    case 'frameworks':
    case 'offers':
    case 'dags':
    case 'mesosTasks':
      return state[event.type] === undefined;
    case 'taskRuns':
      return state.tasks === undefined;
    case 'runs':
      return !state.runs.has(event.dag_id);
    case 'run':
      return !state.run.has(runTopic(event.run.dag_id, event.run.run_id));
    default:
      return false;
  }
}

/** Without what nobody wants any more. */
export function withoutUnwanted(state: ClusterState, topics: readonly Topic[]): ClusterState {
  const wanted = new Set<string>(topics);
  const withRuns = new Set<string>();
  for (const topic of topics) {
    const page = pageOf(topic);
    if (page?.kind === 'runs') withRuns.add(page.dag_id);
  }
  const dags = wanted.has('dags') ? {} : { dags: undefined, importErrors: undefined };
  return {
    ...state,
    ...dags,
    ...(wanted.has('mesos-tasks') ? {} : { mesosTasks: undefined }),
    ...(wanted.has('agents') ? {} : { agents: undefined }),
    ...(wanted.has('frameworks') ? {} : { frameworks: undefined }),
    ...(wanted.has('offers') ? {} : { offers: undefined }),
    ...(wanted.has('tasks') ? {} : noTasks),
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

/** Of a run that is known: those task instances in the place of what they were. */
function withChangedTasks(
  runs: ReadonlyMap<string, DagRunView>,
  { tasks, ...run }: DagRunView,
): ReadonlyMap<string, DagRunView> {
  const topic = runTopic(run.dag_id, run.run_id);
  const before = runs.get(topic);
  // It is not wanted any more: what is wanted is told as a whole first.
  if (!before) return runs;
  const changes = new Map(tasks.map((task) => [instanceName(task), task]));
  const merged = before.tasks.map((task) => changes.get(instanceName(task)) ?? task);
  return changed(runs, topic, { ...run, tasks: merged });
}

function instanceName({ task_id, map_index }: Pick<TaskInstanceView, 'task_id' | 'map_index'>): string {
  return `${map_index} ${task_id}`;
}

/** The same map where all of its keys are wanted. */
function only<T>(map: ReadonlyMap<string, T>, wanted: ReadonlySet<string>): ReadonlyMap<string, T> {
  if ([...map.keys()].every((key) => wanted.has(key))) return map;
  return new Map([...map].filter(([key]) => wanted.has(key)));
}
