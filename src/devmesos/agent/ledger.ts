import fs from 'node:fs/promises';
import path from 'node:path';
import type { FrameworkInfo, Id, TaskStatus, Task } from '../../mesos/types.ts';
import { readIfThere, writePrivateFile } from '../../host/files.ts';
import type { ProcessIdentity } from '../../host/processes.ts';

/** What is written of a task while it isn't over for the scheduler, for an agent that comes after this one's sudden end. */
export interface TaskRecord {
  readonly framework: FrameworkInfo;
  readonly task: Task;
  readonly containerId: string;
  readonly sandbox: string;
  /** Its first process, once it was started. */
  readonly leader?: ProcessIdentity;
  /** Of its processes, where they have one. */
  readonly mark?: number;
  /** Whether a kill of it is under way. */
  readonly isBeingKilled?: boolean;
  /** When it is to be over at the latest, milliseconds since the epoch. */
  readonly endBy?: number;
  /** What its scheduler has not acknowledged, oldest first. */
  readonly updates?: readonly TaskStatus[];
}

/** `<work_dir>/meta`: the agent's id, and a file per task. */
export class Ledger {
  readonly #folder: string;
  /** Writes of one task go one after the other. */
  readonly #writes = new Map<string, Promise<void>>();
  readonly #newest = new Map<string, TaskRecord>();

  constructor(workDir: string) {
    this.#folder = path.join(workDir, 'meta');
  }

  async agentId(): Promise<Id | undefined> {
    const value = (await readIfThere(this.#agentFile))?.trim();
    return value ? { value } : undefined;
  }

  async keepAgentId(id: Id): Promise<void> {
    await writePrivateFile(this.#agentFile, `${id.value}\n`);
  }

  /** Of several records of a task that wait to be written only the newest is. */
  put(record: TaskRecord): Promise<void> {
    const { containerId } = record;
    const waits = this.#newest.has(containerId);
    this.#newest.set(containerId, record);
    if (waits) return this.#writes.get(containerId) ?? Promise.resolve();
    return this.#after(containerId, async () => {
      const newest = this.#newest.get(containerId);
      this.#newest.delete(containerId);
      const file = this.#taskFile(containerId);
      // Whole or not at all, but not forced to the disk: what it says is worth nothing after the machine's end.
      await fs.writeFile(`${file}.new`, JSON.stringify(newest), { mode: 0o600 });
      await fs.rename(`${file}.new`, file);
    });
  }

  remove(containerId: string): Promise<void> {
    return this.#after(containerId, async () => {
      await fs.rm(this.#taskFile(containerId), { force: true });
      await fs.rm(this.noteFile(containerId), { force: true });
    });
  }

  /** Resolves when all that was asked for is written. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }

  /** All that an earlier agent left. A file that can't be read is dropped: it was never whole. */
  async records(): Promise<TaskRecord[]> {
    const folder = path.join(this.#folder, 'tasks');
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    const records: TaskRecord[] = [];
    for (const name of await fs.readdir(folder)) {
      const file = path.join(folder, name);
      if (name.endsWith('.exit')) continue;
      const record = name.endsWith('.json') ? parse(await fs.readFile(file, 'utf8')) : undefined;
      if (record) records.push(record);
      else await fs.rm(file, { force: true });
    }
    return records;
  }

  get #agentFile(): string {
    return path.join(this.#folder, 'agent-id');
  }

  /** Where it is noted how a task's command ended. */
  noteFile(containerId: string): string {
    return path.join(this.#folder, 'tasks', `${containerId}.exit`);
  }

  #taskFile(containerId: string): string {
    return path.join(this.#folder, 'tasks', `${containerId}.json`);
  }

  #after(key: string, write: () => Promise<void>): Promise<void> {
    const done = (this.#writes.get(key) ?? Promise.resolve()).then(write, write);
    this.#writes.set(key, done);
    const forget = (): void => {
      if (this.#writes.get(key) === done) this.#writes.delete(key);
    };
    done.then(forget, forget);
    return done;
  }
}

function parse(text: string): TaskRecord | undefined {
  try {
    return JSON.parse(text) as TaskRecord;
  } catch {
    return undefined;
  }
}
