import type { Task } from '../../../mesos/types.ts';
import { flatResources, flatTask } from '../../legacyViews.ts';
import { printedExecutor } from '../../protoDefaults.ts';
import { Resources } from '../../resources.ts';
import { isTerminal } from '../../taskView.ts';
import type { AgentTask } from '../agentTask.ts';
import { executorName } from '../containerViews.ts';
import type { AgentState } from '../state.ts';
import type { Executor } from './executor.ts';

/** As GET_EXECUTORS gives them: custom ones, and those of command tasks, which live in the agent. */
export function executorsView({ executors, tasks, history }: AgentState): object {
  const living = [...[...tasks.values()].flatMap(ofCommandTask), ...[...executors.values()].map(ofExecutor)];
  const over = [...history.tasks.flatMap(ofCommandTask), ...history.executors.map(ofExecutor)];
  return { executors: living, ...(over.length > 0 ? { completed_executors: over } : {}) };
}

function ofExecutor({ info }: Executor): object {
  return { executor_info: printedExecutor(info) };
}

/** What Mesos' own executor is given on top of a task's resources. */
const overhead = { cpus: 0.1, mem: 32 };

function ofCommandTask(task: AgentTask): object[] {
  if (task.executor) return [];
  const { framework, view } = task;
  const role = view.resources?.[0]?.allocation_info?.role;
  const resources = Object.entries(overhead).map(([name, value]) => ({
    name,
    type: 'SCALAR',
    scalar: { value },
    ...(role === undefined ? {} : { allocation_info: { role } }),
  }));
  return [
    {
      executor_info: {
        executor_id: view.task_id,
        framework_id: framework.id,
        resources,
        name: executorName(task),
        source: view.task_id.value,
        ...(view.labels ? { labels: view.labels } : {}),
      },
    },
  ];
}

/** Tasks that wait for their executor to subscribe. */
export function queuedTasks({ executors }: AgentState): Set<Task> {
  const queued = [...executors.values()].flatMap(({ queue, tasks }) =>
    queue.flatMap((launch) => launch.tasks.flatMap(({ task_id }) => tasks.get(task_id.value)?.view ?? [])),
  );
  return new Set(queued);
}

/** As GET /state gives it; `over`: those of its tasks that are. */
export function executorState(executor: Executor, over: readonly AgentTask[]): object {
  const { info, containerId, sandbox, queue } = executor;
  const tasks = [...executor.tasks.values()];
  const living = tasks.filter(({ view }) => !isTerminal(view.state));
  const queued = new Set(queue.flatMap((launch) => launch.tasks.map(({ task_id }) => task_id.value)));
  const used = [info, ...living.map(({ view }) => view)].flatMap(({ resources }) => resources ?? []);
  const flat = (some: readonly AgentTask[]): object[] => some.map(({ view }) => flatTask(view));
  return {
    id: info.executor_id.value,
    name: info.name ?? '',
    source: info.source ?? '',
    container: containerId,
    directory: sandbox,
    resources: flatResources(Resources.of(executor.phase === 'terminated' ? [] : used)),
    role: used[0]?.allocation_info?.role ?? '*',
    ...(info.labels ? { labels: info.labels.labels ?? [] } : {}),
    ...(info.type ? { type: info.type } : {}),
    tasks: flat(living.filter(({ id }) => !queued.has(id.value))),
    queued_tasks: flat(living.filter(({ id }) => queued.has(id.value))),
    completed_tasks: flat([...tasks.filter((task) => !living.includes(task)), ...over]),
  };
}
