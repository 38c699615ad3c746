import type { FrameworkInfo, TaskInfo } from '../../mesos/types.ts';

export interface EnvironmentParts {
  readonly framework: FrameworkInfo;
  readonly task: TaskInfo;
  readonly agentId: string;
  /** `slave(1)@127.0.0.1:5051`. */
  readonly agentPid: string;
  readonly sandbox: string;
  readonly role: string;
  /** The agent's own PATH: all that a task inherits. */
  readonly path: string;
}

/** Where the agent itself has no PATH. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a command task finds in its environment: what Mesos's agent gives, then the command's own variables. */
export function taskEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { framework, task, agentId, agentPid, sandbox, role, path } = parts;
  const endpoint = agentPid.replace(/^.*@/, '');
  const own = (task.command?.environment?.variables ?? []).map(
    ({ name, value }) => [name, value ?? ''] as const,
  );
  return {
    LIBPROCESS_IP: endpoint.replace(/:\d+$/, ''),
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: endpoint,
    MESOS_ALLOCATION_ROLE: role,
    MESOS_CHECKPOINT: framework.checkpoint ? '1' : '0',
    MESOS_DIRECTORY: sandbox,
    MESOS_EXECUTOR_ID: task.task_id.value,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
    MESOS_FRAMEWORK_ID: framework.id?.value ?? '',
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    ...(framework.checkpoint ? { MESOS_RECOVERY_TIMEOUT: '15mins' } : {}),
    MESOS_SANDBOX: sandbox,
    MESOS_SLAVE_ID: agentId,
    MESOS_SLAVE_PID: agentPid,
    ...(framework.checkpoint ? { MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs' } : {}),
    PATH: path,
    PWD: sandbox,
    ...Object.fromEntries(own),
  };
}
