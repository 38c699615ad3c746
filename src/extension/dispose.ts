/** Whatever must be given back in the end. */
export interface Disposable {
  dispose(): unknown;
}

/** Base of what owns disposables: they go, last first, when it goes. */
export abstract class Disposing implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Owns `disposable` from now on; where this is disposed of already, it is too. */
  protected register<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const disposable of this.#owned.splice(0).reverse()) disposable.dispose();
  }
}
