/** Why a URI can't be fetched, in the words of Mesos' fetcher where it has any. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
}
