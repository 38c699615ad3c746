/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { why?: string; next?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('it was not rejected');
}
