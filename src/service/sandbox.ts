import path from 'node:path';
import type { LogChunk } from '../api/people.ts';
import type { AttemptRecord } from '../framework/types.ts';
import { maxReadLength, sandboxPath, type FilePart } from '../mesos/files.ts';
import { badRequest, HttpProblem, notFound } from './http/problem.ts';

/** Reads a file of an agent; undefined where there is no such file. Rejects where the agent doesn't answer. */
export type ReadFile = (
  agentAddress: string,
  file: string,
  offset: number,
  length: number,
) => Promise<FilePart | undefined>;

export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** The path inside a sandbox as a person may name it. Throws a 400 for one that leads out of it. */
export function pathInside(name: string): string {
  if (name === '' || name.includes('\0')) throw badRequest('the file has no name');
  if (name.startsWith('/') || name.includes('\\')) {
    throw badRequest('the file is named by a path inside the sandbox, with / between its parts');
  }
  if (name.split('/').includes('..')) throw badRequest('the path leads out of the sandbox');
  const normal = path.posix.normalize(name).replace(/\/$/, '');
  if (normal === '.') throw badRequest('the path names the sandbox itself, not a file in it');
  return normal;
}

/** Files in the sandboxes of attempts. */
export class Sandboxes {
  readonly #read: ReadFile;
  readonly #addressOf: (attempt: AttemptRecord) => Promise<string | undefined>;

  /** `addressOf`: where the agent of an attempt is now; undefined where nobody knows. */
  constructor(read: ReadFile, addressOf: (attempt: AttemptRecord) => Promise<string | undefined>) {
    this.#read = read;
    this.#addressOf = addressOf;
  }

  /** A piece of a file, cut at whole characters. Negative offset: from the end. */
  async chunk(attempt: AttemptRecord, name: string, piece: Piece): Promise<LogChunk> {
    const file = pathInside(name);
    const source = `${attempt.agent}:${pathOf(attempt, file)}`;
    const isOver = attempt.ended !== null;
    const fromEnd = piece.offset < 0;
    let { offset } = piece;
    if (fromEnd) {
      const whole = await this.#piece(attempt, file, 0, 0);
      offset = Math.max(0, (whole?.size ?? 0) + piece.offset);
    }
    const got = await this.#piece(attempt, file, offset, piece.length);
    if (!got) {
      // Output files appear with the task's first process.
      if (!isOver && (file === 'stdout' || file === 'stderr')) {
        return { data: '', offset: 0, next: 0, size: 0, ended: false, source };
      }
      throw notFound(
        `There is no ${file} in the sandbox of ${attempt.mesos_task_id}`,
        isOver ? 'Mesos removes old sandboxes after a while.' : undefined,
      );
    }
    // The agent's file may have been cut meanwhile: a reader behind its end begins at the end.
    const begin = Math.min(offset, got.size);
    const skipped = fromEnd && begin > 0 ? leadingPart(got.data) : 0;
    const bytes = got.data.subarray(skipped);
    const atEnd = begin + got.data.length >= got.size;
    const whole = atEnd && isOver ? bytes : bytes.subarray(0, bytes.length - trailingPart(bytes));
    const next = begin + skipped + whole.length;
    return {
      data: whole.toString('utf8'),
      offset: begin + skipped,
      next,
      size: got.size,
      ended: isOver && next >= got.size,
      source,
    };
  }

  /** A file as it stands at the first look, piece by piece; nothing where there is none. */
  async *content(attempt: AttemptRecord, name: string): AsyncGenerator<Buffer, void, undefined> {
    const file = pathInside(name);
    const { size } = (await this.#piece(attempt, file, 0, 0)) ?? { size: 0 };
    for (let offset = 0; offset < size;) {
      const piece = await this.#piece(attempt, file, offset, maxReadLength);
      if (!piece || piece.data.length === 0) return;
      yield piece.data;
      offset += piece.data.length;
    }
  }

  async #piece(
    attempt: AttemptRecord,
    file: string,
    offset: number,
    length: number,
  ): Promise<FilePart | undefined> {
    const address = await this.#addressOf(attempt);
    if (address === undefined) {
      throw new HttpProblem(503, {
        error: `The agent ${attempt.agent} is not there`,
        why: 'it holds the sandbox of the task, and the master does not know it now',
        next: 'mesos-airflow agents shows the agents that are.',
      });
    }
    return this.#read(address, pathOf(attempt, file), offset, length);
  }
}

function pathOf(attempt: AttemptRecord, file: string): string {
  return sandboxPath({ value: attempt.framework_id }, { value: attempt.executor_id }, file);
}

/** How many bytes at the beginning belong to a character that begins before. */
function leadingPart(bytes: Buffer): number {
  let count = 0;
  while (count < 3 && count < bytes.length && isContinuation(bytes[count])) count += 1;
  return count;
}

/** How many bytes at the end belong to a character that goes on behind. */
function trailingPart(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
