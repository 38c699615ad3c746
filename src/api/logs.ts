import * as z from 'zod/mini';
import { instant } from './common.ts';

// Files of the sandboxes in which tasks run, and logs that are followed. Paths stand below /v1:
//   GET tasks/{id}/log/stream?file=&offset=&whole= -> application/x-mesos-airflow-log, until the task is over
//   GET tasks/{id}/sandbox?path=                   -> sandboxEntry[], by name
//   GET tasks/{id}/sandbox/file?path=&offset=&length=  -> the bytes; X-File-Size, X-File-Offset
//   GET tasks/{id}/sandbox/archive?path=           -> tar
//   GET tasks/{id}/attempts                        -> attemptView[], oldest first

/** Of a stream: RecordIO records (`<bytes>\n`, then so many), each a header in a line of JSON and the bytes of the file. */
export const logStreamType = 'application/x-mesos-airflow-log';

/** Names Airflow's own log of the try (JSON lines), wherever in the sandbox it is. */
export const airflowLog = 'airflow';

/** So many bytes of a file one answer of `sandbox/file` has at most. */
export const mostFileBytes = 1024 * 1024;

/** So many bytes one record of a stream has at most, header and all. */
export const mostRecordBytes = 1024 * 1024;

export const logNote = z.enum([
  /** Bytes were left out: the file grows faster than it is taken, or what lay there is gone. */
  'skipped',
  /** The file was rotated; its successor begins at offset 0. */
  'rotated',
  /** The file was emptied or replaced, or the task was launched anew: offsets begin at 0 again. */
  'began-anew',
  /** The sandbox is no more. */
  'gone',
  /** What follows is what the service kept: the file's last part. */
  'kept',
  'agent-away',
  'agent-back',
]);
export type LogNote = z.infer<typeof logNote>;

/** The first line of each record of a stream. */
export const logHeader = z.discriminatedUnion('type', [
  /** Bytes of the file, cut anywhere: a character may go on in the next record. */
  z.object({ type: z.literal('data'), offset: z.int(), size: z.int() }),
  z.object({
    type: z.literal('note'),
    note: logNote,
    /** A sentence for a person. */
    text: z.string(),
    /** Of `skipped`: how many were left out. */
    bytes: z.optional(z.int()),
  }),
  /** All that is there was sent. Also said when nothing else was for 15 s. */
  z.object({ type: z.literal('quiet'), size: z.int() }),
  /** The last: the task is over, and all was sent. */
  z.object({ type: z.literal('ended') }),
]);
export type LogHeader = z.infer<typeof logHeader>;

type DataHeader = Extract<LogHeader, { type: 'data' }>;

/** What a follower of a log gets. `offset` of data: of its first byte in the file. `size`: of the file, as it is now. */
export type LogEvent = (DataHeader & { readonly data: Buffer }) | Exclude<LogHeader, DataHeader>;

/** What is in a sandbox. A link within it shows as what it leads to, where the agent says so. */
export const sandboxEntry = z.object({
  /** In the sandbox, parts divided by `/`. */
  path: z.string(),
  /** `other`: a named pipe, a socket, a device; not to be read. */
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** Bytes. */
  size: z.int(),
  modified: instant,
  /** Permission bits, as of chmod. */
  mode: z.int(),
});
export type SandboxEntry = z.infer<typeof sandboxEntry>;

/** A launch of a task, in a sandbox of its own. */
export const attemptView = z.object({
  mesos_task_id: z.string(),
  /** Several of a try that was deferred: each goes on where the one before had left it. */
  request_id: z.string(),
  /** Of its request, from 1. */
  attempt: z.int(),
  agent_id: z.string(),
  agent: z.string(),
  /** Mesos' own word: TASK_RUNNING, TASK_FINISHED, … */
  state: z.string(),
  launched: instant,
  /** When its process was heard of first. */
  started: z.nullable(instant),
  ended: z.nullable(instant),
  reason: z.nullable(z.string()),
  message: z.nullable(z.string()),
});
export type AttemptView = z.infer<typeof attemptView>;
