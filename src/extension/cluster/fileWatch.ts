import fs from 'node:fs';
import path from 'node:path';
import { Disposing } from '../dispose.ts';

/**
 * Tells when one file of a folder came, changed or went, also while the folder isn't there: then the nearest one above it
 * that is there is watched. Costs nothing while nothing happens. Where it cannot watch (some network file systems), it
 * stays silent.
 */
export class FileWatch extends Disposing {
  readonly #folder: string;
  readonly #name: string;
  readonly #onChange: () => void;
  #watcher: fs.FSWatcher | undefined;
  #watched: string | undefined;

  constructor(file: string, onChange: () => void) {
    super();
    this.#folder = path.dirname(file);
    this.#name = path.basename(file);
    this.#onChange = onChange;
    this.register({ dispose: () => this.#watcher?.close() });
    this.#arm();
  }

  /** Watches the nearest folder that exists, unless it is the one watched already. */
  #arm(): void {
    if (this.disposed) return;
    // Looked at again once it is watched: a nearer folder that was made just before would never be told of.
    for (let folder = this.#nearest(); folder !== this.#watched; folder = this.#nearest()) {
      this.#watcher?.close();
      this.#watched = undefined;
      try {
        this.#watcher = fs.watch(folder, { persistent: false }, (_kind, name) => this.#changed(name));
      } catch {
        // Gone since, or not to be watched: those who need to be sure also look now and then.
        return;
      }
      this.#watched = folder;
      this.#watcher.on('error', () => this.#lost());
    }
  }

  #nearest(): string {
    let folder = this.#folder;
    while (!fs.existsSync(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
    return folder;
  }

  #changed(name: string | null): void {
    if (this.#watched === this.#folder) {
      // Its own folder is busy with other files: a store, logs.
      if (name !== null && name !== this.#name && name !== path.basename(this.#folder)) return;
      if (!fs.existsSync(this.#folder)) this.#lost();
      else this.#onChange();
      return;
    }
    const before = this.#watched;
    this.#arm();
    // What happens in a folder above concerns us only where it brought us nearer.
    if (before !== this.#watched) this.#onChange();
  }

  #lost(): void {
    this.#watched = undefined;
    this.#arm();
    this.#onChange();
  }
}
