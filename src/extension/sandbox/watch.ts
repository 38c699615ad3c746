import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxEntry } from '../../api/logs.ts';
import { Disposing, type Disposable } from '../dispose.ts';
import { NotInSandbox, SandboxGone } from './errors.ts';
import { folderOf, sandboxKey, type Place } from './place.ts';

/** What became of a file or folder that is watched, or stands in a folder that is. */
export interface Change {
  readonly place: Place;
  readonly how: 'changed' | 'created' | 'deleted';
}

export interface WatchOptions {
  /** What a folder has now. */
  readonly list: (folder: Place) => Promise<readonly SandboxEntry[]>;
  readonly onChange: (changes: readonly Change[]) => void;
  /** How a file was when the editor was told of it last: what became of it before it was watched is not missed. */
  readonly seen?: (file: Place) => SandboxEntry | undefined;
  /** Between looks, in milliseconds: after a change, and after long silence. */
  readonly shortestMs?: number;
  readonly longestMs?: number;
}

/** Looks after what is open: one question for each folder that has something open, ever more seldom while nothing happens. */
export class SandboxWatch extends Disposing {
  readonly #options: Required<WatchOptions>;
  readonly #folders = new Map<string, WatchedFolder>();

  constructor({ shortestMs = 1000, longestMs = 5000, seen = () => undefined, ...options }: WatchOptions) {
    super();
    this.#options = { shortestMs, longestMs, seen, ...options };
    this.register({ dispose: () => this.#folders.forEach((folder) => folder.stop()) });
  }

  /** How many folders are looked at. */
  get size(): number {
    return this.#folders.size;
  }

  /** A file, until what is returned is disposed of. */
  file(place: Place): Disposable {
    return this.#watch({ ...place, path: folderOf(place.path) }, place.path);
  }

  /** All that stands in a folder itself. */
  folder(place: Place): Disposable {
    return this.#watch(place, undefined);
  }

  #watch(folder: Place, file: string | undefined): Disposable {
    const key = `${sandboxKey(folder)}/${folder.path}`;
    let watched = this.#folders.get(key);
    if (!watched) {
      watched = new WatchedFolder(folder, this.#options);
      this.#folders.set(key, watched);
      watched.start();
    }
    const { wants } = watched;
    const want: Want = { file, isNew: true };
    wants.add(want);
    return {
      dispose: () => {
        wants.delete(want);
        if (wants.size > 0 || this.#folders.get(key)?.wants !== wants) return;
        this.#folders.get(key)?.stop();
        this.#folders.delete(key);
      },
    };
  }
}

interface Want {
  /** Undefined: all of the folder. */
  readonly file: string | undefined;
  /** Nothing was looked at for it yet. */
  isNew: boolean;
}

class WatchedFolder {
  readonly wants = new Set<Want>();
  readonly #folder: Place;
  readonly #options: Required<WatchOptions>;
  readonly #stopped = new AbortController();
  #before: ReadonlyMap<string, SandboxEntry> | undefined;

  constructor(folder: Place, options: Required<WatchOptions>) {
    this.#folder = folder;
    this.#options = options;
  }

  start(): void {
    void this.#run(this.#stopped.signal);
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { shortestMs, longestMs, onChange } = this.#options;
    const stopped = (): boolean => signal.aborted;
    let pause = shortestMs;
    while (!stopped()) {
      const changes = await this.#look();
      if (stopped()) return;
      const wanted = changes.filter((change) => this.#isWanted(change));
      if (wanted.length > 0) onChange(wanted);
      pause = wanted.length > 0 ? shortestMs : Math.min(longestMs, pause * 1.5);
      // Rejects only where it is aborted, which ends the pause as well.
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  #isWanted({ place }: Change): boolean {
    return [...this.wants].some(({ file }) => file === undefined || file === place.path);
  }

  /** What is different from the last look; the first one finds nothing. */
  async #look(): Promise<Change[]> {
    let now: ReadonlyMap<string, SandboxEntry>;
    try {
      now = new Map((await this.#options.list(this.#folder)).map((entry) => [entry.path, entry]));
    } catch (error) {
      // While its agent or the service is away nobody knows; a folder that is gone has lost all that was in it.
      if (!(error instanceof SandboxGone) && !(error instanceof NotInSandbox)) return [];
      now = new Map();
    }
    const before = this.#before ?? now;
    this.#before = now;
    const was = new Map(before);
    for (const want of this.wants) {
      const seen =
        want.isNew && want.file !== undefined ? this.#options.seen(this.#at(want.file)) : undefined;
      if (seen) was.set(seen.path, seen);
      want.isNew = false;
    }
    const changes: Change[] = [];
    for (const [path, entry] of now) {
      const old = was.get(path);
      if (!old) changes.push({ place: this.#at(path), how: 'created' });
      else if (isOther(old, entry)) changes.push({ place: this.#at(path), how: 'changed' });
    }
    for (const path of was.keys())
      if (!now.has(path)) changes.push({ place: this.#at(path), how: 'deleted' });
    return changes;
  }

  #at(path: string): Place {
    return { ...this.#folder, path };
  }
}

function isOther(a: SandboxEntry, b: SandboxEntry): boolean {
  return a.size !== b.size || a.modified !== b.modified || a.kind !== b.kind;
}
