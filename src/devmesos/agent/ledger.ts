import path from 'node:path';
import type { FrameworkInfo, Id, TaskStatus, Task } from '../../mesos/types.ts';
import { readIfThere, writePrivateFile } from '../../host/files.ts';
import type { ProcessIdentity } from '../../host/processes.ts';
import { RecordFolder } from './recordFolder.ts';

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
  readonly #tasks: RecordFolder<TaskRecord>;

  constructor(workDir: string) {
    this.#folder = path.join(workDir, 'meta');
    this.#tasks = new RecordFolder(path.join(this.#folder, 'tasks'));
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
    return this.#tasks.put(record.containerId, () => record);
  }

  remove(containerId: string): Promise<void> {
    return this.#tasks.remove(containerId, [this.noteFile(containerId)]);
  }

  /** Resolves when all that was asked for is written. */
  settled(): Promise<void> {
    return this.#tasks.settled();
  }

  /** All that an earlier agent left. */
  records(): Promise<TaskRecord[]> {
    return this.#tasks.read();
  }

  /** Where it is noted how a task's command ended. */
  noteFile(containerId: string): string {
    return path.join(this.#folder, 'tasks', `${containerId}.exit`);
  }

  get #agentFile(): string {
    return path.join(this.#folder, 'agent-id');
  }
}
