/** What the framework keeps on the disk. One writer: whoever opens it holds the cluster's lock. */
export class Store {
  /** The id that Mesos gave us; null before the first subscription and after the framework was removed. */
  get frameworkId(): string | null {
    throw new Error('not built yet');
  }

  /** Changes whenever the history begins anew. */
  get epoch(): string {
    throw new Error('not built yet');
  }

  /** Closes the file. The framework must be stopped before. */
  close(): void {
    throw new Error('not built yet');
  }
}

/**
 * Opens the store, made with mode 0600 if it isn't there, and brings its schema up to date.
 * @throws StoreUnusable if it is from a newer version, or no store
 */
export function openStore(file: string, uuid: () => string): Store {
  throw new Error(`not built yet: ${file} ${uuid()}`);
}
