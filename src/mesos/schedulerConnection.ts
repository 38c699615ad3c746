import type { Authorization } from './authorization.ts';
import type { Backoff } from './backoff.ts';
import { CallQueue } from './callQueue.ts';
import { pause, type Clock } from './clock.ts';
import { within } from './deadline.ts';
import {
  CallLostError,
  FrameworkFailedOverError,
  FrameworkRemovedError,
  MesosHttpError,
  NoAnswerError,
  NotSubscribedError,
  StoppedError,
  StreamEndedError,
  SubscriptionRefusedError,
  UnexpectedAnswerError,
} from './errors.ts';
import type { UnknownEvent } from './eventParsing.ts';
import { EventStream } from './eventStream.ts';
import { Connections, httpError, post, requireJson, type Answer } from './http.ts';
import { parseSchedulerEvent, refusal } from './schedulerEvents.ts';
import type { FrameworkInfo, Id, SchedulerCall, SchedulerEvent } from './types.ts';

export interface SchedulerConnectionOptions {
  /** Scheduler endpoints, tried in turn. */
  endpoints: readonly URL[];
  authorization: Authorization | undefined;
  clock: Clock;
  backoff: Backoff;
  answerMs: number;
  missedHeartbeats: number;
  maxRecordLength: number | undefined;
}

export interface SchedulerConnectionListener {
  onEvent(event: SchedulerEvent | UnknownEvent): void;
  onDisconnected(cause: Error, fatal: boolean): void;
}

/**
 * - `idle`: not started, or stopped.
 * - `connecting`: a SUBSCRIBE is on its way to a master, or to where that one redirects.
 * - `subscribing`: a master opened the stream; its first event, SUBSCRIBED or ERROR, is awaited.
 * - `subscribed`: events come, calls can be made.
 * - `waiting`: no master took us; the next round begins after a pause.
 * - `refused`: the master won't have this framework; nothing is tried any more.
 */
export type ConnectionState = 'idle' | 'connecting' | 'subscribing' | 'subscribed' | 'waiting' | 'refused';

/** What the connection does in a state; resolves with what it does next, if anything. */
type Phase = (signal: AbortSignal) => Promise<Phase | undefined>;

/** A call that is wrong in itself, or credentials that are: the same answer would come each time. */
const fatalStatuses: ReadonlySet<number> = new Set([400, 401, 403, 405, 406, 413, 415]);
/** Seconds; what every Mesos master so far announces. */
const usualHeartbeat = 15;

/** Subscribes a framework and keeps it subscribed: the state machine behind SchedulerClient. */
export class SchedulerConnection {
  readonly #options: SchedulerConnectionOptions;
  readonly #listener: SchedulerConnectionListener;
  #frameworkInfo: FrameworkInfo;
  #state: ConnectionState = 'idle';
  #stopping: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();
  #queue: CallQueue | undefined;
  /** Attempts since the last subscription that lasted; tells which master is next, and when a round is over. */
  #attempts = 0;
  #isTearingDown = false;

