import type { Resource, TaskInfo } from '../../mesos/types.ts';
import type { ProtobufCodec } from '../protobuf/codec.ts';
import { Resources } from '../resources.ts';
import { sumOf, type Agent } from './agent.ts';
import { commandError, executorError } from './executorValidation.ts';
import { checksError } from './checkValidation.ts';
import { containerError } from './containerValidation.ts';
import type { Framework } from './framework.ts';
import { idError } from '../idValidation.ts';

/** What is wrong with a task's resources as they are written, before anything else is looked at. */
export function writtenResourcesError(resources: readonly Resource[] = []): string | undefined {
  for (const resource of resources) {
    const error = resourceError(resource);
    if (error) return `Resource '${resource.name}:${valueText(resource)}' is invalid: ${error}`;
  }
  return undefined;
}

function resourceError(resource: Resource): string | undefined {
  if (resource.name === '') return 'Empty resource name';
  switch (resource.type) {
    case 'SCALAR':
      if (!resource.scalar || resource.ranges || resource.set) return 'Invalid scalar resource';
      if (!Number.isFinite(resource.scalar.value)) return 'Invalid scalar resource: value is not finite';
      if (resource.scalar.value < 0) return 'Invalid scalar resource: value <= 0';
      return undefined;
    case 'RANGES':
      if (resource.scalar || !resource.ranges || resource.set) return 'Invalid ranges resource';
      return rangesError(resource.ranges.range ?? []);
    case 'SET': {
      if (resource.scalar || resource.ranges || !resource.set) return 'Invalid set resource';
      const items = resource.set.item ?? [];
      return new Set(items).size < items.length ? 'Invalid set resource: duplicated elements' : undefined;
    }
  }
}

function rangesError(ranges: readonly { begin: number; end: number }[]): string | undefined {
  for (const [index, { begin, end }] of ranges.entries()) {
    if (begin > end) return 'Invalid ranges resource: begin > end';
    if (ranges.some((other, at) => at < index && begin <= other.end && other.begin <= end)) {
      return 'Invalid ranges resource: overlapping ranges';
    }
  }
  return undefined;
}

function valueText(resource: Resource): string {
  if (resource.type === 'SCALAR') return String(resource.scalar?.value ?? 0);
  if (resource.type === 'RANGES') {
    return `[${(resource.ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
  }
  return `{${(resource.set?.item ?? []).join(', ')}}`;
}

/** A task of a LAUNCH on an agent; `available` is what the offers hold less what was before it, allocated to their role. */
export interface TaskLaunch {
  readonly task: TaskInfo;
  readonly framework: Framework;
  readonly agent: Agent;
  readonly available: Resources;
  readonly codec: () => ProtobufCodec;
}

/** What is wrong with a task of a LAUNCH, in Mesos's words and order; undefined: nothing. */
export function taskError(launch: TaskLaunch): string | undefined {
  const { task, framework, agent } = launch;
  return ownError(task, framework, agent) ?? executorOfTaskError(launch) ?? fitError(launch);
}

/** What is wrong with a task, whatever runs it. */
export function ownError(task: TaskInfo, framework: Framework, agent: Agent): string | undefined {
  const badId = idError(task.task_id.value);
  if (badId) return badId;
  if (framework.tasks.has(task.task_id.value)) return `Task has duplicate ID: ${task.task_id.value}`;
  if (framework.unreachableTasks.has(task.task_id.value)) {
    return `Task reuses the ID of an unreachable task: ${task.task_id.value}`;
  }
  if (task.agent_id.value !== agent.id) {
    return `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`;
  }
  if ((task.kill_policy?.grace_period?.nanoseconds ?? 0) < 0) {
    return "Task's 'kill_policy.grace_period' must be non-negative";
  }
  if ((task.max_completion_time?.nanoseconds ?? 0) < 0) {
    return "Task's `max_completion_time` must be non-negative";
  }
  return (
    checksError(task) ??
    resourcesError(task.resources ?? []) ??
    commandError(task.command, 'Task') ??
    containerError(task)
  );
}

function resourcesError(resources: readonly Resource[]): string | undefined {
  if (resources.length === 0) return 'Task uses no resources';
  const total = Resources.of(resources);
  if (!Number.isInteger(total.scalar('gpus'))) {
    return "Task uses invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer";
  }
  const roles = new Set(resources.map((resource) => resource.allocation_info?.role));
  if (roles.size > 1) {
    return `Invalid task resources: The resources have multiple allocation roles (${[...roles].join(', ')}) but only one allocation role is allowed`;
  }
  return undefined;
}

function executorOfTaskError({ task, framework, agent, codec }: TaskLaunch): string | undefined {
  const { command, executor } = task;
  if (Boolean(command) === Boolean(executor)) {
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  }
  if (!executor) return undefined;
  const error = executorError(executor, framework, agent, codec);
  if (error) return error;
  if (executor.type !== undefined && executor.type !== 'CUSTOM')
    return "'ExecutorInfo.type' must be 'CUSTOM'";
  return executor.command ? undefined : "'ExecutorInfo.command' must be set";
}

function fitError({ task, framework, agent, available }: TaskLaunch): string | undefined {
  const { executor } = task;
  const isStarted = executor && !agent.executorOf(framework.id, executor.executor_id.value);
  const total = sumOf(isStarted ? [task, executor] : [task]);
  if (available.contains(total)) return undefined;
  return `Total resources ${total.toString()} required by task and its executor is more than available ${available.toString()}`;
}
