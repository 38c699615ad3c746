import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { CommandInfo, ContainerId, TaskInfo } from '../../../mesos/types.ts';
import { RecordDecoder, RecordIOError } from '../../../mesos/recordio.ts';
import { messageOf } from '../../../host/errors.ts';
import { decodeCall, type OperatorCall, type OperatorEndpoint } from '../../http/operatorEndpoint.ts';
import { recordTypeError, streamHeaders } from '../../http/negotiation.ts';
import { badRequest, json, ok, text, type Answer, type Reply } from '../../http/reply.ts';
import type { HttpRequest } from '../../http/server.ts';
import { isTerminal } from '../../taskView.ts';
import type { AgentTask } from '../agentTask.ts';
import { NotRunningError } from '../container.ts';
import type { AgentState } from '../state.ts';
import { defaultPath } from '../taskEnvironment.ts';
import { ProcessCommand } from './processCommand.ts';
import { Session } from './session.ts';
import type { SessionCommand, WindowSize } from './sessionCommand.ts';
import { findTerminalProgram } from './terminalProgram.ts';

/** Of sessions that are over it is known for a while how. */
const mostEnded = 100;
const usualSize: WindowSize = { rows: 24, columns: 80 };
/** Of a call that brings input: 64 KiB of it as base64, and what is around. */
const longestInput = 1024 * 1024;

interface LaunchSession {
  readonly container_id: ContainerId;
  readonly command?: CommandInfo;
  readonly container?: { readonly tty_info?: { readonly window_size?: WindowSize } };
}

interface AttachInput {
  readonly type?: 'CONTAINER_ID' | 'PROCESS_IO';
  readonly container_id?: ContainerId;
  readonly process_io?: {
    readonly data?: { readonly type?: string; readonly data?: string };
    readonly control?: { readonly type?: string; readonly tty_info?: { readonly window_size?: WindowSize } };
  };
}

/** Nested container sessions: commands in the sandboxes of tasks, while those run. */
export class Sessions {
  readonly #state: AgentState;
  readonly #living = new Map<string, Session>();
  /** Wait statuses. */
  readonly #ended = new Map<string, number>();

  constructor(state: AgentState) {
    this.#state = state;
  }

