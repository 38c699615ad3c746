import fs from 'node:fs/promises';
import path from 'node:path';

/** All executable files of this name on PATH and then in `further` folders, in order, each once. */
export async function allOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  further: readonly string[] = [],
): Promise<string[]> {
  const folders = [...(env.PATH ?? '').split(path.delimiter), ...further].filter((folder) =>
    path.isAbsolute(folder),
  );
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    for (const each of names) {
      const file = path.join(folder, each);
      if (await isExecutable(file)) found.push(file);
    }
  }
  return found;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
