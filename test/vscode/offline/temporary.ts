import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Short: Unix sockets live below it, and their paths are limited to some 100 bytes.
const prefix = 'ma-vsc-';

/** A folder named by this process. Folders of processes that were killed before they could clean up go first. */
export function ownFolder(): string {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : NaN;
    if (Number.isInteger(pid) && !lives(pid)) removeFolder(path.join(os.tmpdir(), name));
  }
  return fs.mkdtempSync(path.join(os.tmpdir(), `${prefix}${process.pid}-`));
}

export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Gone, or another user's: then its folder is not ours to remove, and stays.
    return false;
  }
}
