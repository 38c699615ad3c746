import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

/** A file that a build can COPY. */
export interface ContextFile {
  /** In the context, with slashes. */
  readonly path: string;
  /** `file`: what lies on this machine's disk. */
  readonly content: Buffer | string | { readonly file: string };
  /** Default: 0o644. */
  readonly mode?: number;
}

/** The same for all, so that the same files make the same archive. Not older: a zip file knows no time before 1980. */
const mtime = new Date('2000-01-01T00:00:00Z');

/**
 * The files as a tar archive, read from the disk while it is sent. Rejects with Node's system error where one is missing; one
 * that shrinks or grows meanwhile breaks the stream.
 */
export async function contextArchive(files: readonly ContextFile[]): Promise<Readable> {
  const sizes = await Promise.all(files.map(({ content }) => sizeOf(content)));
  const archive = pack();
  void fill(archive, files, sizes).catch((error: unknown) =>
    archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(archive, { objectMode: false });
}

async function sizeOf(content: ContextFile['content']): Promise<number> {
  if (Buffer.isBuffer(content) || typeof content === 'string') return Buffer.byteLength(content);
  return (await fs.stat(content.file)).size;
}

async function fill(archive: Pack, files: readonly ContextFile[], sizes: readonly number[]): Promise<void> {
  for (const [index, { content, mode = 0o644, path }] of files.entries()) {
    const header = { name: path, mode, mtime, uid: 0, gid: 0, size: sizes[index] ?? 0 };
    if (Buffer.isBuffer(content) || typeof content === 'string') archive.entry(header, content);
    else await pipeline(createReadStream(content.file), archive.entry(header));
  }
  archive.finalize();
}
