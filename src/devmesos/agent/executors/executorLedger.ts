import fs from 'node:fs/promises';
import path from 'node:path';
import type { ProcessIdentity } from '../../../host/processes.ts';
import type { ExecutorInfo, FrameworkInfo, Id, Task, TaskStatus } from '../../../mesos/types.ts';

/** What is written of an executor, for an agent that comes after this one's sudden end. */
export interface ExecutorRecord {
  readonly framework: FrameworkInfo & { id: Id };
  readonly info: ExecutorInfo;
  readonly containerId: string;
  readonly token: string;
  readonly sandbox: string;
  /** Its first process, once it was started; absent again when it has ended. */
  readonly leader?: ProcessIdentity;
  /** Of its processes, where they have one. */
  readonly mark?: number;
  /** Those that are not over for the scheduler, with the updates that it has not acknowledged. */
  readonly tasks: readonly { readonly view: Task; readonly pending: readonly TaskStatus[] }[];
}

/** `<work_dir>/meta/executors`: a file per executor. */
export class ExecutorLedger {
  readonly #folder: string;
  /** The last write of each executor. */
  readonly #writes = new Map<string, Promise<void>>();
  /** Those of them that haven't begun: what changes meanwhile goes with them. */
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(workDir: string) {
    this.#folder = path.join(workDir, 'meta', 'executors');
  }

  /** Resolves when an executor is written as it was then, or later. */
  keep(containerId: string, make: () => ExecutorRecord): Promise<void> {
    const waiting = this.#waiting.get(containerId);
    if (waiting) return waiting;
    const write = this.#after(containerId, async () => {
      this.#waiting.delete(containerId);
      const file = this.#fileOf(containerId);
      await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      // Whole or not at all, but not forced to the disk: what it says is worth nothing after the machine's end.
      await fs.writeFile(`${file}.new`, JSON.stringify(make()), { mode: 0o600 });
      await fs.rename(`${file}.new`, file);
    });
    this.#waiting.set(containerId, write);
    return write;
  }

  remove(containerId: string): Promise<void> {
    return this.#after(containerId, () => fs.rm(this.#fileOf(containerId), { force: true }));
  }

  /** Resolves when all that was asked for is written. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }

  /** All that an earlier agent left. A file that can't be read is dropped: it was never whole. */
  async records(): Promise<ExecutorRecord[]> {
    await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const records: ExecutorRecord[] = [];
    for (const name of await fs.readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      const record = name.endsWith('.json') ? parse(await fs.readFile(file, 'utf8')) : undefined;
      if (record) records.push(record);
      else await fs.rm(file, { force: true });
    }
    return records;
  }

  #fileOf(containerId: string): string {
    return path.join(this.#folder, `${containerId}.json`);
  }

  #after(containerId: string, write: () => Promise<void>): Promise<void> {
    const done = (this.#writes.get(containerId) ?? Promise.resolve()).then(write, write);
    this.#writes.set(containerId, done);
    const forget = (): void => {
      if (this.#writes.get(containerId) === done) this.#writes.delete(containerId);
    };
    done.then(forget, forget);
    return done;
  }
}

function parse(text: string): ExecutorRecord | undefined {
  try {
    return JSON.parse(text) as ExecutorRecord;
  } catch {
    return undefined;
  }
}
