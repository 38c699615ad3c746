import type {
  CheckInfo,
  CommandInfo,
  ExecutorInfo,
  FrameworkInfo,
  HealthCheck,
  TaskInfo,
} from '../mesos/types.ts';

// Fields that have a default of their own in Mesos' proto files are printed with it in JSON where they are unset, as proto2
// reflection tells Mesos; other unset fields are not printed. On the wire of protobuf they are absent.

export function printedCommand(command: CommandInfo): CommandInfo {
  const { uris, environment, ...rest } = command;
  return {
    ...(uris ? { uris: uris.map((uri) => ({ extract: true, ...uri })) } : {}),
    ...(environment
      ? {
          environment: {
            ...environment,
            ...(environment.variables
              ? { variables: environment.variables.map((one) => ({ type: 'VALUE' as const, ...one })) }
              : {}),
          },
        }
      : {}),
    shell: true,
    ...rest,
  };
}

export function printedExecutor<T extends ExecutorInfo>(info: T): T {
  return info.command ? { ...info, command: printedCommand(info.command) } : info;
}

export function printedTask(task: TaskInfo): TaskInfo {
  return {
    ...task,
    ...(task.executor ? { executor: printedExecutor(task.executor) } : {}),
    ...(task.command ? { command: printedCommand(task.command) } : {}),
  };
}

export function printedFramework<T extends FrameworkInfo>(info: T): T {
  return { failover_timeout: 0, checkpoint: false, ...info };
}

const checkTimes = { delay_seconds: 15, interval_seconds: 10, timeout_seconds: 20 } as const;

export function printedHealthCheck(check: HealthCheck): HealthCheck {
  return {
    ...checkTimes,
    consecutive_failures: 3,
    grace_period_seconds: 10,
    ...check,
    ...(check.command ? { command: printedCommand(check.command) } : {}),
  };
}

export function printedCheck(check: CheckInfo): CheckInfo {
  const { command } = check.command ?? {};
  return { ...checkTimes, ...check, ...(command ? { command: { command: printedCommand(command) } } : {}) };
}
