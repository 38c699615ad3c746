/**
 * Waits for all of them to end, well or not, then throws the first error. Where something has to be rolled back, nothing may
 * still be under way.
 */
export async function together<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const values: T[] = [];
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
    values.push(result.value);
  }
  return values;
}
