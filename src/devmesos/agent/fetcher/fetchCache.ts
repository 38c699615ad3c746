import { rm, stat } from 'node:fs/promises';
import path from 'node:path';

interface Entry {
  readonly file: string;
  /** Whether it is there: false where its download failed, or there was no room. */
  readonly ready: Promise<boolean>;
  settle: (isThere: boolean) => void;
  /** Bytes; what the server says until it is there. */
  size: number;
  /** Fetches under way that use it. */
  users: number;
  /** Of its last use, counted up. */
  used: number;
}

/** A fetch's hold on a file of the cache, until it is released. */
export interface Claim {
  readonly file: string;
  /** Whoever claims a file first brings it there. */
  readonly isFirst: boolean;
  /** Resolves, for those that are not the first, with whether the file is there. */
  readonly ready: Promise<boolean>;
  /** By the first, once: it is there, or won't be. */
  settle(isThere: boolean): Promise<void>;
  readonly isSettled: boolean;
  release(): void;
}

/**
 * Files that tasks fetched with `cache`, by user and URI. As on Mesos a file once there is never asked for again, and those
 * that nobody uses make room for new ones, the longest unused first.
 */
export class FetchCache {
  readonly #folder: string;
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry>();
  #names = 0;
  #uses = 0;

  /** `capacity`: bytes. */
  constructor(folder: string, capacity: number) {
    this.#folder = folder;
    this.#capacity = capacity;
  }

  /** Removes what an earlier agent process kept. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Where a user's files are. */
  folderOf(user: string): string {
    return path.join(this.#folder, user);
  }

  /**
   * Undefined: it can't be kept, because it is too large or its size (`sizeOf`, bytes) isn't known.
   * @param name the file's, where it is new: `c<number>-<name>`
   */
  async claim(
    user: string,
    uri: string,
    name: string,
    sizeOf: () => Promise<number>,
  ): Promise<Claim | undefined> {
    const key = `${user} ${uri}`;
    const known = this.#entries.get(key);
    if (known) return this.#hold(key, known, false);
    const entry = this.#add(key, user, name);
    const claim = this.#hold(key, entry, true);
    try {
      const size = await sizeOf();
      if (await this.#makeRoom(size)) {
        entry.size = size;
        return claim;
      }
    } catch {
      // Asking for the file itself will show what is wrong.
    }
    await claim.settle(false);
    claim.release();
    return undefined;
  }

  /** Bytes. */
  get used(): number {
    return [...this.#entries.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #add(key: string, user: string, name: string): Entry {
    let settle: (isThere: boolean) => void = () => undefined;
    const ready = new Promise<boolean>((resolve) => (settle = resolve));
    this.#names += 1;
    // A name's bytes are limited, and the end says how to extract it.
    const file = path.join(this.folderOf(user), `c${this.#names}-${name.slice(-60)}`);
    const entry: Entry = { file, ready, settle, size: 0, users: 0, used: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  #hold(key: string, entry: Entry, isFirst: boolean): Claim {
    entry.users += 1;
    entry.used = this.#uses += 1;
    let isHeld = true;
    let isSettled = false;
    return {
      file: entry.file,
      isFirst,
      ready: entry.ready,
      get isSettled() {
        return isSettled;
      },
      settle: async (isThere) => {
        isSettled = true;
        const found = isThere ? await stat(entry.file).catch(() => undefined) : undefined;
        if (found) entry.size = found.size;
        else await this.#drop(key, entry);
        entry.settle(found !== undefined);
      },
      release: () => {
        if (isHeld) entry.users -= 1;
        isHeld = false;
      },
    };
  }

  async #makeRoom(size: number): Promise<boolean> {
    const unused = [...this.#entries]
      .filter(([, entry]) => entry.users === 0)
      .sort(([, a], [, b]) => a.used - b.used);
    const removable = unused.reduce((sum, [, entry]) => sum + entry.size, 0);
    if (this.used - removable + size > this.#capacity) return false;
    for (const [key, entry] of unused) {
      if (this.used + size <= this.#capacity) break;
      await this.#drop(key, entry);
    }
    return true;
  }

  async #drop(key: string, entry: Entry): Promise<void> {
    this.#entries.delete(key);
    await rm(entry.file, { force: true });
  }
}
