import type { IncomingMessage } from 'node:http';
import type { CommandInfo, ContainerId } from '../../../mesos/types.ts';
import { messageOf } from '../../../host/errors.ts';
import type { OperatorCall } from '../../http/operatorEndpoint.ts';
import { accepted, badRequest, json, ok, text, type Answer, type Reply } from '../../http/reply.ts';
import type { AgentState } from '../state.ts';
import { levelsOf, nameOf, rootOf } from './containerIds.ts';
import { takeInput } from './inputCalls.ts';
import { NestedContainer } from './nestedContainer.ts';
import { removeNestedSandbox } from './nestedSandbox.ts';
import { findRoot, type Root } from './root.ts';
import type { WindowSize } from './sessionCommand.ts';
import { startNested, type Started } from './startNested.ts';

/** Of containers that are over it is known for a while how. */
const mostEnded = 1000;
const usualSize: WindowSize = { rows: 24, columns: 80 };
const killSignal = 9;

/** The body of LAUNCH_NESTED_CONTAINER and its like. */
export interface NestedLaunch {
  readonly container_id: ContainerId;
  readonly command?: CommandInfo;
  readonly container?: {
    readonly type?: string;
    readonly tty_info?: { readonly window_size?: WindowSize };
  };
}

/** Of an answer that is a stream of records. */
type StreamHeaders = Readonly<Record<string, string>>;

/** Nested containers: commands beside tasks and executors, in their sandboxes, while those run. */
export class NestedContainers {
  readonly #state: AgentState;
  /** By name: being started, or running. */
  readonly #living = new Map<string, NestedContainer | undefined>();
  /** Wait statuses. */
  readonly #ended = new Map<string, number>();

  constructor(state: AgentState) {
    this.#state = state;
  }

  /** LAUNCH_NESTED_CONTAINER: one with a sandbox of its own, to which its output goes. */
  async launch(call: NestedLaunch): Promise<Reply> {
    const launched = await this.#launch(call, false);
    if (!(launched instanceof NestedContainer)) return launched;
    this.#run(launched);
    return ok();
  }

  /** LAUNCH_NESTED_CONTAINER_SESSION: in its parent's sandbox, answered with its output, and ended with that. */
  async launchSession(call: NestedLaunch, headers: StreamHeaders): Promise<Reply> {
    const launched = await this.#launch(call, true);
    if (!(launched instanceof NestedContainer)) return launched;
    return {
      status: 200,
      headers,
      opened: (stream) => {
        launched.attachOwner(stream);
        this.#run(launched);
      },
    };
  }

