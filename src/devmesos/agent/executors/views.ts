import type { Task } from '../../../mesos/types.ts';
import { flatResources, flatTask } from '../../legacyViews.ts';
import { printedExecutor } from '../../protoDefaults.ts';
import { Resources } from '../../resources.ts';
import { isTerminal } from '../../taskView.ts';
import type { AgentTask } from '../agentTask.ts';
import type { AgentState } from '../state.ts';
import type { Executor } from './executor.ts';

/** As GET_EXECUTORS gives them. */
export function executorsView({ executors, history }: AgentState): object {
  const entry = ({ info }: Executor): object => ({ executor_info: printedExecutor(info) });
  return {
    executors: [...executors.values()].map(entry),
    ...(history.executors.length > 0 ? { completed_executors: history.executors.map(entry) } : {}),
  };
}

/** Tasks that wait for their executor to subscribe. */
export function queuedTasks({ executors }: AgentState): Set<Task> {
  const queued = [...executors.values()].flatMap(({ queue, tasks }) =>
    queue.flatMap((launch) => launch.tasks.flatMap(({ task_id }) => tasks.get(task_id.value)?.view ?? [])),
  );
  return new Set(queued);
}

/** As GET_CONTAINERS gives its container; empty where there is none. */
export function containersOf({ framework, id, info, containerId, process }: Executor): object[] {
  if (process?.pid === undefined) return [];
  const container = { value: containerId };
  return [
    {
      framework_id: framework.id,
      executor_id: id,
      executor_name: info.name ?? '',
      container_id: container,
      container_status: { container_id: container, executor_pid: process.pid },
    },
  ];
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
