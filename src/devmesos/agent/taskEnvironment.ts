import type { CommandInfo, FrameworkInfo, TaskInfo } from '../../mesos/types.ts';
import { durationText } from '../duration.ts';

interface CommonParts {
  readonly framework: FrameworkInfo;
  readonly agentId: string;
  /** `slave(1)@127.0.0.1:5051`. */
  readonly agentPid: string;
  readonly sandbox: string;
  /** The agent's own PATH: all that a task inherits. */
  readonly path: string;
}

export interface EnvironmentParts extends CommonParts {
  readonly task: TaskInfo;
  readonly role: string;
}

export interface ExecutorParts extends CommonParts {
  readonly command: CommandInfo;
  readonly executorId: string;
  /** Milliseconds. */
  readonly shutdownGrace: number;
  /** Between two tries to reach an agent that is gone: milliseconds. */
  readonly longestBackoff: number;
  /** What it proves itself with, where the agent wants that. */
  readonly token?: string;
}

/** Where the agent itself has no PATH. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a custom executor finds in its environment: what Mesos's agent gives, then the command's own variables. */
export function executorEnvironment(parts: ExecutorParts): Record<string, string> {
  const {
    framework,
    command,
    executorId,
    shutdownGrace,
    longestBackoff,
    token,
    agentId,
    agentPid,
    sandbox,
    path,
  } = parts;
  const endpoint = agentPid.replace(/^.*@/, '');
  const own = (command.environment?.variables ?? []).map(({ name, value }) => [name, value ?? ''] as const);
  return {
    LIBPROCESS_IP: endpoint.replace(/:\d+$/, ''),
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: endpoint,
    MESOS_CHECKPOINT: framework.checkpoint ? '1' : '0',
    MESOS_DIRECTORY: sandbox,
    ...(token === undefined ? {} : { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: token }),
    MESOS_EXECUTOR_ID: executorId,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: durationText(shutdownGrace),
    MESOS_FRAMEWORK_ID: framework.id?.value ?? '',
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    ...(framework.checkpoint ? { MESOS_RECOVERY_TIMEOUT: '15mins' } : {}),
    MESOS_SANDBOX: sandbox,
    MESOS_SLAVE_ID: agentId,
    MESOS_SLAVE_PID: agentPid,
    ...(framework.checkpoint ? { MESOS_SUBSCRIPTION_BACKOFF_MAX: durationText(longestBackoff) } : {}),
    PATH: path,
    PWD: sandbox,
    ...Object.fromEntries(own),
  };
}

/** The same of a command task, which is its own executor and knows its role. */
export function taskEnvironment({ task, role, ...common }: EnvironmentParts): Record<string, string> {
  const { command = {}, task_id } = task;
  return {
    MESOS_ALLOCATION_ROLE: role,
    ...executorEnvironment({
      ...common,
      command,
      executorId: task_id.value,
      shutdownGrace: 5000,
      longestBackoff: 2000,
    }),
  };
}
