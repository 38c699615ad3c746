import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { DockerEngine } from './ask.ts';
import { openAnswer } from './call.ts';
import { statusOf } from './daemonError.ts';
import { jsonLines } from './jsonLines.ts';

/** Something that happened to a container. */
export interface ContainerEvent {
  readonly time: Date;
  readonly action: ContainerAction;
  /** The container's. */
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of `die`. */
  readonly exitCode?: number;
  /** Of `kill`: the signal's number. */
  readonly signal?: number;
  /** Of `health_status`. */
  readonly health?: string;
}

/** `die` is said of every end, whoever wanted it; `stop` follows where somebody did. */
const actions = [
  'create',
  'start',
  'restart',
  'die',
  'oom',
  'kill',
  'stop',
  'destroy',
  'rename',
  'update',
  'pause',
  'unpause',
  'health_status',
] as const;
export type ContainerAction = (typeof actions)[number];

/** Podman filters by its own words, and says `remove` for `destroy`. */
const ofPodman = ['died', 'remove'];

export interface EventOptions {
  /** Which containers: their labels; `undefined` as a value takes any. */
  readonly labels: Readonly<Record<string, string | undefined>>;
  /** Ends the events without an error. */
  readonly signal: AbortSignal;
  /**
   * Called each time that events stream, the first time too: list the containers then. A daemon that was restarted has
   * forgotten what happened meanwhile.
   */
  readonly onConnected?: () => void;
  /** Called once when the daemon is lost; it is asked again until it answers. */
  readonly onLost?: (error: unknown) => void;
}

const message = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.optional(z.nullable(z.record(z.string(), z.string()))) }),
  timeNano: z.number(),
});
type Message = z.infer<typeof message>;

/** The longest wait between two attempts to reach a daemon that is gone, in milliseconds. */
const longestWaitMs = 3000;
/** A daemon keeps 256 events; of what it tells again after a break none is older than these. */
const rememberedEvents = 1024;

/**
 * What happens to containers, as Docker tells it: each event once, also over a broken connection, after which the daemon is
 * asked for what came meanwhile. Throws only where the daemon refuses to tell.
 */
export async function* containerEvents(
  engine: DockerEngine,
  options: EventOptions,
): AsyncGenerator<ContainerEvent, void, undefined> {
  const { onConnected, onLost, signal } = options;
  const seen = new Set<string>();
  let since: string | undefined;
  let isLost = false;
  let waitMs = 100;
  for (;;) {
    try {
      const answer = await connect(engine, options, since);
      since ??= timeOf(answer);
      isLost = false;
      waitMs = 100;
      onConnected?.();
      for await (const line of jsonLines(answer)) {
        const event = message.parse(line);
        if (!isNew(event, seen)) continue;
        since = sinceOf(event);
        const told = eventOf(event);
        if (told) yield told;
      }
      if (!signal.aborted) throw new Error('The daemon ended its events');
    } catch (error) {
      const status = statusOf(error) ?? 0;
      if (!signal.aborted && status >= 400 && status < 500) throw error;
      if (!signal.aborted && !isLost) onLost?.(error);
      isLost = true;
    }
    if (signal.aborted) return;
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

function connect(
  engine: DockerEngine,
  { labels, signal }: EventOptions,
  since: string | undefined,
): Promise<IncomingMessage> {
  const label = Object.entries(labels).map(([key, value]) => (value === undefined ? key : `${key}=${value}`));
  return openAnswer(engine.docker, {
    method: 'GET',
    path: '/events',
    query: {
      filters: {
        type: ['container'],
        event: [...actions, ...ofPodman],
        ...(label.length > 0 ? { label } : {}),
      },
      since,
    },
    signal,
  });
}

/** The daemon's own time: its clock may be another than ours. */
function timeOf(answer: IncomingMessage): string {
  const told = Date.parse(answer.headers.date ?? '');
  return String(Math.floor((Number.isNaN(told) ? Date.now() : told) / 1000));
}

/** A little before an event: its time has more digits than a number of JavaScript, and others may have come with it. */
function sinceOf({ timeNano }: Message): string {
  return ((timeNano - 1e6) / 1e9).toFixed(6);
}

function isNew({ Action, Actor, timeNano }: Message, seen: Set<string>): boolean {
  const key = `${String(timeNano)} ${Actor.ID} ${Action}`;
  if (seen.has(key)) return false;
  seen.add(key);
  if (seen.size > rememberedEvents) {
    const [oldest] = seen;
    if (oldest !== undefined) seen.delete(oldest);
  }
  return true;
}

/** Undefined for what is not among the actions: exec_create and its like, whatever a daemon makes of the filter. */
function eventOf({ Action, Actor, timeNano }: Message): ContainerEvent | undefined {
  const [word, health] = Action.split(': ', 2);
  const action = word === 'remove' ? 'destroy' : actions.find((each) => each === word);
  if (!action) return undefined;
  // Labels and what Docker and Podman add share one table.
  const { containerExitCode, exitCode, image = '', name = '', signal, ...labels } = Actor.Attributes ?? {};
  const code = exitCode ?? containerExitCode;
  return {
    ...{ action, id: Actor.ID, name, image, labels, time: new Date(timeNano / 1e6) },
    ...(action === 'die' && code !== undefined ? { exitCode: Number(code) } : {}),
    ...(action === 'kill' && signal !== undefined ? { signal: Number(signal) } : {}),
    ...(action === 'health_status' && health !== undefined ? { health } : {}),
  };
}
