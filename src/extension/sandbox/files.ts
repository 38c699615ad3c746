import type { SandboxEntry } from '../../api/logs.ts';
import { ServiceProblem } from '../../client/errors.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { mostFileBytes, NotInSandbox, SandboxFileTooLarge, SandboxGone } from './errors.ts';
import { folderOf, sandboxKey, type Place } from './place.ts';

/** The part of a service's client that is needed here. */
export type SandboxClient = Pick<ServiceClient, 'sandbox' | 'sandboxFile'>;

/** The client of a cluster; rejects with an explanation where there is none. */
export type ClientOf = (cluster: string) => Promise<SandboxClient>;

/** What was listed is good for so long (milliseconds): the editor asks for a folder and then for each file in it. */
const freshMs = 500;

const mostSeen = 1000;

/** Files of sandboxes, through the service. Whatever is asked for at the same time is asked for once. */
export class SandboxFiles {
  readonly #clientOf: ClientOf;
  readonly #now: () => number;
  readonly #seen = new Map<string, SandboxEntry>();
  readonly #listings = new Map<
    string,
    { readonly at: number; readonly entries: Promise<readonly SandboxEntry[]> }
  >();

  /** `now`: a clock in milliseconds. */
  constructor(clientOf: ClientOf, now: () => number = () => performance.now()) {
    this.#clientOf = clientOf;
    this.#now = now;
  }

  /**
   * What a folder has. `fresh`: as it is now, not as it was a moment ago.
   * @throws SandboxGone, NotInSandbox, or as ServiceClient does.
   */
  list(folder: Place, fresh = false): Promise<readonly SandboxEntry[]> {
    const key = `${sandboxKey(folder)}/${folder.path}`;
    const now = this.#now();
    for (const [old, { at }] of this.#listings) if (now - at >= freshMs) this.#listings.delete(old);
    const known = fresh ? undefined : this.#listings.get(key);
    if (known) return known.entries;
    const entries = this.#ask(folder);
    this.#listings.set(key, { at: now, entries });
    entries.catch(() => this.#listings.delete(key));
    return entries;
  }

  /** What is at a place that is not the sandbox itself. Throws as `list` does. */
  async entry(place: Place): Promise<SandboxEntry> {
    const entries = await this.list({ ...place, path: folderOf(place.path) });
    const found = entries.find(({ path }) => path === place.path);
    if (!found) throw new NotInSandbox(place.path);
    const key = `${sandboxKey(place)}/${place.path}`;
    this.#seen.delete(key);
    this.#seen.set(key, found);
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= mostSeen) break;
      this.#seen.delete(oldest);
    }
    return found;
  }

  /** How a file was when it was asked for last. */
  seen(place: Place): SandboxEntry | undefined {
    return this.#seen.get(`${sandboxKey(place)}/${place.path}`);
  }

  /** A file as it stands at the first look. Throws SandboxFileTooLarge, and as `list` does. */
  async read(place: Place): Promise<Buffer> {
    const client = await this.#clientOf(place.cluster);
    const pieces: Buffer[] = [];
    let size: number | undefined;
    for (let offset = 0; size === undefined || offset < size;) {
      const piece = await client.sandboxFile(place.task, place.path, { offset }).catch((error: unknown) => {
        throw told(error, place);
      });
      size ??= piece.size;
      if (size > mostFileBytes) throw new SandboxFileTooLarge(place.path, size);
      // Cut off meanwhile: what there is.
      if (piece.data.length === 0) break;
      pieces.push(piece.data.subarray(0, size - offset));
      offset += piece.data.length;
    }
    return Buffer.concat(pieces);
  }

  async #ask(folder: Place): Promise<readonly SandboxEntry[]> {
    const client = await this.#clientOf(folder.cluster);
    try {
      return await client.sandbox(folder.task, folder.path);
    } catch (error) {
      throw told(error, folder);
    }
  }
}

function told(error: unknown, { path, title }: Place): unknown {
  if (!(error instanceof ServiceProblem) || error.status !== 404) return error;
  return path === '' ? new SandboxGone(title, error) : new NotInSandbox(path);
}
