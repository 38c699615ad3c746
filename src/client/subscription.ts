import { setTimeout as delay } from 'node:timers/promises';
import { clusterEvent, type ClusterEvent } from '../api/people.ts';
import type { Topic } from '../api/topics.ts';
import { ServiceProblem, ServiceUnreachable, UnexpectedAnswer } from './errors.ts';
import { EventParser, type ServerSentEvent } from './eventParser.ts';
import { open, unreachable, type ServiceAddress } from './transport.ts';

/** What a subscription may be narrowed to; `runsTopic` and `runTopic` make those of pages. */
export type { Topic } from '../api/topics.ts';

export interface SubscriptionHandlers {
  /** A snapshot first, and after each new connection; whole new views in between. */
  event(event: ClusterEvent): void;
  /** The stream is open. */
  connected?(): void;
  /** The stream broke, or could not be opened; it is tried again by itself. */
  disconnected?(error: Error): void;
}

/** The events that this version knows. */
const ours: ReadonlySet<string> = new Set<ClusterEvent['type']>([
  ...(['snapshot', 'cluster', 'agents', 'frameworks', 'offers', 'task'] as const),
  ...(['dags', 'runs', 'run', 'mesosTasks', 'problem'] as const),
]);

/** The service says something each 15 s; after more than twice that of silence the connection is dead. */
const silenceMs = 35_000;
const firstPauseMs = 250;
const longestPauseMs = 5000;

/** Follows the service's events until the signal is aborted. Rejects where trying again is pointless. */
export async function subscribe(
  address: ServiceAddress,
  token: string,
  handlers: SubscriptionHandlers,
  options: { readonly signal: AbortSignal; readonly topics?: readonly Topic[] },
): Promise<void> {
  const { signal } = options;
  const wanted = options.topics?.map((topic) => encodeURIComponent(topic)).join(',');
  const path = `/v1/subscription${wanted === undefined ? '' : `?topics=${wanted}`}`;
  let wait = firstPauseMs;
  while (!signal.aborted) {
    try {
      const answer = await open(address, { method: 'GET', path, token, signal });
      answer.setTimeout(silenceMs, () => answer.destroy(new Error('the service fell silent')));
      handlers.connected?.();
      const parser = new EventParser();
      for await (const bytes of answer as AsyncIterable<Uint8Array>) {
        for (const sent of parser.push(bytes)) {
          const event = eventOf(sent);
          if (event) handlers.event(event);
        }
        wait = firstPauseMs;
      }
      handlers.disconnected?.(new ServiceUnreachable(address, 'the service ended the stream'));
    } catch (thrown) {
      const error = asStreamError(address, thrown, signal);
      if (!error) return;
      if (!(error instanceof ServiceUnreachable) && !isPassing(error)) throw error;
      handlers.disconnected?.(error);
    }
    // Full jitter: clients that lost one service don't come back all at once.
    await delay(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, longestPauseMs);
  }
}

/** The events as an iterable; ends when the signal is aborted, and throws as `subscribe` rejects. */
export async function* eventsOf(
  follow: (handlers: SubscriptionHandlers, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<ClusterEvent, void, undefined> {
  const left = new AbortController();
  const waiting: ClusterEvent[] = [];
  let wake = (): void => undefined;
  let end: { readonly error?: unknown } | undefined;
  follow(
    {
      event: (event) => {
        waiting.push(event);
        wake();
      },
    },
    AbortSignal.any([signal, left.signal]),
  ).then(
    () => {
      end = {};
      wake();
    },
    (error: unknown) => {
      end = { error };
      wake();
    },
  );
  try {
    for (;;) {
      const event = waiting.shift();
      if (event) yield event;
      else if (end) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    left.abort();
  }
}

/** An event of a type that a newer service has is left out. */
function eventOf(sent: ServerSentEvent): ClusterEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(sent.data);
  } catch {
    throw new UnexpectedAnswer('GET /v1/subscription', 'an event is not JSON');
  }
  const parsed = clusterEvent.safeParse(value);
  if (parsed.success) return parsed.data;
  const type = typeof value === 'object' && value && 'type' in value ? String(value.type) : '';
  if (!ours.has(type)) return undefined;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new UnexpectedAnswer(
    'GET /v1/subscription',
    `an event "${type}" is not as this version has it: ${place}`,
  );
}

/** Overloaded or not yet up: it may be better in a moment. */
function isPassing(error: Error): boolean {
  return error instanceof ServiceProblem && (error.status >= 500 || error.status === 429);
}

function asStreamError(address: ServiceAddress, thrown: unknown, signal: AbortSignal): Error | undefined {
  if (signal.aborted) return undefined;
  if (
    thrown instanceof ServiceProblem ||
    thrown instanceof ServiceUnreachable ||
    thrown instanceof UnexpectedAnswer
  ) {
    return thrown;
  }
  return unreachable(address, thrown, signal);
}
