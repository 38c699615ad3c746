import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf, messageOf } from '../../../host/errors.ts';
import { makePrivateFolder } from '../../../host/files.ts';
import type { Logger } from '../../log.ts';
import { packed, unpacked, type KeptFile } from './format.ts';

export interface KeptLimits {
  /** Of all together, in bytes. */
  readonly total: number;
  readonly count: number;
  /** Milliseconds. */
  readonly age: number;
}

export const usualLimits: KeptLimits = {
  total: 256 * 1024 * 1024,
  count: 20_000,
  age: 30 * 24 * 3600 * 1000,
};

const ending = '.kept';

interface Entry {
  readonly bytes: number;
  readonly at: number;
}

/** The ends of logs of tasks that are over, a file per attempt; the oldest go where there are too many. */
export class KeptStore {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #limits: KeptLimits;
  #listed: Promise<Map<string, Entry>> | undefined;
  #bytes = 0;
  /** The last that was looked at: a log is read in many pieces. */
  #last: { readonly id: string; readonly files: Promise<Map<string, KeptFile> | undefined> } | undefined;

  constructor(folder: string, log: Logger, limits: KeptLimits = usualLimits) {
    this.#folder = folder;
    this.#log = log;
    this.#limits = limits;
  }

  async has(mesosTaskId: string): Promise<boolean> {
    return (await this.#entries()).has(mesosTaskId);
  }

  /** A file by its path in the attempt's sandbox. */
  async find(mesosTaskId: string, file: string): Promise<KeptFile | undefined> {
    if (!(await this.has(mesosTaskId))) return undefined;
    if (this.#last?.id !== mesosTaskId) this.#last = { id: mesosTaskId, files: this.#read(mesosTaskId) };
    return (await this.#last.files)?.get(file);
  }

  /** Rejects where the disk is full, with nothing left behind. */
  async put(mesosTaskId: string, files: ReadonlyMap<string, KeptFile>): Promise<void> {
    const entries = await this.#entries();
    const bytes = await packed(files);
    const place = this.#place(mesosTaskId);
    const made = `${place}.${randomBytes(6).toString('hex')}.new`;
    await makePrivateFolder(this.#folder);
    try {
      // Not forced to the disk: what a power cut takes is a copy.
      await fs.writeFile(made, bytes, { mode: 0o600, flag: 'wx' });
      await fs.rename(made, place);
    } catch (error) {
      await fs.rm(made, { force: true });
      throw error;
    }
    this.#forget(entries, mesosTaskId);
    entries.set(mesosTaskId, { bytes: bytes.length, at: Date.now() });
    this.#bytes += bytes.length;
    await this.#trim(entries);
  }

  #forget(entries: Map<string, Entry>, id: string): void {
    this.#bytes -= entries.get(id)?.bytes ?? 0;
    entries.delete(id);
    if (this.#last?.id === id) this.#last = undefined;
  }

  async #trim(entries: Map<string, Entry>): Promise<void> {
    const { total, count, age } = this.#limits;
    const oldest = Date.now() - age;
    // In the order in which they were written.
    for (const [id, { at }] of entries) {
      if (at >= oldest && this.#bytes <= total && entries.size <= count) return;
      await fs.rm(this.#place(id), { force: true });
      this.#forget(entries, id);
    }
  }

  async #read(id: string): Promise<Map<string, KeptFile> | undefined> {
    try {
      return await unpacked(await fs.readFile(this.#place(id)));
    } catch (error) {
      this.#log.warn(`what was kept of ${id} cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  #entries(): Promise<Map<string, Entry>> {
    this.#listed ??= this.#list();
    return this.#listed;
  }

  /** Oldest first. What a crash left half-written goes. */
  async #list(): Promise<Map<string, Entry>> {
    const found: [string, Entry][] = [];
    for (const name of await namesIn(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (!name.endsWith(ending)) {
        if (name.endsWith('.new')) await fs.rm(file, { force: true });
        continue;
      }
      try {
        const { size, mtimeMs } = await fs.stat(file);
        found.push([name.slice(0, -ending.length), { bytes: size, at: mtimeMs }]);
        this.#bytes += size;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
      }
    }
    return new Map(found.sort(([, one], [, other]) => one.at - other.at));
  }

  #place(mesosTaskId: string): string {
    // Ids are made of UUIDs and numbers: file names as they are.
    if (!/^[\w.-]+$/.test(mesosTaskId)) throw new Error(`${mesosTaskId} is no file name`);
    return path.join(this.#folder, `${mesosTaskId}${ending}`);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
