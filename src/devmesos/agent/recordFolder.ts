import fs from 'node:fs/promises';
import path from 'node:path';

/** A folder with a file of JSON per container: what an agent leaves to one that comes after its sudden end. */
export class RecordFolder<Kept> {
  readonly #folder: string;
  /** The last write of each container: they go one after the other. */
  readonly #writes = new Map<string, Promise<void>>();
  /** What is to be written where that hasn't begun, and when it is. */
  readonly #waiting = new Map<string, { make: () => Kept; written: Promise<void> }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when a container is written as it was then, or later: of several that wait only the newest is. */
  put(containerId: string, make: () => Kept): Promise<void> {
    const waiting = this.#waiting.get(containerId);
    if (waiting) {
      waiting.make = make;
      return waiting.written;
    }
    const entry = { make, written: Promise.resolve() };
    this.#waiting.set(containerId, entry);
    entry.written = this.#after(containerId, async () => {
      this.#waiting.delete(containerId);
      const file = this.#fileOf(containerId);
      await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      // Whole or not at all, but not forced to the disk: what it says is worth nothing after the machine's end.
      await fs.writeFile(`${file}.new`, JSON.stringify(entry.make()), { mode: 0o600 });
      await fs.rename(`${file}.new`, file);
    });
    return entry.written;
  }

  /** With what else there is of it: files of the folder. */
  remove(containerId: string, others: readonly string[] = []): Promise<void> {
    const files = [this.#fileOf(containerId), ...others];
    return this.#after(containerId, async () => {
      for (const file of files) await fs.rm(file, { force: true });
    });
  }

  /** Resolves when all that was asked for is written. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }

  /** All that an earlier agent left. A file that can't be read is dropped: it was never whole. */
  async read(): Promise<Kept[]> {
    await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const kept: Kept[] = [];
    for (const name of await fs.readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      const one = name.endsWith('.json')
        ? (parse(await fs.readFile(file, 'utf8')) as Kept | undefined)
        : undefined;
      if (one) kept.push(one);
      else if (/\.json(\.new)?$/.test(name)) await fs.rm(file, { force: true });
    }
    return kept;
  }

  /** Never rejects because an earlier write did. */
  #after(containerId: string, write: () => Promise<void>): Promise<void> {
    const done = (this.#writes.get(containerId) ?? Promise.resolve()).then(write, write);
    this.#writes.set(containerId, done);
    const forget = (): void => {
      if (this.#writes.get(containerId) === done) this.#writes.delete(containerId);
    };
    done.then(forget, forget);
    return done;
  }

  #fileOf(containerId: string): string {
    return path.join(this.#folder, `${containerId}.json`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
