import type { Resource, Task, TaskInfo, TaskState, TaskStatus } from '../mesos/types.ts';
import { terminalTaskStates } from '../mesos/types.ts';
import { printedCheck, printedHealthCheck } from './protoDefaults.ts';

// A task as state endpoints of master and agent show it.

/** Over for good. */
export function isTerminal(state: TaskState): boolean {
  return terminalTaskStates.has(state);
}

/** Keeps a status of a task: the last of each run of equal states, without its data. */
export function keepStatus(view: Task, status: TaskStatus): void {
  const statuses = (view.statuses ??= []);
  const kept = { ...status };
  delete kept.data;
  if (statuses.at(-1)?.state === status.state) statuses.pop();
  statuses.push(kept);
}

/** Notes which status the scheduler was sent last, of those that it acknowledges. */
export function noteSent(view: Task, { state, uuid }: TaskStatus): void {
  if (uuid === undefined) return;
  view.status_update_state = state;
  view.status_update_uuid = uuid;
}

/** The view of a task that was just launched. Its command stays out: environments may be confidential. */
export function viewOf(task: TaskInfo, frameworkId: string, resources: Resource[]): Task {
  const { name, task_id, agent_id, executor, labels, container, discovery, command } = task;
  const { health_check, check, kill_policy } = task;
  return {
    name,
    task_id,
    framework_id: { value: frameworkId },
    ...(executor ? { executor_id: executor.executor_id } : {}),
    agent_id,
    state: 'TASK_STAGING',
    resources,
    ...(labels ? { labels } : {}),
    ...(discovery ? { discovery } : {}),
    ...(container ? { container } : {}),
    ...(command?.user === undefined ? {} : { user: command.user }),
    ...(health_check ? { health_check: printedHealthCheck(health_check) } : {}),
    ...(kill_policy ? { kill_policy } : {}),
    ...(check ? { check: printedCheck(check) } : {}),
  };
}
