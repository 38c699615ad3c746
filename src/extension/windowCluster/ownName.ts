import { createHash } from 'node:crypto';

/** A place as VS Code names it, of which only this is needed. */
export interface Place {
  readonly scheme: string;
  readonly authority: string;
  /** With slashes, on Windows too: `/c:/work`. */
  readonly path: string;
}

/** What is open in the window. */
export interface Workspace {
  /** The .code-workspace file of a multi-root workspace; undefined of a single folder, and of one that was never saved. */
  readonly file: Place | undefined;
  readonly folders: readonly Place[];
}

/** The cluster of an empty window, and the one that the command line takes where none is named. */
export const defaultCluster = 'default';

/** A cluster's name has at most 31 characters (src/api/cluster.ts); five are the dash and the digits. */
const mostLetters = 26;

/**
 * The name of a workspace's own cluster: the folder's name as far as a cluster can have it, and four hexadecimal digits
 * of its path, because two folders may be called the same. Of a multi-root workspace the file counts, without one its
 * first folder.
 */
export function ownClusterName({ file, folders }: Workspace): string {
  const place = file ?? folders[0];
  if (!place) return defaultCluster;
  const path = place.path.replace(/(?<=.)\/+$/, '');
  const title = file ? path.replace(/\.code-workspace$/i, '') : path;
  const digits = createHash('sha256').update(identity(place, path)).digest('hex').slice(0, 4);
  return `${lettersOf(title.slice(title.lastIndexOf('/') + 1)) || 'workspace'}-${digits}`;
}

/**
 * The same folder has the same cluster however it was reached: clusters live on the machine that this extension runs on,
 * where a remote folder is a path like any other, and its authority (a port of a tunnel) may change.
 */
function identity({ scheme, authority }: Place, path: string): string {
  if (scheme !== 'file' && scheme !== 'vscode-remote') return `${scheme}://${authority}${path}`;
  // VS Code writes a drive's letter now so, now so.
  const drive = path.replace(/^\/[A-Z]:/, (letter) => letter.toLowerCase());
  return authority !== '' && scheme === 'file' ? `//${authority}${drive}` : drive;
}

/** Lower-case letters, digits and dashes, beginning and ending with none of the latter. */
function lettersOf(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, mostLetters)
    .replace(/-+$/, '');
}
