import path from 'node:path';

/** A folder of the workspace, with what the setting mesosAirflow.dagsFolder says of it. */
export interface RootFolder {
  readonly root: string;
  readonly setting: string;
}

type IsFolder = (folder: string) => boolean;

/**
 * The DAG folder of a workspace folder: the one that the setting names (relative to the workspace folder), else its
 * `dags`, else the workspace folder itself. Without a workspace folder only an absolute setting counts.
 */
export function dagsFolderOf(
  root: string | undefined,
  setting: string,
  isFolder: IsFolder,
): string | undefined {
  const chosen = setting.trim();
  if (root === undefined) return path.isAbsolute(chosen) ? chosen : undefined;
  if (chosen !== '') return path.resolve(root, chosen);
  const usual = path.join(root, 'dags');
  return isFolder(usual) ? usual : root;
}

export interface Hints {
  /** The DAG folder that the cluster has already. */
  readonly before: string | undefined;
  /** Which of the folders holds the file that the person looks at. */
  readonly active: number | undefined;
  readonly isFolder: IsFolder;
}

/**
 * Which of several folders holds the DAGs; undefined where only the person can tell. The one that the cluster ran with, the
 * only one with a DAG folder of its own, or of these the one whose file the person looks at.
 */
export function folderWithDags(folders: readonly RootFolder[], hints: Hints): number | undefined {
  const { active, before, isFolder } = hints;
  if (folders.length <= 1) return folders.length === 1 ? 0 : undefined;
  const indexes = folders.map((_, index) => index);
  const dags = folders.map(({ root, setting }) => dagsFolderOf(root, setting, isFolder));
  const ranWith = indexes.filter((index) => before !== undefined && dags[index] === before);
  if (ranWith.length > 0) return ranWith[0];
  const own = indexes.filter((index) => dags[index] !== folders[index]?.root);
  if (own.length === 1) return own[0];
  const candidates = own.length > 0 ? own : indexes;
  return active !== undefined && candidates.includes(active) ? active : undefined;
}

/** The folder whose requirements.txt and .env belong to a DAG folder, for a cluster of another workspace. */
export function workspaceOfDags(dags: string): string {
  return path.basename(dags) === 'dags' ? path.dirname(dags) : dags;
}
