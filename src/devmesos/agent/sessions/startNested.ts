import { randomUUID } from 'node:crypto';
import type { CommandInfo, ContainerId } from '../../../mesos/types.ts';
import { NotRunningError } from '../container.ts';
import type { AgentState } from '../state.ts';
import { defaultPath, executorEnvironment } from '../taskEnvironment.ts';
import { levelsOf } from './containerIds.ts';
import { makeNestedSandbox, openNestedOutputs } from './nestedSandbox.ts';
import { ProcessCommand } from './processCommand.ts';
import type { Root } from './root.ts';
import type { OutputSink, SessionCommand, WindowSize } from './sessionCommand.ts';
import { findTerminalProgram } from './terminalProgram.ts';

export interface NestedStart {
  readonly id: ContainerId;
  readonly command: CommandInfo;
  /** Undefined: pipes. */
  readonly terminal: WindowSize | undefined;
  /** Without a sandbox of its own. */
  readonly isSession: boolean;
}

export interface Started {
  readonly command: SessionCommand;
  /** Takes what it writes. */
  readonly sink?: OutputSink;
  /** Called when it has ended. */
  readonly close?: () => void;
}

/**
 * Starts a command beside what runs in a root container. Undefined: that has ended. A text: why it can't be started. Throws
 * where the machine refuses.
 */
export async function startNested(
  state: AgentState,
  root: Root,
  start: NestedStart,
): Promise<Started | string | undefined> {
  if (!root.isDocker) return startProcess(state, root, start);
  if (!root.openSession || !start.isSession) return 'Nested containers are not supported';
  const { command, terminal } = start;
  try {
    const opened = await root.openSession({
      command,
      variables: variablesOf(command),
      hidden: Object.keys(variablesOf(root.command)),
      terminal,
    });
    return { command: opened };
  } catch (error) {
    if (error instanceof NotRunningError) return undefined;
    throw error;
  }
}

async function startProcess(
  state: AgentState,
  root: Root,
  { id, command, terminal, isSession }: NestedStart,
): Promise<Started | string | undefined> {
  const path = process.env.PATH ?? defaultPath;
  const program = terminal && findTerminalProgram(state.options.terminalPython, process.argv[1] ?? '', path);
  if (terminal && !program) return 'A terminal needs Python on this agent: there is no python3 in its PATH';
  // Its own user, or else its parent's.
  const asked = command.user === undefined ? root.command : command;
  const user = await state.users.userOf(root.framework, { command: asked });
  // It may have ended meanwhile, and its nested containers with it.
  if (root.ending.aborted) return undefined;
  const folder = isSession ? root.sandbox : makeNestedSandbox(root.sandbox, levelsOf(id), user);
  const outputs = isSession ? undefined : openNestedOutputs(folder, user);
  const key = randomUUID();
  const mark = user && state.marks?.take();
  const running = new ProcessCommand({
    ...{ key, mark, command, user },
    sandbox: folder,
    env: {
      ...environment(state, root, command, folder, path),
      // By these its processes are known, as the root's and as its own.
      MESOS_DIRECTORY: root.sandbox,
      DEVMESOS_SESSION: key,
    },
    marks: [root.mark, mark].filter((one) => one !== undefined),
    terminal: terminal && program ? { ...program, size: terminal } : undefined,
    table: state.processes,
    log: state.log,
  });
  void running.ended.then(() => {
    if (mark !== undefined) state.marks?.free(mark);
  });
  return { command: running, ...outputs };
}

/** What the executor's environment has of Mesos, and what the call names; nothing of the task's own variables. */
function environment(
  state: AgentState,
  { framework, executorId }: Root,
  command: CommandInfo,
  sandbox: string,
  path: string,
): Record<string, string> {
  return executorEnvironment({
    ...{ framework, command, sandbox, path },
    agentId: state.id?.value ?? '',
    agentPid: state.pid,
    executorId: executorId.value,
    shutdownGrace: state.options.executorShutdownGrace,
    longestBackoff: state.options.executorReregistrationTimeout,
  });
}

function variablesOf({ environment: own }: CommandInfo): Record<string, string> {
  return Object.fromEntries((own?.variables ?? []).map(({ name, value }) => [name, value ?? '']));
}
