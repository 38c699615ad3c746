import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

let made: string | undefined;

/** The .vsix as `npm run package` makes it of what is here now: once in a process, gone when that ends. */
export function packaged(): string {
  if (made !== undefined) return made;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ma-vsix-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'mesos-airflow.vsix');
  const args = [path.join(root, 'scripts', 'package.mjs'), file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the package could not be made:\n${stdout}${stderr}`);
  made = file;
  return file;
}
