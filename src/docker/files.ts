import type { Container } from 'dockerode';
import { Readable } from 'node:stream';
import { extract, pack } from 'tar-stream';
import { bodyOf, daemonOf, openAnswer } from './call.ts';
import { orUndefined } from './daemonError.ts';

/** A file to put into a container. */
export interface ContainerFile {
  /** Below the folder that it is put into. */
  readonly path: string;
  readonly content: Buffer | string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A folder to make in a container, or to give another owner and mode. */
export interface ContainerFolder {
  readonly path: string;
  readonly folder: true;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Puts files into a folder of a container that exists, running or not yet started; a volume mounted there gets them. The
 * folder must be there. Folders on the way to a file are made as root's, unless they are named before it.
 */
export async function putFiles(
  container: Container,
  folder: string,
  files: readonly (ContainerFile | ContainerFolder)[],
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const archive = pack();
  for (const file of files) {
    const { gid, mode, path, uid } = file;
    const owned = { name: path, mode, uid, gid, mtime: new Date() };
    if ('folder' in file) archive.entry({ ...owned, type: 'directory' });
    else archive.entry(owned, file.content);
  }
  archive.finalize();
  const answer = await openAnswer(daemonOf(container), {
    method: 'PUT',
    path: `/containers/${container.id}/archive`,
    // A file in the place of a folder, or the other way round, is a mistake: it is refused.
    query: { path: folder, noOverwriteDirNonDir: true },
    archive: Readable.from(archive, { objectMode: false }),
    signal,
  });
  await bodyOf(answer);
}

/** The content of a file in a container, or undefined if there is none (or no such container). */
export async function readFileIn(
  container: Container,
  path: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Buffer | undefined> {
  const answer = await orUndefined(
    openAnswer(daemonOf(container), {
      method: 'GET',
      path: `/containers/${container.id}/archive`,
      query: { path },
      signal,
    }),
  );
  if (!answer) return undefined;
  try {
    const archive = answer.pipe(extract());
    answer.once('error', (error) => archive.destroy(error));
    for await (const entry of archive) {
      const { type } = entry.header;
      if (type !== 'file') throw new Error(`${path} in the container is a ${type}`);
      return await bodyOf(entry);
    }
    return undefined;
  } finally {
    // As long as Docker sends, it lets nobody remove the container.
    answer.destroy();
  }
}
