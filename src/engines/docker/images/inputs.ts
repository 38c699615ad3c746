import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ContextFile } from '../../../docker/build.ts';

/** All that an image is made from. */
export interface ImageInputs {
  /** Its images: the base, and those that are copied from. */
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

/** The files of a folder and those below it, but for Python's caches; `wanted` decides by their path in the folder. */
export async function filesBelow(
  folder: string,
  to: string,
  wanted: (name: string) => boolean = () => true,
): Promise<ContextFile[]> {
  const found: ContextFile[] = [];
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join('/');
    if (!entry.isFile() || name.includes('__pycache__') || !wanted(name)) continue;
    found.push({ path: `${to}/${name}`, content: { file } });
  }
  return found;
}
