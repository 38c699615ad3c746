import path from 'node:path';

/**
 * The DAG folder of a workspace folder: the one that the setting names (relative to the workspace folder), else its
 * `dags`, else the workspace folder itself. Without a workspace folder only an absolute setting counts.
 */
export function dagsFolderOf(
  root: string | undefined,
  setting: string,
  isFolder: (folder: string) => boolean,
): string | undefined {
  const chosen = setting.trim();
  if (root === undefined) return path.isAbsolute(chosen) ? chosen : undefined;
  if (chosen !== '') return path.resolve(root, chosen);
  const usual = path.join(root, 'dags');
  return isFolder(usual) ? usual : root;
}
