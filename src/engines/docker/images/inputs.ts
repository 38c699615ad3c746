import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ContextFile } from '../../../docker/build.ts';

/** All that an image is made from. */
export interface ImageInputs {
  /** What tells one base, or image that is copied from, from another: an id, or a tag of ours. */
  readonly from: readonly string[];
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  /** What ends up in the image, or decides about it. */
  readonly files: readonly ContextFile[];
}

/** Grows when images are made in another way, so that old ones are not taken for new ones. */
const format = 1;

/** The same for the same inputs, another one for others. 16 hexadecimal digits. */
export async function inputsHash({ args, dockerfile, files, from }: ImageInputs): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([format, from, dockerfile, Object.entries(args).sort()]));
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const content = await contentOf(file);
    hash.update(JSON.stringify([file.path, file.mode ?? null, content.length])).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

async function contentOf({ content }: ContextFile): Promise<Buffer> {
  if (typeof content === 'string') return Buffer.from(content);
  return Buffer.isBuffer(content) ? content : fs.readFile(content.file);
}

/** The files of a folder and those below it, but for Python's caches; `wanted` decides by their names. */
export async function filesBelow(
  folder: string,
  to: string,
  wanted: (name: string) => boolean = () => true,
): Promise<ContextFile[]> {
  const found: ContextFile[] = [];
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '__pycache__')
        found.push(...(await filesBelow(file, `${to}/${entry.name}`, wanted)));
    } else if (entry.isFile() && wanted(entry.name)) {
      found.push({ path: `${to}/${entry.name}`, content: { file } });
    }
  }
  return found;
}
