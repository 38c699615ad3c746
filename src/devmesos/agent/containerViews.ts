import type { ContainerId, ContainerStatus, Id } from '../../mesos/types.ts';
import type { AgentTask } from './agentTask.ts';
import type { ContainerUsage } from './container.ts';
import type { Executor } from './executors/executor.ts';
import type { AgentState } from './state.ts';

/** The container of a task or an executor, as GET_CONTAINERS shows it. */
export interface ContainerView {
  readonly framework_id: Id;
  readonly executor_id: Id;
  readonly executor_name: string;
  readonly container_id: ContainerId;
  readonly container_status: ContainerStatus;
  /** Where it is measured. */
  readonly resource_statistics?: ContainerUsage;
}

/** The same with what only the older endpoints tell. */
export interface Contained {
  readonly view: ContainerView;
  readonly source: string;
}

/** All that live. A container that is ending tells nothing of what it uses. */
export async function containerViews({ tasks, executors }: AgentState): Promise<Contained[]> {
  const ofTasks = await Promise.all([...tasks.values()].map(taskContainer));
  return [...ofTasks.flat(), ...[...executors.values()].flatMap(executorContainer)];
}

/** As Mesos names a command task's executor, but without the command: arguments may be confidential. */
export function executorName({ view }: AgentTask): string {
  return `Command Executor (Task: ${view.task_id.value})`;
}

async function taskContainer(task: AgentTask): Promise<Contained[]> {
  const { container, view, framework, containerId } = task;
  if (!container) return [];
  const usage = await container.usage?.().catch(() => undefined);
  const shown = {
    framework_id: framework.id,
    executor_id: view.task_id,
    executor_name: executorName(task),
    ...identityOf(containerId, container.pid),
    ...(usage ? { resource_statistics: usage } : {}),
  };
  return [{ view: shown, source: view.task_id.value }];
}

function executorContainer({ framework, id, info, containerId, process }: Executor): Contained[] {
  if (process?.pid === undefined) return [];
  const view = {
    framework_id: framework.id,
    executor_id: id,
    executor_name: info.name ?? '',
    ...identityOf(containerId, process.pid),
  };
  return [{ view, source: info.source ?? '' }];
}

function identityOf(
  value: string,
  pid: number | undefined,
): Pick<ContainerView, 'container_id' | 'container_status'> {
  const container_id = { value };
  return {
    container_id,
    container_status: { container_id, ...(pid === undefined ? {} : { executor_pid: pid }) },
  };
}
