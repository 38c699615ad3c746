import { createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** Packs a folder's files into a tar, gzipped, below one folder of its own. */
export async function packFolder(
  folder: string,
  top: string,
  archive: string,
  signal: AbortSignal,
): Promise<void> {
  const tar = pack();
  const writing = pipeline(tar, createGzip(), createWriteStream(archive, { flags: 'wx', mode: 0o600 }), {
    signal,
  });
  const adding = add(tar, folder, top, signal).then(() => tar.finalize());
  // Where either fails, the other one has no use.
  adding.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  await Promise.all([writing, adding]);
}

async function add(
  tar: ReturnType<typeof pack>,
  folder: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(folder, entry.name);
    const inside = `${name}/${entry.name}`;
    if (entry.isDirectory()) {
      await add(tar, place, inside, signal);
      continue;
    }
    const { size, mtime } = await fs.stat(place);
    const out = tar.entry({ name: inside, size, mtime, mode: 0o644 });
    await pipeline(createReadStream(place), out, { signal });
  }
}
