import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../host/errors.ts';

/** The bytes of all files below a folder; what vanishes meanwhile is not counted. */
export async function sizeBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    try {
      if (entry.isDirectory()) bytes += await sizeBelow(file);
      else if (entry.isFile()) bytes += (await fs.stat(file)).size;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  return bytes;
}
