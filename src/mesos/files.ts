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
  const answer: { size?: number; data?: string } = await api.ask({ type: 'READ_FILE', read_file }, options);
  if (typeof answer.size !== 'number') {
    throw new UnexpectedAnswerError(api.endpoint, 'READ_FILE is answered without a size');
  }
  return { data: Buffer.from(answer.data ?? '', 'base64'), size: answer.size };
}
