import type { ExecutorInfo, TaskInfo } from '../../mesos/types.ts';
import type { ProtobufCodec } from '../protobuf/codec.ts';
import { Resources } from '../resources.ts';
import { sumOf, type Agent } from './agent.ts';
import { executorError, isSameExecutor } from './executorValidation.ts';
import type { Framework } from './framework.ts';
import { ownError } from './taskValidation.ts';

/** What an executor of a group has at least. */
const leastCpus = 0.01;
const leastMem = 32;

/** A LAUNCH_GROUP on an agent, each of its tasks with the executor; `available` is what the offers hold, less what was before. */
export interface GroupLaunch {
  readonly executor: ExecutorInfo;
  readonly tasks: readonly TaskInfo[];
  readonly framework: Framework;
  readonly agent: Agent;
  readonly available: Resources;
  readonly codec: () => ProtobufCodec;
}

/** What is wrong with a task group, in Mesos' words and order; undefined: nothing. It is told for each of its tasks. */
export function groupError(launch: GroupLaunch): string | undefined {
  const { executor, tasks, framework, agent, codec } = launch;
  for (const task of tasks) {
    const error = ownError(task, framework, agent) ?? groupTaskError(task);
    if (error) return `Task '${task.task_id.value}' is invalid: ${error}`;
  }
  return (
    executorError(executor, framework, agent, codec) ??
    groupExecutorError(executor, tasks) ??
    minimumError(executor) ??
    fitError(launch)
  );
}

function groupTaskError({ container, limits }: TaskInfo & { readonly limits?: object }): string | undefined {
  if (container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the task';
  return limits && Object.keys(limits).length > 0
    ? "Resource limits may only be set for tasks within a task group when the 'share_cgroups' field is set to 'false'."
    : undefined;
}

function groupExecutorError(executor: ExecutorInfo, tasks: readonly TaskInfo[]): string | undefined {
  if (executor.type === undefined) return "'ExecutorInfo.type' must be set";
  if (executor.type === 'UNKNOWN') return 'Unknown executor type';
  if (executor.container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the executor';
  const different = tasks.find((task) => task.executor && !isSameExecutor(task.executor, executor));
  if (!different) return undefined;
  return `The \`ExecutorInfo\` of task '${different.task_id.value}' is different from executor '${executor.executor_id.value}'`;
}

function minimumError({ executor_id: { value: id }, resources }: ExecutorInfo): string | undefined {
  const total = Resources.of(resources);
  const cpus = total.scalar('cpus');
  if (cpus < leastCpus) {
    const has = cpus === 0 ? 'None' : String(cpus);
    return `Executor '${id}' uses less CPUs (${has}) than the minimum required (${leastCpus})`;
  }
  const mem = total.scalar('mem');
  if (mem < leastMem) {
    const has = mem === 0 ? 'None' : `${mem}MB`;
    return `Executor '${id}' uses less memory (${has}) than the minimum required (${leastMem}MB)`;
  }
  return total.scalar('disk') > 0 ? undefined : `Executor '${id}' uses no disk`;
}

function fitError({ executor, tasks, framework, agent, available }: GroupLaunch): string | undefined {
  const isThere = agent.executorOf(framework.id, executor.executor_id.value) !== undefined;
  const total = sumOf(isThere ? tasks : [...tasks, executor]);
  if (available.contains(total)) return undefined;
  return `Total resources ${total.toString()} required by task group and its executor are more than available ${available.toString()}`;
}