  /** ATTACH_CONTAINER_INPUT. */
  attachInput(stream: IncomingMessage, decode: (record: Buffer) => OperatorCall | string): Promise<Reply> {
    return takeInput(stream, decode, (id) => this.#attachable(id));
  }

  /** ATTACH_CONTAINER_OUTPUT: what it writes from now on. */
  attachOutput(id: ContainerId, headers: StreamHeaders): Reply {
    const found = this.#attachable(id);
    if (!(found instanceof NestedContainer)) return found;
    return {
      status: 200,
      headers,
      opened: (stream) => found.attach(stream),
    };
  }

  /** WAIT_(NESTED_)CONTAINER; `type` names the answer. */
  async wait(type: string, id: ContainerId): Promise<Reply> {
    const name = nameOf(id);
    const root = id.parent ? undefined : findRoot(this.#state, id.value);
    const status = this.#ended.get(name) ?? (await (this.#living.get(name)?.ended ?? root?.ended()));
    if (status === undefined) return unknown(id);
    return json({ type, [type.toLowerCase()]: { exit_status: status } });
  }

  /** KILL_(NESTED_)CONTAINER. SIGKILL ends all of it; another signal is for its first process. */
  kill(id: ContainerId, signal = killSignal): Reply {
    const container = this.#living.get(nameOf(id));
    const root = id.parent ? undefined : findRoot(this.#state, id.value);
    if (container && signal === killSignal) container.kill();
    else if (container) container.signal(signal);
    else if (root) root.signal(signal);
    else return text(404, `Container '${nameOf(id)}' cannot be found (or is already killed)`);
    return ok();
  }

  /** REMOVE_(NESTED_)CONTAINER: of one that is over. */
  async remove(id: ContainerId): Promise<Reply> {
    const name = nameOf(id);
    if (this.#living.has(name)) return text(500, 'Nested container has not terminated yet');
    const root = findRoot(this.#state, rootOf(id));
    if (!root) return text(500, 'Unknown root container');
    this.#ended.delete(name);
    await removeNestedSandbox(root.sandbox, levelsOf(id));
    return ok();
  }

  /** As GET_CONTAINERS shows them on request: the id without its parent, as Mesos has it. */
  views(): object[] {
    return [...this.#living.values()].flatMap((container) =>
      container
        ? {
            container_id: { value: container.id.value },
            container_status: {
              container_id: container.id,
              ...(container.pid === undefined ? {} : { executor_pid: container.pid }),
            },
          }
        : [],
    );
  }

  /** Ends all. */
  async stop(): Promise<void> {
    const living = [...this.#living.values()].filter((one) => one !== undefined);
    for (const container of living) container.kill();
    await Promise.all(living.map(({ ended }) => ended));
  }

  async #launch(call: NestedLaunch, isSession: boolean): Promise<NestedContainer | Answer> {
    const { container_id: id, command = {}, container } = call;
    const name = nameOf(id);
    if (this.#living.has(name)) return accepted();
    if (this.#ended.has(name)) return badRequest(`Container ${name} already exists`);
    if (container?.type === 'DOCKER') return badRequest('The provided ContainerInfo is not supported');
    const root = this.#parentOf(id);
    if (!root) return badRequest(`Parent container ${id.parent ? nameOf(id.parent) : ''} does not exist`);
    const terminal = container?.tty_info && (container.tty_info.window_size ?? usualSize);
    this.#living.set(name, undefined);
    let started: Started | string | undefined;
    try {
      started = await startNested(this.#state, root, { id, command, terminal, isSession });
    } catch (error) {
      started = messageOf(error);
    }
    if (started === undefined || typeof started === 'string') {
      this.#living.delete(name);
      // It may have ended meanwhile.
      return badRequest(started ?? `Parent container ${root.containerId} does not exist`);
    }
    return this.#keep(started, { id, terminal, isSession }, root);
  }

  #keep(
    { command, sink, close }: Started,
    { id, terminal, isSession }: { id: ContainerId; terminal: WindowSize | undefined; isSession: boolean },
    root: Root,
  ): NestedContainer {
    const hasTerminal = terminal !== undefined;
    const container = new NestedContainer({
      ...{ id, command, hasTerminal, isAttachable: isSession || hasTerminal },
      ...(sink ? { sink } : {}),
    });
    const name = nameOf(id);
    this.#living.set(name, container);
    void container.ended.then((status) => {
      close?.();
      this.#living.delete(name);
      this.#ended.set(name, status);
      for (const old of [...this.#ended.keys()].slice(0, -mostEnded)) this.#ended.delete(old);
    });
    endWith(root.ending, container);
    const above = id.parent && this.#living.get(nameOf(id.parent));
    void above?.ended.then(() => container.kill());
    return container;
  }

  #run(container: NestedContainer): void {
    container.run().catch((error: unknown) => {
      this.#state.log(`container ${nameOf(container.id)}: ${messageOf(error)}`);
      container.kill();
    });
  }

  /** The root below which a parent lives. */
  #parentOf({ parent }: ContainerId): Root | undefined {
    if (!parent || (parent.parent && !this.#living.get(nameOf(parent)))) return undefined;
    return findRoot(this.#state, rootOf(parent));
  }

  #attachable(id: ContainerId): NestedContainer | Answer {
    const container = this.#living.get(nameOf(id));
    if (container?.isAttachable) return container;
    // By its root alone it is known that there is no such container.
    if (!findRoot(this.#state, rootOf(id))) return unknown(id);
    if (id.parent && !container) return text(500, `Unknown container ${nameOf(id)}`);
    return text(500, 'I/O switchboard server was disabled for this container');
  }
}

/** Ends a container once the signal is aborted. */
function endWith(signal: AbortSignal, container: NestedContainer): void {
  const kill = (): void => container.kill();
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill);
  void container.ended.then(() => signal.removeEventListener('abort', kill));
}

function unknown(id: ContainerId): Answer {
  return text(404, `Container ${nameOf(id)} cannot be found`);
}
