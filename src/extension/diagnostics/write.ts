import fs from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../../host/files.ts';
import { diagnosticFiles, type Sources } from './files.ts';

/** Writes them all. False where it was cancelled: then nothing is left. */
export async function written(
  folder: string,
  sources: Sources,
  signal: AbortSignal,
  onFile: (name: string) => void,
): Promise<boolean> {
  await makePrivateFolder(folder);
  try {
    for await (const { name, content } of diagnosticFiles(sources)) {
      signal.throwIfAborted();
      onFile(name);
      await writePrivateFile(path.join(folder, name), content);
    }
    return true;
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true });
    if (signal.aborted) return false;
    throw error;
  }
}
