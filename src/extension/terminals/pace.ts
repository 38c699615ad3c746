import { setTimeout as delay } from 'node:timers/promises';

/** A terminal that is given more than it can draw hangs the editor, which cannot ask for less. Bytes a second. */
const fastest = 4 * 1024 * 1024;
/** So much at once waits for nothing: what a person reads is less. */
const small = 4096;

/** Waits as long as a terminal needs for so many bytes. Rejects where the signal aborts. */
export async function drawn(bytes: number, signal: AbortSignal): Promise<void> {
  if (bytes > small) await delay((bytes / fastest) * 1000, undefined, { signal });
}
