import path from 'node:path';
import type { SandboxEntry } from '../../api/logs.ts';
import type { LogChunk } from '../../api/people.ts';
import type { AttemptRecord, TaskKey } from '../../framework/types.ts';
import { maxReadLength, sandboxPath } from '../../mesos/files.ts';
import type { FileInfo } from '../../mesos/types.ts';
import { notFound } from '../http/problem.ts';
import { AgentAway } from '../agentAway.ts';
import type { SandboxFiles } from './agents.ts';
import { airflowLogAt } from './airflowLog.ts';
import { bytesText } from './bytesText.ts';
import { chunkOf, type Piece } from './chunk.ts';
import type { KeptFile } from './kept/format.ts';
import type { KeptStore } from './kept/store.ts';
import { readAhead } from './readAhead.ts';

/** What is read of a file: from an offset, or of its end where that is negative. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** An attempt with the task instance that it is one of. */
export interface KeyedAttempt {
  readonly attempt: AttemptRecord;
  readonly key: TaskKey;
}

/** Output files appear with the task's first process. */
const outputs: ReadonlySet<string> = new Set(['stdout', 'stderr']);

/** Files in the sandboxes of attempts, at one look; of those that are gone, what was kept. */
export class TaskFiles {
  readonly #files: SandboxFiles;
  readonly #kept: Pick<KeptStore, 'find'>;

  constructor(files: SandboxFiles, kept: Pick<KeptStore, 'find'>) {
    this.#files = files;
    this.#kept = kept;
  }

  /** A file's path in the sandbox, where a name may stand for it (`airflow`). */
  pathOf({ attempt, key }: KeyedAttempt, file: string, signal?: AbortSignal): Promise<string> {
    return airflowLogAt(this.#files, attempt, key, file, signal);
  }

  /** A piece of a log, cut at whole characters. Negative offset: from the end. */
  async chunk(of: KeyedAttempt, name: string, range: Range, signal?: AbortSignal): Promise<LogChunk> {
    const { attempt } = of;
    const isOver = attempt.ended !== null;
    const found = await this.#found(of, name, range, signal);
    if (found) {
      const told = { midway: range.offset < 0 || found.isKept, isOver, source: found.source };
      return { ...chunkOf(found.piece, told), ...(found.isKept ? { kept: true } : {}) };
    }
    if (!isOver && (outputs.has(name) || name === 'airflow')) {
      const source = sourceOf(attempt, name);
      return { data: '', offset: 0, next: 0, size: 0, ended: false, source };
    }
    throw missing(attempt, name);
  }

  /** A piece of a file. Negative offset: from the end. Throws a 404 where there is none. */
  async piece(of: KeyedAttempt, file: string, range: Range, signal?: AbortSignal): Promise<Piece> {
    const found = await this.#found(of, file, range, signal);
    if (!found) throw missing(of.attempt, file);
    return found.piece;
  }

  /** A file as it stands at the first look, or what was kept of it, part by part; nothing where there is none. */
  async *content(
    of: KeyedAttempt,
    file: string,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer, void, undefined> {
    const { attempt } = of;
    const read = this.#files.read.bind(this.#files, attempt, file);
    let first: Awaited<ReturnType<typeof read>>;
    try {
      first = await read(0, maxReadLength, signal);
    } catch (error) {
      const kept = error instanceof AgentAway ? await this.#keptOf(attempt, file) : undefined;
      if (!kept) throw error;
      yield* wholeLines(kept);
      return;
    }
    if (!first) {
      const kept = await this.#keptOf(attempt, file);
      if (kept) yield* wholeLines(kept);
      return;
    }
    if (first.data.length > 0) yield first.data;
    const range = { from: first.data.length, to: first.size, signal };
    for await (const { part } of readAhead(read, range)) if (part.data.length > 0) yield part.data;
  }

  /** What is in a folder. Throws a 404 where there is no such folder. */
  async list({ attempt }: KeyedAttempt, folder: string, signal?: AbortSignal): Promise<SandboxEntry[]> {
    const infos = await this.#files.list(attempt, folder, signal);
    if (!infos) throw missing(attempt, folder === '' ? 'folder' : folder);
    return infos.map((info) => entryOf(folder, info));
  }

  /** What was kept of a file of an attempt that is over. */
  async #keptOf(attempt: AttemptRecord, file: string): Promise<KeptFile | undefined> {
    return attempt.ended === null ? undefined : this.#kept.find(attempt.mesos_task_id, file);
  }

  async #found(
    of: KeyedAttempt,
    name: string,
    range: Range,
    signal?: AbortSignal,
  ): Promise<{ piece: Piece; isKept: boolean; source: string } | undefined> {
    const { attempt } = of;
    let away: AgentAway | undefined;
    try {
      const file = await this.pathOf(of, name, signal);
      const piece = await this.#read(attempt, file, range, signal);
      if (piece) return { piece, isKept: false, source: sourceOf(attempt, file) };
    } catch (error) {
      if (!(error instanceof AgentAway)) throw error;
      away = error;
    }
    const file = await airflowLogAt(undefined, attempt, of.key, name, signal);
    const kept = await this.#keptOf(attempt, file);
    if (!kept && away) throw away;
    return (
      kept && { piece: pieceOf(kept, range), isKept: true, source: `kept:${attempt.mesos_task_id}/${file}` }
    );
  }

