import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../host/errors.ts';

/**
 * A copy of the example DAGs that stays where it is, `<cache>/example-dags/<hash of their content>/`, for containers to
 * mount. Made beside its place and renamed into it, so that it is whole or not there.
 */
export async function keptExamples(folder: string, cache: string): Promise<string> {
  const names = (await fs.readdir(folder, { recursive: true })).sort();
  const files: string[] = [];
  for (const name of names) {
    const compiled = name.split(path.sep).includes('__pycache__');
    if (!compiled && (await fs.stat(path.join(folder, name))).isFile()) files.push(name);
  }
  const contents = await Promise.all(files.map((file) => fs.readFile(path.join(folder, file))));
  const hash = createHash('sha256');
  files.forEach((file, index) =>
    hash
      .update(`${file}\0`)
      .update(contents[index] ?? '')
      .update('\0'),
  );
  const parent = path.join(cache, 'example-dags');
  const kept = path.join(parent, hash.digest('hex').slice(0, 16));
  const temporary = path.join(parent, `.${randomBytes(6).toString('hex')}.tmp`);
  if (
    await fs.stat(kept).then(
      () => true,
      () => false,
    )
  )
    return kept;
  try {
    for (const [index, file] of files.entries()) {
      const target = path.join(temporary, file);
      // Readable for the user that Airflow runs as in its containers.
      await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
      await fs.writeFile(target, contents[index] ?? '', { mode: 0o644 });
    }
    await fs.rename(temporary, kept);
  } catch (error) {
    await fs.rm(temporary, { recursive: true, force: true });
    // Another `up` put the same one there meanwhile.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
  return kept;
}
