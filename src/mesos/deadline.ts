import type { Clock } from './clock.ts';

export interface Deadline {
  clock: Clock;
  ms: number;
  /** What the work is aborted with when the time is up. */
  late: () => Error;
  /** Aborts the work too, with its own reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Does the work with a signal that aborts when the time is up or the given signal aborts, until it is done. Rejects
 * then with the reason, also where the work takes no notice.
 */
export async function within<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, ms, late, signal } = deadline;
  signal?.throwIfAborted();
  const either = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    either.signal.addEventListener('abort', () => reject(either.signal.reason as Error), { once: true });
  });
  const abort = () => either.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const cancel = clock.after(ms, () => either.abort(late()));
  try {
    return await Promise.race([work(either.signal), aborted]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', abort);
  }
}
