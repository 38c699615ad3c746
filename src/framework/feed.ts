import type { EventEmitter } from 'node:events';
import { CursorTooOld } from './errors.ts';
import type { Store } from './store.ts';
import type { Clock, EventPage, FrameworkEvents } from './types.ts';

/** The cursor of now. */
export function cursorOf(store: Store): string {
  return `${store.epoch}:${store.events.last()}`;
}

/** @throws CursorTooOld */
export function eventsAfter(
  store: Store,
  deployment: string,
  after: string | null,
  limit: number,
): EventPage {
  if (after === null) return { cursor: cursorOf(store), events: [] };
  const [, epoch, digits] = /^(.*):(\d+)$/.exec(after) ?? [];
  const seq = Number(digits);
  const last = store.events.last();
  if (epoch !== store.epoch || seq < store.events.pruned(deployment) || seq > last)
    throw new CursorTooOld(after);
  const found = store.events.after(deployment, seq, limit);
  // A full page may have more behind it; otherwise all up to the last event of any deployment was looked at.
  const reached = found.length === limit ? (found.at(-1)?.seq ?? seq) : last;
  return { cursor: `${store.epoch}:${reached}`, events: found.map(({ event }) => event) };
}

/** Waits for the first event after a cursor. An empty page when the time is up or the signal aborts. */
export function waitForEvents(
  store: Store,
  emitter: EventEmitter<FrameworkEvents>,
  clock: Clock,
  deployment: string,
  after: string | null,
  wait: { ms: number; limit: number; signal?: AbortSignal | undefined },
): Promise<EventPage> {
  return new Promise((resolve) => {
    const first = eventsAfter(store, deployment, after, wait.limit);
    if (first.events.length > 0 || wait.ms <= 0 || wait.signal?.aborted) {
      resolve(first);
      return;
    }
    const finish = () => {
      timer.cancel();
      emitter.off('event', look);
      wait.signal?.removeEventListener('abort', finish);
      // Looked up in the resolution, so that a cursor pruned meanwhile rejects.
      resolve(Promise.resolve().then(() => eventsAfter(store, deployment, first.cursor, wait.limit)));
    };
    const look = (event: { deployment: string }) => {
      if (event.deployment === deployment) finish();
    };
    const timer = clock.after(wait.ms, finish);
    emitter.on('event', look);
    wait.signal?.addEventListener('abort', finish, { once: true });
  });
}
