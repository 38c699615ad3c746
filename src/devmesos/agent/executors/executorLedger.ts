import path from 'node:path';
import type { ProcessIdentity } from '../../../host/processes.ts';
import type { ExecutorInfo, FrameworkInfo, Id, Task, TaskStatus } from '../../../mesos/types.ts';
import { RecordFolder } from '../recordFolder.ts';

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
export function executorLedger(workDir: string): ExecutorLedger {
  return new RecordFolder(path.join(workDir, 'meta', 'executors'));
}

export type ExecutorLedger = RecordFolder<ExecutorRecord>;
