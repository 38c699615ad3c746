import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `condition` gives something other than undefined, null or false, and returns it; asks every `everyMs`
 * (default 20). After `limitMs` (default 30 000) it throws an error that says `what` did not come, and the last error
 * that the condition threw, if it threw.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  {
    limitMs = 30_000,
    everyMs = 20,
    what = 'the condition',
  }: { limitMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const limit = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      last = undefined;
      if (value !== undefined && value !== null && value !== false)
        return value as NonNullable<Exclude<T, false>>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > limit) throw new Error(`${what} did not come within ${limitMs} ms`, { cause: last });
    await delay(everyMs);
  }
}
