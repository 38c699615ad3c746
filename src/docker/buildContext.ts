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

/** The files as a tar archive, read from the disk while it is sent. A file that can't be read breaks the stream. */
export function contextArchive(files: readonly ContextFile[]): Readable {
  const archive = pack();
  void fill(archive, files).catch((error: unknown) =>
    archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(archive, { objectMode: false });
}

async function fill(archive: Pack, files: readonly ContextFile[]): Promise<void> {
  for (const { content, mode = 0o644, path } of files) {
    const header = { name: path, mode, mtime, uid: 0, gid: 0 };
    if (Buffer.isBuffer(content) || typeof content === 'string') {
      archive.entry(header, content);
      continue;
    }
    const { size } = await fs.stat(content.file);
    // No end option: a file that grows meanwhile breaks the entry, which is what it should do.
    await pipeline(createReadStream(content.file), archive.entry({ ...header, size }));
  }
  archive.finalize();
}
