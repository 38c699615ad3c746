import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { userFolders } from '../../../../src/host/folders.ts';
import { airflowEnvironment } from '../../../support/airflowEnvironment.ts';

const run = promisify(execFile);
const lock = path.join(import.meta.dirname, 'pymesos.txt');

export interface Pymesos {
  readonly python: string;
  /** For PYTHONPATH. */
  readonly packages: string;
}

/** The Python package pymesos, downloaded once. Rejects where it can't be had. */
export async function pymesos(): Promise<Pymesos> {
  const { python: ofAirflow } = await airflowEnvironment();
  // That one has no pip: the interpreter that it was made from has.
  const { stdout } = await run(ofAirflow, ['-c', 'import sys; print(sys._base_executable)']);
  const python = stdout.trim();
  const key = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16);
  const packages = path.join(userFolders().cache, `pymesos-${key}`);
  if (existsSync(path.join(packages, 'ready'))) return { python, packages };
  const made = `${packages}.${process.pid}`;
  const downloads = `${made}.downloads`;
  await mkdir(made, { recursive: true });
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await run(python, [...pip, '--require-hashes', '--dest', downloads, '-r', lock]);
  await run(python, [path.join(import.meta.dirname, 'unpack_pymesos.py'), downloads, made]);
  await writeFile(path.join(made, 'ready'), '');
  await rm(downloads, { recursive: true });
  await rm(packages, { recursive: true, force: true });
  await rename(made, packages);
  return { python, packages };
}
