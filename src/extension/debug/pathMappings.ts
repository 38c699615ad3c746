import path from 'node:path';
import type { DagFolder } from '../dagFiles/folder.ts';

export interface PathMapping {
  readonly localRoot: string;
  readonly remoteRoot: string;
}

/**
 * Where the files that a task runs lie for the editor: none is needed where both have the same path. `open`: the folders of
 * the workspace, by whose names files are open where the DAG folder has two.
 */
export function pathMappings({ local, real, airflow }: DagFolder, open: readonly string[]): PathMapping[] {
  const isOpen = (folder: string): boolean =>
    open.some((root) => {
      const inside = path.relative(root, folder);
      return !path.isAbsolute(inside) && !inside.startsWith('..');
    });
  const localRoot = !isOpen(local) && isOpen(real) ? real : local;
  return localRoot === airflow ? [] : [{ localRoot, remoteRoot: airflow }];
}