  async #read(
    attempt: AttemptRecord,
    file: string,
    range: Range,
    signal?: AbortSignal,
  ): Promise<Piece | undefined> {
    const read = this.#files.read.bind(this.#files, attempt, file);
    let { offset } = range;
    if (offset < 0) {
      const whole = await read(0, 0, signal);
      if (!whole) return undefined;
      offset = Math.max(0, whole.size + offset);
    }
    const first = await read(offset, Math.min(range.length, maxReadLength), signal);
    if (!first) return undefined;
    const parts = [first.data];
    const to = Math.min(offset + range.length, first.size);
    const rest = { from: offset + first.data.length, to, signal: signal ?? new AbortController().signal };
    for await (const { part } of readAhead(read, rest)) parts.push(part.data);
    // The file may have been cut meanwhile: a reader behind its end begins at the end.
    return { data: Buffer.concat(parts), offset: Math.min(offset, first.size), size: first.size };
  }
}

function pieceOf({ data, from, size }: KeptFile, { offset, length }: Range): Piece {
  const wanted = offset < 0 ? size + offset : offset;
  const begin = Math.min(Math.max(wanted, from), size);
  return { data: data.subarray(begin - from, begin - from + length), offset: begin, size };
}

/** What was kept, from its first whole line on; a line before it says how much is missing. */
function* wholeLines({ data, from }: KeptFile): Generator<Buffer, void, undefined> {
  const begin = from === 0 ? 0 : data.indexOf(0x0a) + 1;
  if (from > 0)
    yield Buffer.from(`(Its sandbox is gone; the first ${bytesText(from + begin)} were not kept.)\n`);
  yield data.subarray(begin);
}

export function sourceOf(attempt: AttemptRecord, file: string): string {
  const place = sandboxPath({ value: attempt.framework_id }, { value: attempt.executor_id }, file);
  return `${attempt.agent}:${place}`;
}

function missing(attempt: AttemptRecord, file: string): Error {
  return notFound(
    `There is no ${file} in the sandbox of ${attempt.mesos_task_id}`,
    attempt.ended === null ? undefined : 'Mesos removes old sandboxes after a while.',
  );
}

const typeBits = 0o170000;
const kinds: ReadonlyMap<number, SandboxEntry['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'link'],
]);

function entryOf(folder: string, { path: listed, size = 0, mtime, mode = 0 }: FileInfo): SandboxEntry {
  return {
    path: path.posix.join(folder, path.posix.basename(listed)),
    kind: kinds.get(mode & typeBits) ?? 'other',
    size,
    modified: Math.round((mtime?.nanoseconds ?? 0) / 1e6),
    mode: mode & 0o7777,
  };
}