  constructor(
    frameworkInfo: FrameworkInfo,
    options: SchedulerConnectionOptions,
    listener: SchedulerConnectionListener,
  ) {
    this.#frameworkInfo = frameworkInfo;
    this.#options = options;
    this.#listener = listener;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** As given, with the id that a master gave. Setting it takes effect with the next subscription. */
  get frameworkInfo(): FrameworkInfo {
    return this.#frameworkInfo;
  }

  set frameworkInfo(info: FrameworkInfo) {
    this.#frameworkInfo = info;
  }

  start(): void {
    if (this.#stopping) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.#ended = this.#ended.then(() => this.#run(stopping));
  }

  stop(): Promise<void> {
    this.#stopping?.abort(new StoppedError());
    this.#stopping = undefined;
    return this.#ended;
  }

  /** @throws NotSubscribedError, or as CallQueue.send. */
  async send(call: SchedulerCall): Promise<void> {
    const id = this.#frameworkInfo.id;
    if (!this.#queue || !id) throw new NotSubscribedError(call.type);
    await this.#queue.send({ ...call, framework_id: id });
  }

  /** @throws as `send`. */
  async teardown(): Promise<void> {
    this.#isTearingDown = true;
    try {
      await this.send({ type: 'TEARDOWN' });
    } catch (error) {
      // The master ends the stream without an ERROR when it has torn the framework down; that can be here before the answer.
      if (error instanceof CallLostError && error.cause instanceof FrameworkRemovedError) return;
      this.#isTearingDown = false;
      throw error;
    }
  }

  async #run(stopping: AbortController): Promise<void> {
    const { signal } = stopping;
    this.#attempts = 0;
    this.#isTearingDown = false;
    this.#options.backoff.reset();
    let phase: Phase | undefined = (s) => this.#connecting(s);
    while (phase && !signal.aborted) phase = await phase(signal);
    if (signal.aborted) this.#state = 'idle';
    if (this.#stopping === stopping) this.#stopping = undefined;
  }

  async #connecting(signal: AbortSignal): Promise<Phase | undefined> {
    this.#state = 'connecting';
    const { endpoints } = this.#options;
    const endpoint = endpoints[this.#attempts % endpoints.length];
    if (!endpoint) throw new TypeError('no master to connect to');
    this.#attempts++;
    const connections = new Connections();
    let answer: Answer;
    try {
      answer = await this.#subscribe(endpoint, connections, signal);
    } catch (error) {
      connections.close();
      const cause = error instanceof Error ? error : new Error(String(error));
      const fatal = cause instanceof MesosHttpError && fatalStatuses.has(cause.status);
      return this.#failed(cause, fatal, signal);
    }
    // At once, in this turn: an abort must find the stream's owner there.
    return this.#streaming(answer, connections, signal);
  }

  async #subscribe(endpoint: URL, connections: Connections, signal: AbortSignal): Promise<Answer> {
    const { authorization, clock, answerMs } = this.#options;
    const info = this.#frameworkInfo;
    const call: SchedulerCall = { type: 'SUBSCRIBE', subscribe: { framework_info: info } };
    // The id must be in both places or in none.
    const body = JSON.stringify(info.id ? { ...call, framework_id: info.id } : call);
    const late = () => new NoAnswerError(endpoint, answerMs);
    return within({ clock, ms: answerMs, late, signal }, async (either) => {
      const answer = await post(endpoint, body, { connections, authorization, signal: either });
      const { statusCode, headers } = answer.response;
      if (statusCode !== 200) throw await httpError(answer, either);
      requireJson(answer);
      if (typeof headers['mesos-stream-id'] !== 'string') {
        throw new UnexpectedAnswerError(answer.url, 'it gives no Mesos-Stream-Id');
      }
      return answer;
    });
  }

  async #streaming(
    answer: Answer,
    connections: Connections,
    signal: AbortSignal,
  ): Promise<Phase | undefined> {
    const { clock, backoff, answerMs, maxRecordLength } = this.#options;
    this.#state = 'subscribing';
    const began = clock.now();
    let queue: CallQueue | undefined;
    const cause = await new Promise<Error>((resolve) => {
      const stream = new EventStream<SchedulerEvent | UnknownEvent>(answer, {
        parse: parseSchedulerEvent,
        onEvent: (event) => {
          if (event.type === 'SUBSCRIBED') queue ??= this.#subscribed(event, answer, stream);
          if (event.type === 'ERROR') stream.close(refusal(event.error.message));
          else this.#listener.onEvent(event);
        },
        onEnd: (why) => {
          const ended = this.#isTearingDown && why instanceof StreamEndedError ? tornDown() : why;
          this.#state = 'connecting';
          this.#queue = undefined;
          queue?.close(ended);
          resolve(ended);
        },
        clock,
        silenceMs: answerMs,
        maxRecordLength,
      });
      const stop = () => stream.close(new StoppedError());
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    connections.close();
    if (queue) this.#attempts = 0;
    if (queue && clock.now() - began > backoff.maxMs) backoff.reset();
    return this.#failed(cause, isRefusal(cause), signal);
  }

  /** Here, not after the event has been handed on: a listener may make calls at once. */
  #subscribed(
    event: SchedulerEvent & { type: 'SUBSCRIBED' },
    answer: Answer,
    stream: EventStream<unknown>,
  ): CallQueue {
    const { authorization, clock, answerMs, missedHeartbeats } = this.#options;
    const id: Id = event.subscribed.framework_id;
    this.#frameworkInfo = { ...this.#frameworkInfo, id };
    stream.allowSilence(heartbeatSeconds(event) * missedHeartbeats * 1000);
    this.#queue = new CallQueue({
      url: answer.url,
      streamId: String(answer.response.headers['mesos-stream-id']),
      authorization,
      clock,
      answerMs,
      onBroken: (cause) => stream.close(cause),
    });
    this.#state = 'subscribed';
    return this.#queue;
  }

  /** The end of an attempt or of a subscription: told, and then the next master, or a pause, or nothing more. */
  #failed(cause: Error, fatal: boolean, signal: AbortSignal): Phase | undefined {
    if (signal.aborted) return undefined;
    this.#state = fatal ? 'refused' : 'waiting';
    this.#listener.onDisconnected(cause, fatal);
    if (fatal) return undefined;
    const isRoundOver = this.#attempts % this.#options.endpoints.length === 0;
    return isRoundOver ? (s) => this.#waiting(s) : (s) => this.#connecting(s);
  }

  async #waiting(signal: AbortSignal): Promise<Phase | undefined> {
    this.#state = 'waiting';
    await pause(this.#options.clock, this.#options.backoff.next(), signal);
    return (s) => this.#connecting(s);
  }
}

/** The heartbeat that the master announces, in seconds. */
export function heartbeatSeconds(event: SchedulerEvent & { type: 'SUBSCRIBED' }): number {
  const announced = event.subscribed.heartbeat_interval_seconds ?? 0;
  return announced > 0 ? announced : usualHeartbeat;
}

function isRefusal(cause: Error): boolean {
  return (
    cause instanceof FrameworkRemovedError ||
    cause instanceof FrameworkFailedOverError ||
    cause instanceof SubscriptionRefusedError
  );
}

function tornDown(): Error {
  return new FrameworkRemovedError('torn down on demand');
}
