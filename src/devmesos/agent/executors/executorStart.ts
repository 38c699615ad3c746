import { messageOf } from '../../../host/errors.ts';
import { makeSandbox, sandboxPath } from '../sandbox.ts';
import type { AgentState } from '../state.ts';
import { defaultPath, executorEnvironment } from '../taskEnvironment.ts';
import { unsupportedPart } from '../unsupported.ts';
import type { TaskUser } from '../userSwitch.ts';
import type { Executor, Termination } from './executor.ts';
import { ExecutorProcess } from './executorProcess.ts';

/** It ended, or was ended, and there is no more to say. */
export const terminated: Termination = {
  state: 'TASK_FAILED',
  message: 'Executor terminated',
  reason: 'REASON_EXECUTOR_TERMINATED',
};

/** Why an executor was not started. */
export class NotStartedError extends Error {
  readonly termination: Termination;
  constructor(termination: Termination) {
    super(termination.message);
    this.name = 'NotStartedError';
    this.termination = termination;
  }
}

/** Makes an executor's sandbox and starts it there. Rejects with NotStartedError. */
export async function startExecutor(state: AgentState, executor: Executor): Promise<ExecutorProcess> {
  const user = await prepare(state, executor);
  const { info, framework, containerId, sandbox } = executor;
  const { command = {}, container } = info;
  const unsupported =
    container?.type === 'DOCKER'
      ? 'executors in Docker containers are not supported by this development agent'
      : unsupportedPart({ ...(container ? { container } : {}) })?.message;
  if (unsupported !== undefined) throw launchFailure(unsupported);
  const { signal } = executor.starting;
  try {
    await state.fetcher.fetch({ containerId, uris: command.uris ?? [], sandbox, user, signal });
    if (user) executor.mark = state.marks?.take();
    return new ExecutorProcess({
      command,
      sandbox,
      env: executorEnvironment({
        framework,
        command,
        executorId: executor.id.value,
        shutdownGrace: shutdownGrace(state, executor),
        longestBackoff: state.options.executorReregistrationTimeout,
        agentId: state.id?.value ?? '',
        agentPid: state.pid,
        ...(state.options.credentials ? { token: executor.token } : {}),
        sandbox,
        path: process.env.PATH ?? defaultPath,
      }),
      user,
      mark: executor.mark,
      table: state.processes,
      onProblem: (problem) => state.log(`executor ${executor.id.value}: ${problem}`),
    });
  } catch (error) {
    if (signal.aborted) throw new NotStartedError(terminated);
    throw launchFailure(messageOf(error));
  }
}

/** Milliseconds from SHUTDOWN to SIGKILL. */
export function shutdownGrace(state: AgentState, { info }: Executor): number {
  const own = info.shutdown_grace_period;
  return own ? own.nanoseconds / 1e6 : state.options.executorShutdownGrace;
}

async function prepare(state: AgentState, executor: Executor): Promise<TaskUser | undefined> {
  const { workDir } = state.options;
  const { framework, info, containerId } = executor;
  const place = {
    agentId: state.id?.value ?? '',
    frameworkId: framework.id.value,
    executorId: executor.id.value,
    containerId,
  };
  try {
    const user = await state.users.userOf(framework, info);
    executor.sandbox = await makeSandbox(workDir, place);
    for (const task of executor.tasks.values()) task.sandbox = executor.sandbox;
    return user;
  } catch (error) {
    const isAware = framework.capabilities?.some(({ type }) => type === 'PARTITION_AWARE') ?? false;
    throw new NotStartedError({
      state: isAware ? 'TASK_DROPPED' : 'TASK_LOST',
      message: `Failed to create executor directory '${sandboxPath(workDir, place)}': ${messageOf(error)}`,
      reason: 'REASON_EXECUTOR_TERMINATED',
    });
  }
}

function launchFailure(why: string): NotStartedError {
  return new NotStartedError({
    state: 'TASK_FAILED',
    message: why.startsWith('Failed to launch container') ? why : `Failed to launch container: ${why}`,
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
  });
}
