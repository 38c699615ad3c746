import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readIfThere } from '../host/files.ts';
import { identify, isAlive, type ProcessIdentity } from '../host/processes.ts';

const prefix = 'mesos-airflow-dev-';
const ownerFile = 'owner.json';

/** Makes a folder for one dev Mesos in the system's temporary folder, and removes those whose owners were killed. */
export async function makeWorkFolder(): Promise<string> {
  await removeStale();
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), prefix));
  // Agents that are root run tasks as other users, who must reach their sandboxes through it.
  if (process.getuid?.() === 0) await fs.chmod(folder, 0o711);
  const owner = await identify(process.pid);
  await fs.writeFile(path.join(folder, ownerFile), JSON.stringify(owner), { mode: 0o600 });
  return folder;
}

async function removeStale(): Promise<void> {
  const temporary = os.tmpdir();
  const names = (await fs.readdir(temporary)).filter((name) => name.startsWith(prefix));
  for (const name of names) {
    const folder = path.join(temporary, name);
    const stats = await fs.lstat(folder).catch(() => undefined);
    if (!stats?.isDirectory() || stats.uid !== process.getuid?.()) continue;
    const owner = await ownerOf(folder);
    if (owner && !(await isAlive(owner)))
      await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Undefined where it isn't written (yet). */
async function ownerOf(folder: string): Promise<ProcessIdentity | undefined> {
  try {
    const value: unknown = JSON.parse((await readIfThere(path.join(folder, ownerFile))) ?? 'null');
    if (typeof value === 'object' && value && 'pid' in value && 'started' in value) {
      return { pid: Number(value.pid), started: String(value.started) };
    }
  } catch {
    // Half written: whoever writes it lives.
  }
  return undefined;
}