  /** LAUNCH_NESTED_CONTAINER_SESSION. */
  async launch(call: LaunchSession, request: HttpRequest): Promise<Reply> {
    const { container_id: id, command = {}, container } = call;
    if (!id.parent)
      return badRequest("Failed to validate agent::Call: Expecting 'container_id.parent' to be present");
    const task = this.#taskIn(id.parent.value);
    if (!task?.info) return badRequest(`Parent container ${id.parent.value} does not exist`);
    const name = nameOf(id);
    if (this.#living.has(name) || this.#ended.has(name))
      return badRequest(`Container ${name} already exists`);
    const size = container?.tty_info && (container.tty_info.window_size ?? usualSize);
    const running = await this.#start(task, task.info, command, size);
    if (running === undefined) return badRequest(`Parent container ${id.parent.value} does not exist`);
    if (typeof running === 'string') return badRequest(running);
    const session = new Session(running, size !== undefined);
    this.#keep(name, session);
    endWith(task.ending.signal, session);
    return {
      status: 200,
      headers: streamHeaders(request.headers),
      opened: (stream) => {
        session.sendTo(stream).catch((error: unknown) => {
          this.#state.log(`session ${name}: ${messageOf(error)}`);
          session.kill();
        });
      },
    };
  }

  /** ATTACH_CONTAINER_INPUT, a request that is a stream of calls: the container's id, then what is for it. */
  async attachInput(
    stream: IncomingMessage,
    request: HttpRequest,
    endpoint: OperatorEndpoint,
  ): Promise<Reply> {
    const wrongType = recordTypeError(request.headers);
    if (wrongType) return wrongType;
    const calls: (OperatorCall | string)[] = [];
    const decoder = new RecordDecoder((record) => calls.push(decodeCall(endpoint, record)), {
      maxLength: longestInput,
    });
    let session: Session | undefined;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        decoder.push(chunk);
        for (const call of calls.splice(0)) {
          const taken = await this.#takeInput(call, session);
          if (!(taken instanceof Session)) return taken;
          session = taken;
        }
      }
    } catch (error) {
      if (error instanceof RecordIOError) return badRequest(error.message);
      // The client has gone: the session ends with its output.
      return badRequest(messageOf(error));
    }
    return ok();
  }

  async #takeInput(call: OperatorCall | string, session: Session | undefined): Promise<Session | Answer> {
    if (typeof call === 'string') return badRequest(call);
    if (call.type !== 'ATTACH_CONTAINER_INPUT')
      return badRequest(`Expecting ATTACH_CONTAINER_INPUT, not ${call.type}`);
    const input = call.attach_container_input as AttachInput;
    if (!session) {
      if (input.type !== 'CONTAINER_ID' || !input.container_id)
        return badRequest("Expecting 'attach_container_input.container_id' in the first record");
      return this.#living.get(nameOf(input.container_id)) ?? unknown(input.container_id);
    }
    const { data, control } = input.process_io ?? {};
    const size = control?.tty_info?.window_size;
    if (size) session.resize(size);
    if (data?.type === 'STDIN') await session.write(Buffer.from(data.data ?? '', 'base64'));
    return session;
  }

  /** WAIT_(NESTED_)CONTAINER; `type` names the answer. */
  async wait(type: string, id: ContainerId): Promise<Reply> {
    const name = nameOf(id);
    const status = this.#ended.get(name) ?? (await this.#living.get(name)?.ended);
    if (status === undefined) return unknown(id);
    return json({ type, [type.toLowerCase()]: { exit_status: status } });
  }

  /** KILL_(NESTED_)CONTAINER. */
  kill(id: ContainerId): Reply {
    const session = this.#living.get(nameOf(id));
    if (!session) return text(404, `Container '${nameOf(id)}' cannot be found (or is already killed)`);
    session.kill();
    return ok();
  }

  /** REMOVE_(NESTED_)CONTAINER: of one that is over. */
  remove(id: ContainerId): Reply {
    const name = nameOf(id);
    if (this.#living.has(name)) return text(500, `Nested container has not terminated yet`);
    this.#ended.delete(name);
    return ok();
  }

  /** Ends all. */
  async stop(): Promise<void> {
    const living = [...this.#living.values()];
    for (const session of living) session.kill();
    await Promise.all(living.map(({ ended }) => ended));
  }

  /** Undefined: the task has ended. A text: it can't be started. */
  async #start(
    task: AgentTask,
    info: TaskInfo,
    command: CommandInfo,
    terminal: WindowSize | undefined,
  ): Promise<SessionCommand | string | undefined> {
    if (task.container?.openSession) {
      try {
        return await task.container.openSession({
          command,
          variables: variablesOf(command),
          hidden: Object.keys(variablesOf(info.command ?? {})),
          terminal,
        });
      } catch (error) {
        if (error instanceof NotRunningError) return undefined;
        return `The session could not be started: ${messageOf(error)}`;
      }
    }
    const program =
      terminal && findTerminalProgram(this.#state.options.terminalPython, process.argv[1] ?? '', this.#path);
    if (terminal && !program) return 'A terminal needs Python on this agent: there is no python3 in its PATH';
    const user = await this.#state.users.userOf(task.framework, info);
    // It may have ended meanwhile, and its sessions with it.
    if (task.ending.signal.aborted) return undefined;
    const key = randomUUID();
    const mark = user && this.#state.marks?.take();
    const running = new ProcessCommand({
      key,
      mark,
      command,
      sandbox: task.sandbox,
      env: this.#environment(task, command, key),
      user,
      marks: [task.mark, mark].filter((one) => one !== undefined),
      terminal: terminal && program ? { ...program, size: terminal } : undefined,
      table: this.#state.processes,
      log: this.#state.log,
    });
    void running.ended.then(() => {
      if (mark !== undefined) this.#state.marks?.free(mark);
    });
    return running;
  }

  #keep(name: string, session: Session): void {
    this.#living.set(name, session);
    void session.ended.then((status) => {
      this.#living.delete(name);
      this.#ended.set(name, status);
      for (const old of [...this.#ended.keys()].slice(0, -mostEnded)) this.#ended.delete(old);
    });
  }

  #taskIn(container: string): AgentTask | undefined {
    return [...this.#state.tasks.values()].find(
      (task) => task.containerId === container && task.container && !isTerminal(task.view.state),
    );
  }

  get #path(): string {
    return process.env.PATH ?? defaultPath;
  }

  /** As Mesos has it: where the sandbox is, and what the call names; nothing of the task's own variables. */
  #environment(task: AgentTask, command: CommandInfo, key: string): Record<string, string> {
    return {
      PATH: this.#path,
      ...variablesOf(command),
      PWD: task.sandbox,
      MESOS_SANDBOX: task.sandbox,
      // By these its processes are known, as the task's and as the session's.
      MESOS_DIRECTORY: task.sandbox,
      DEVMESOS_SESSION: key,
    };
  }
}

function variablesOf({ environment }: CommandInfo): Record<string, string> {
  return Object.fromEntries((environment?.variables ?? []).map(({ name, value }) => [name, value ?? '']));
}

/** Ends a session once the signal is aborted. */
function endWith(signal: AbortSignal, session: Session): void {
  const kill = (): void => session.kill();
  signal.addEventListener('abort', kill);
  void session.ended.then(() => signal.removeEventListener('abort', kill));
}

function nameOf({ value, parent }: ContainerId): string {
  return parent ? `${nameOf(parent)}.${value}` : value;
}

function unknown(id: ContainerId): Answer {
  return text(404, `Container ${nameOf(id)} cannot be found`);
}
