import type { CommandInfo, ExecutorInfo } from '../../mesos/types.ts';
import type { ProtobufCodec } from '../protobuf/codec.ts';
import { Resources } from '../resources.ts';
import type { Agent } from './agent.ts';
import type { Framework } from './framework.ts';
import { idError } from '../idValidation.ts';

/** What is wrong with a command, or nothing. `whose`: as the error names it. */
export function commandError(
  command: CommandInfo | undefined,
  whose: 'Executor' | 'Task',
): string | undefined {
  for (const { name, value, type } of command?.environment?.variables ?? []) {
    const invalid = `${whose}'s \`CommandInfo\` is invalid: Environment variable '${name}' of type`;
    if ((type ?? 'VALUE') === 'VALUE' && value === undefined)
      return `${invalid} 'VALUE' must have a value set`;
    if (type === 'SECRET') return `${invalid} 'SECRET' is not supported by this development master`;
  }
  return undefined;
}

/** What is wrong with an executor that a task or a group names, in Mesos' words and order; undefined: nothing. */
export function executorError(
  executor: ExecutorInfo,
  framework: Framework,
  agent: Agent,
  codec: () => ProtobufCodec,
): string | undefined {
  return (
    typeError(executor) ??
    idError(executor.executor_id.value) ??
    graceError(executor) ??
    commandError(executor.command, 'Executor') ??
    containerError(executor) ??
    frameworkIdError(executor, framework) ??
    resourcesError(executor) ??
    compatibilityError(executor, framework, agent, codec)
  );
}

function typeError({ type, command, container }: ExecutorInfo): string | undefined {
  if (type === 'CUSTOM')
    return command ? undefined : "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  if (type !== 'DEFAULT') return undefined;
  if (command) return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  if (container && container.type !== 'MESOS') {
    return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
  }
  return container?.mesos && 'image' in container.mesos
    ? "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor"
    : undefined;
}

function graceError({ shutdown_grace_period: grace }: ExecutorInfo): string | undefined {
  return (grace?.nanoseconds ?? 0) < 0
    ? "ExecutorInfo's 'shutdown_grace_period' must be non-negative"
    : undefined;
}

function containerError({ container }: ExecutorInfo): string | undefined {
  return container?.type === 'DOCKER' && !container.docker
    ? "Executor's `ContainerInfo` is invalid: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo"
    : undefined;
}

function frameworkIdError({ framework_id: id }: ExecutorInfo, framework: Framework): string | undefined {
  if (!id) return "'ExecutorInfo.framework_id' must be set";
  return id.value === framework.id
    ? undefined
    : `ExecutorInfo has an invalid FrameworkID (Actual: ${id.value} vs Expected: ${framework.id})`;
}

function resourcesError({ resources = [] }: ExecutorInfo): string | undefined {
  const roles = new Set(resources.map(({ allocation_info }) => allocation_info?.role));
  if (roles.size > 1) {
    return `Invalid executor resources: The resources have multiple allocation roles (${[...roles].join(', ')}) but only one allocation role is allowed`;
  }
  return Number.isInteger(Resources.of(resources).scalar('gpus'))
    ? undefined
    : "Executor uses invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer";
}

const line = '-'.repeat(60);

function compatibilityError(
  executor: ExecutorInfo,
  framework: Framework,
  agent: Agent,
  codec: () => ProtobufCodec,
): string | undefined {
  const existing = agent.executorOf(framework.id, executor.executor_id.value)?.info;
  if (!existing || isSameExecutor(existing, executor)) return undefined;
  const textOf = (info: ExecutorInfo): string => codec().text('ExecutorInfo', info);
  return [
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.',
    line,
    'Existing ExecutorInfo:',
    textOf(existing),
    line,
    'ExecutorInfo:',
    textOf(executor),
    line,
    '',
  ].join('\n');
}

/** Whether two mean the same executor: labels and grace period may differ, sets are in any order. */
export function isSameExecutor(a: ExecutorInfo, b: ExecutorInfo): boolean {
  return a === b || identityOf(a) === identityOf(b);
}

function identityOf(info: ExecutorInfo): string {
  const { type, executor_id, framework_id, data = '', name = '', source = '' } = info;
  return JSON.stringify([
    [type, executor_id.value, framework_id?.value, data, name, source],
    Resources.of(info.resources).toString().split('; ').sort(),
    identityOfCommand(info.command ?? {}),
    [info.container ?? null, info.discovery ?? null].map(sorted),
  ]);
}

function identityOfCommand(command: CommandInfo): unknown {
  const { value = '', user = '', shell = true, arguments: argv = [], uris = [], environment } = command;
  const variables = environment?.variables ?? [];
  const inAnyOrder = (items: readonly object[]): string[] => items.map((item) => sorted(item)).sort();
  return [value, user, shell, argv, inAnyOrder(uris), inAnyOrder(variables)];
}

/** As JSON, with fields in the order of their names. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}
