import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where nobody says which: `dags` in the person's folder, else the examples. */
export function usualDagsFolder(workspace: string, examples: string): string {
  const own = path.join(workspace, 'dags');
  return fs.existsSync(own) ? own : examples;
}

/**
 * The person's folder where the DAGs lie in it; undefined elsewhere. The home folder is nobody's project: what its .env
 * holds is not meant for tasks.
 */
export function workspaceOf(dagsFolder: string, folder: string, home = os.homedir()): string | undefined {
  if (path.resolve(folder) === path.resolve(home)) return undefined;
  const relative = path.relative(folder, dagsFolder);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : folder;
}
