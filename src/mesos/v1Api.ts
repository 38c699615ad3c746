import type { Authorization } from './authorization.ts';
import { systemClock, type Clock } from './clock.ts';
import { within } from './deadline.ts';
import { MesosUnreachableError, NoAnswerError, UnexpectedAnswerError } from './errors.ts';
import { isObject } from './eventParsing.ts';
import { Connections, httpError, parseAddress, post, readBody, requireJson, type Answer } from './http.ts';

export interface V1ApiOptions {
  /** `http://host:port` of a master or agent. */
  address: string;
  authorization?: Authorization;
  /** Milliseconds for a whole answer; default 30,000. */
  answerMs?: number;
  /** Bytes of an answer, or of one event; default 256 MiB: the state of a big cluster is long. */
  maxLength?: number;
  /** Calls under way at a time, the others wait; default as many as are made. */
  connections?: number;
  clock?: Clock;
}

/** A call as it goes over the wire: its type, and its body under the type's name in small letters. */
export interface V1Call {
  type: string;
  [body: string]: unknown;
}

/** What one call may be given. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** The operator endpoint, `/api/v1`, of a master or of an agent. */
export class V1Api {
  readonly clock: Clock;
  readonly answerMs: number;
  readonly maxLength: number;
  readonly endpoint: URL;
  readonly #authorization: Authorization | undefined;
  readonly #connections: Connections;

  /** @throws InvalidAddressError */
  constructor(options: V1ApiOptions) {
    this.endpoint = new URL('api/v1', parseAddress(options.address));
    this.#authorization = options.authorization;
    this.#connections = new Connections(options.connections);
    this.clock = options.clock ?? systemClock;
    this.answerMs = options.answerMs ?? 30_000;
    this.maxLength = options.maxLength ?? 256 * 1024 * 1024;
  }

  /**
   * Asks something, and returns the part of the answer that is named after the call: of GET_AGENTS, `get_agents`.
   * Empty where the answer has no such part, as Mesos leaves out empty messages.
   * @throws MesosHttpError, MesosUnreachableError, NoAnswerError, UnexpectedAnswerError, RedirectError, or the reason
   *   of the signal.
   */
  async ask(call: V1Call, { signal }: CallOptions): Promise<object> {
    const text = (await this.bytes(call, { signal })).toString();
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new UnexpectedAnswerError(this.endpoint, 'it says JSON and sends something else');
    }
    if (!isObject(answer)) throw new UnexpectedAnswerError(this.endpoint, 'it sends no JSON object');
    const part = answer[call.type.toLowerCase()];
    return isObject(part) ? part : {};
  }

  /** As `ask`, the whole answer as it came: what is long need not become text and an object first. @throws as `ask`. */
  async bytes(call: V1Call, { signal }: CallOptions): Promise<Buffer> {
    const attempt = () =>
      this.#within(signal, async (either) => {
        const answer = await this.#post(call, either);
        if (!isSuccess(answer)) throw await httpError(answer, either);
        requireJson(answer);
        return readBody(answer, this.maxLength, either);
      });
    try {
      return await attempt();
    } catch (error) {
      // A kept-alive connection may just have been closed by the other side. To ask twice does no harm.
      if (error instanceof MesosUnreachableError && error.code === 'ECONNRESET') return attempt();
      throw error;
    }
  }

  /** Makes a call that is answered by success alone. Never sent twice. @throws as `ask`. */
  async tell(call: V1Call, { signal }: CallOptions): Promise<void> {
    await this.#within(signal, async (either) => {
      const answer = await this.#post(call, either);
      if (!isSuccess(answer)) throw await httpError(answer, either);
      await readBody(answer, this.maxLength, either);
    });
  }

  /** Opens a stream: its head has come, and is well. @throws as `ask`. */
  stream(call: V1Call, signal: AbortSignal | undefined): Promise<Answer> {
    return this.#within(signal, async (either) => {
      const answer = await this.#post(call, either);
      if (!isSuccess(answer)) throw await httpError(answer, either);
      requireJson(answer);
      return answer;
    });
  }

  /** Closes all connections; calls under way fail. */
  close(): void {
    this.#connections.close();
  }

  #within<T>(signal: AbortSignal | undefined, work: (either: AbortSignal) => Promise<T>): Promise<T> {
    const late = () => new NoAnswerError(this.endpoint, this.answerMs);
    return within({ clock: this.clock, ms: this.answerMs, late, signal }, work);
  }

  #post(call: V1Call, signal: AbortSignal): Promise<Answer> {
    const options = { connections: this.#connections, authorization: this.#authorization, signal };
    return post(this.endpoint, JSON.stringify(call), options);
  }
}

function isSuccess({ response }: Answer): boolean {
  return response.statusCode === 200 || response.statusCode === 202;
}
