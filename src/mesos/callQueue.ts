import type { Authorization } from './authorization.ts';
import type { Clock } from './clock.ts';
import { within } from './deadline.ts';
import { CallLostError, MesosHttpError, NoAnswerError } from './errors.ts';
import { Connections, httpError, postOnce, readBody } from './http.ts';
import type { SchedulerCall } from './types.ts';

export interface CallQueueOptions {
  /** The scheduler endpoint of the master that holds the subscription. */
  url: URL;
  streamId: string;
  authorization: Authorization | undefined;
  clock: Clock;
  /** Milliseconds to wait for an answer. */
  answerMs: number;
  /** Called when calls can't go on: the connection broke, or the master knows nothing of the subscription. */
  onBroken: (cause: Error) => void;
}

/** These say that the master doesn't lead, or holds the framework for disconnected: the subscription is void. */
const voidStatuses: ReadonlySet<number> = new Set([307, 403, 503]);
const maxAnswerBytes = 1024 * 1024;

/**
 * The calls of one subscription, over one connection, each sent when the one before it has been answered: a KILL
 * must not overtake its ACCEPT. A call whose connection breaks is not sent again, since the master may have acted on it
 * (the same LAUNCH twice would report the living task as dropped); the subscription ends with it, as in libmesos.
 */
export class CallQueue {
  readonly #options: CallQueueOptions;
  readonly #connections = new Connections(1);
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CallQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the master took the call.
   * @throws MesosHttpError if it refused it, CallLostError if the subscription ended first.
   */
  send(call: SchedulerCall): Promise<void> {
    const body = JSON.stringify(call);
    const turn = this.#last.then(() => this.#post(call.type, body));
    // A failed call doesn't stop those behind it; its own caller is told.
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the call under way and drops those that wait; all reject with the cause. */
  close(cause: Error): void {
    this.#closing.abort(cause);
    this.#connections.close();
  }

  /** Why the queue was closed, if it was. */
  #closedBy(): Error | undefined {
    return this.#closing.signal.aborted ? (this.#closing.signal.reason as Error) : undefined;
  }

  async #post(call: string, body: string): Promise<void> {
    const header = this.#closedBy() ? undefined : await this.#options.authorization?.();
    const closedBefore = this.#closedBy();
    if (closedBefore) throw new CallLostError(call, false, closedBefore);
    try {
      await this.#exchange(body, header);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      if (cause instanceof MesosHttpError) {
        if (voidStatuses.has(cause.status)) this.#options.onBroken(cause);
        throw cause;
      }
      const closedBy = this.#closedBy();
      this.#options.onBroken(cause);
      throw new CallLostError(call, true, closedBy ?? cause);
    }
  }

  async #exchange(body: string, authorization: string | undefined): Promise<void> {
    const { url, streamId, clock, answerMs } = this.#options;
    const deadline = {
      clock,
      ms: answerMs,
      late: () => new NoAnswerError(url, answerMs),
      signal: this.#closing.signal,
    };
    await within(deadline, async (signal) => {
      const response = await postOnce(url, body, {
        connections: this.#connections,
        authorization: authorization === undefined ? undefined : () => authorization,
        signal,
        headers: { 'Mesos-Stream-Id': streamId },
      });
      const answer = { response, url };
      if (!isSuccess(response.statusCode)) throw await httpError(answer, signal);
      await readBody(answer, maxAnswerBytes, signal);
    });
  }
}

/** 202 for all calls but UPDATE_FRAMEWORK, which gets 200. */
function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}
