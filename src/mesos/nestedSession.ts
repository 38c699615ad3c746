// A command in the container of a task, with somebody at its input and outputs: LAUNCH_NESTED_CONTAINER_SESSION,
// ATTACH_CONTAINER_INPUT and WAIT_NESTED_CONTAINER of an agent.
import http from 'node:http';
import https from 'node:https';
import { randomUUID } from 'node:crypto';
import type { Authorization } from './authorization.ts';
import { drained } from './drained.ts';
import { MesosUnreachableError, UnexpectedAnswerError } from './errors.ts';
import { parseAddress } from './http.ts';
import { encodeRecord, RecordDecoder } from './recordio.ts';
import type { CommandInfo, ContainerId } from './types.ts';
import { V1Api } from './v1Api.ts';

export interface NestedSessionOptions {
  /** The agent's, `http://host:port`. */
  readonly address: string;
  readonly authorization?: Authorization;
  /** The task's container. */
  readonly parent: ContainerId;
  readonly command: CommandInfo;
  /** Of the terminal that the command gets; absent: pipes. */
  readonly tty?: { readonly rows: number; readonly columns: number };
  readonly signal?: AbortSignal;
}

export interface SessionOutput {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

/** As long as a timer can be: a session lasts as long as somebody uses it. Milliseconds. */
const noLimit = 2 ** 31 - 1;
/** Its end is known this soon after its outputs ended, or not at all. Milliseconds. */
const statusMs = 10_000;
const longestRecord = 64 * 1024 * 1024;

/**
 * Starts it: resolves once the agent has taken it.
 * @throws MesosHttpError: 400 no such container, or not there; MesosUnreachableError, NoAnswerError, the signal's reason
 */
export async function openNestedSession(options: NestedSessionOptions): Promise<NestedSession> {
  const { address, authorization, parent, command, tty, signal } = options;
  const api = new V1Api({ address, ...(authorization ? { authorization } : {}) });
  const containerId = { value: randomUUID(), parent };
  const container = tty && { type: 'MESOS', tty_info: { window_size: tty } };
  const call = {
    type: 'LAUNCH_NESTED_CONTAINER_SESSION',
    launch_nested_container_session: {
      container_id: containerId,
      command,
      ...(container ? { container } : {}),
    },
  };
  try {
    const { response } = await api.stream(call, signal);
    const input = await openInput(options, containerId);
    return new NestedSession(options, api, containerId, response, input);
  } catch (error) {
    api.close();
    throw error;
  }
}

/** A session that runs. It ends where its output is no longer taken. */
export class NestedSession {
  /** What the command writes, until it and all that it started has ended. Rejects where the connection breaks. */
  readonly output: AsyncIterable<SessionOutput>;
  /** Its wait status, as waitpid gives it; undefined where it cannot be known. */
  readonly status: Promise<number | undefined>;
  readonly #api: V1Api;
  readonly #waiting: V1Api;
  readonly #input: http.ClientRequest;
  readonly #hasTerminal: boolean;

  constructor(
    { address, authorization, tty }: NestedSessionOptions,
    api: V1Api,
    id: ContainerId,
    response: http.IncomingMessage,
    input: http.ClientRequest,
  ) {
    this.#api = api;
    this.#input = input;
    this.#hasTerminal = tty !== undefined;
    this.#waiting = new V1Api({ address, answerMs: noLimit, ...(authorization ? { authorization } : {}) });
    // Asked before it ends: an agent may forget a session that is over.
    const status = this.#waiting
      .ask({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: id } }, {})
      .then(
        ({ exit_status: known }: { exit_status?: number }) => known,
        () => undefined,
      );
    let over = (): void => undefined;
    const closed = new Promise<void>((resolve) => (over = resolve));
    this.status = Promise.race([status, closed.then(() => within(status))]);
    this.output = outputOf(response, api.endpoint, over);
  }

  /** Resolves when more can be written. */
  write(data: Buffer): Promise<void> {
    return this.#send({ type: 'DATA', data: { type: 'STDIN', data: data.toString('base64') } });
  }

  /** The command reads the end of its input: at a terminal, where an agent knows of none, Ctrl-D. */
  endInput(): Promise<void> {
    if (this.#hasTerminal) return this.write(Buffer.from('\x04'));
    return this.#send({ type: 'DATA', data: { type: 'STDIN', data: '' } });
  }

  resize(rows: number, columns: number): Promise<void> {
    const tty_info = { window_size: { rows, columns } };
    return this.#send({ type: 'CONTROL', control: { type: 'TTY_INFO', tty_info } });
  }

  /** Lets go of it, which ends it. */
  close(): void {
    this.#input.destroy();
    this.#api.close();
    this.#waiting.close();
  }

  async #send(process_io: object): Promise<void> {
    const input = this.#input;
    if (input.destroyed) return;
    const call = {
      type: 'ATTACH_CONTAINER_INPUT',
      attach_container_input: { type: 'PROCESS_IO', process_io },
    };
    if (input.write(encodeRecord(JSON.stringify(call)))) return;
    await drained(input);
  }
}

/** The request that brings the input: it stays open. */
async function openInput(
  { address, authorization }: NestedSessionOptions,
  id: ContainerId,
): Promise<http.ClientRequest> {
  const url = new URL('api/v1', parseAddress(address));
  const header = await authorization?.();
  const headers = {
    'Content-Type': 'application/recordio',
    'Message-Content-Type': 'application/json',
    Accept: 'application/json',
    ...(header === undefined ? {} : { Authorization: header }),
  };
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST',
    headers,
    agent: false,
  });
  // What breaks it breaks the output, too, where it is told.
  request.on('error', () => undefined);
  request.on('response', (answer) => answer.resume());
  const attach = { type: 'CONTAINER_ID', container_id: id };
  const call = { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: attach };
  request.write(encodeRecord(JSON.stringify(call)));
  return request;
}

async function* outputOf(
  response: http.IncomingMessage,
  from: URL,
  over: () => void,
): AsyncGenerator<SessionOutput, void, undefined> {
  let come: SessionOutput[] = [];
  const decoder = new RecordDecoder((record) => come.push(...outputIn(record, from)), {
    maxLength: longestRecord,
  });
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      decoder.push(chunk);
      const outputs = come;
      come = [];
      yield* outputs;
    }
  } catch (error) {
    throw error instanceof UnexpectedAnswerError ? error : new MesosUnreachableError(from, error);
  } finally {
    over();
    response.destroy();
  }
}

/** A record's output; none in what is for keeping the connection alive. */
function outputIn(record: Buffer, from: URL): SessionOutput[] {
  let io: { readonly type?: string; readonly data?: { readonly type?: string; readonly data?: string } };
  try {
    io = JSON.parse(record.toString()) as typeof io;
  } catch {
    throw new UnexpectedAnswerError(from, 'a record of a session is not JSON');
  }
  if (io.type !== 'DATA' || io.data?.data === undefined) return [];
  const stream = io.data.type === 'STDERR' ? 'stderr' : 'stdout';
  return [{ stream, data: Buffer.from(io.data.data, 'base64') }];
}

async function within(status: Promise<number | undefined>): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), statusMs)));
  try {
    return await Promise.race([status, late]);
  } finally {
    clearTimeout(timer);
  }
}
