import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './errors.ts';

/** Makes a folder that only its owner can enter, with its parents. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Writes a file that only its owner can read, whole or not at all: a full disk or a crash leaves the old one. */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  await makePrivateFolder(path.dirname(file));
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await fs.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

/** The text of a file, or undefined if there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A secret kept in a 0600 file: made at the first call, the same ever after. 32 random bytes, base64url. Of several that
 * call it first at the same time, all get the same: the file is linked into its place, which only one can do.
 */
export async function secretIn(
  file: string,
  make: () => string = () => randomBytes(32).toString('base64url'),
): Promise<string> {
  const kept = (await readIfThere(file))?.trim();
  if (kept) return kept;
  const secret = make();
  // An empty file is what a full disk left behind.
  if (kept !== undefined) {
    await writePrivateFile(file, `${secret}\n`);
    return secret;
  }
  const made = `${file}.${randomBytes(6).toString('hex')}.new`;
  await writePrivateFile(made, `${secret}\n`);
  try {
    await fs.link(made, file);
    return secret;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return await secretIn(file, make);
  } finally {
    await fs.rm(made, { force: true });
  }
}
