import { UnexpectedAnswerError } from './errors.ts';
import type { FileInfo, Id } from './types.ts';
import type { CallOptions, V1Api } from './v1Api.ts';

/** Bytes that one READ_FILE gives at most: 16 pages (src/files/files.cpp, 1.11). More takes more calls. */
export const maxReadLength = 64 * 1024;

export interface FilePart {
  data: Buffer;
  /** Bytes of the whole file, as it was then. */
  size: number;
}

/**
 * The path by which an agent serves an executor's sandbox, that of its latest container; a command task's executor
 * has the task's id. The agent's work directory need not be known for it.
 * @param inside a path in the sandbox, relative
 */
export function sandboxPath(frameworkId: Id, executorId: Id, inside = ''): string {
  const sandbox = `/frameworks/${frameworkId.value}/executors/${executorId.value}/runs/latest`;
  return inside ? `${sandbox}/${inside}` : sandbox;
}

/** The files of a directory. @throws MesosHttpError: 404 nothing there, 400 not to be read. */
export async function listFiles(api: V1Api, path: string, options: CallOptions): Promise<FileInfo[]> {
  const call = { type: 'LIST_FILES', list_files: { path } };
  const answer: { file_infos?: FileInfo[] } = await api.ask(call, options);
  return answer.file_infos ?? [];
}

/** @see AgentClient.readFile */
export async function readFile(
  api: V1Api,
  path: string,
  offset: number,
  length: number | undefined,
  options: CallOptions,
): Promise<FilePart> {
  const read_file = { path, offset, ...(length !== undefined && { length }) };
  const answer = await api.bytes({ type: 'READ_FILE', read_file }, options);
  const part = plainPart(answer) ?? parsedPart(answer);
  if (!part) throw new UnexpectedAnswerError(api.endpoint, 'READ_FILE is answered without a size');
  return part;
}

/**
 * The part of an answer whose base64 has nothing escaped, decoded without making text and an object of all of it: files
 * are read by the ten thousand pieces. Undefined where it is written otherwise.
 */
function plainPart(answer: Buffer): FilePart | undefined {
  const begin = answer.indexOf(dataBegins);
  if (begin < 0) return undefined;
  const from = begin + dataBegins.length;
  const to = answer.indexOf(quote, from);
  if (to < 0 || answer.subarray(from, to).includes(backslash)) return undefined;
  const around = `${answer.toString('latin1', 0, begin)} ${answer.toString('latin1', to)}`;
  const size = /"size":(\d+)/.exec(around)?.[1];
  return size === undefined
    ? undefined
    : { data: Buffer.from(answer.toString('latin1', from, to), 'base64'), size: Number(size) };
}

const dataBegins = Buffer.from('"data":"');
const quote = 0x22;
const backslash = 0x5c;

function parsedPart(answer: Buffer): FilePart | undefined {
  let parsed: { read_file?: { size?: number; data?: string } };
  try {
    parsed = JSON.parse(answer.toString()) as typeof parsed;
  } catch {
    return undefined;
  }
  const part = parsed.read_file;
  if (typeof part?.size !== 'number') return undefined;
  return { data: Buffer.from(part.data ?? '', 'base64'), size: part.size };
}
