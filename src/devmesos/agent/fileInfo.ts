import fs from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../host/errors.ts';
import type { FileInfo } from '../../mesos/types.ts';
import type { Accounts } from './accounts.ts';

export interface ListedFile {
  /** As it was asked for. */
  readonly path: string;
  readonly stats: Stats;
}

/** What is in a folder, by name; of a file, nothing. Paths begin as the client asked. */
export async function listFolder(real: string, asked: string): Promise<ListedFile[]> {
  let names: string[];
  try {
    names = await fs.readdir(real);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
  const files = await Promise.all(
    names.sort().map(async (name): Promise<ListedFile[]> => {
      try {
        return [{ path: path.posix.join(asked, name), stats: await fs.stat(path.join(real, name)) }];
      } catch (error) {
        // Removed meanwhile, or a link to nowhere.
        if (['ENOENT', 'ELOOP', 'EACCES'].includes(codeOf(error) ?? '')) return [];
        throw error;
      }
    }),
  );
  return files.flat();
}

/** As LIST_FILES gives it. */
export function fileInfo({ path: asked, stats }: ListedFile, accounts: Accounts): FileInfo {
  return {
    path: asked,
    nlink: stats.nlink,
    size: stats.size,
    mtime: { nanoseconds: Math.floor(stats.mtimeMs / 1000) * 1e9 },
    mode: stats.mode,
    uid: accounts.userName(stats.uid),
    gid: accounts.groupName(stats.gid),
  };
}

/** As GET /files/browse gives it. */
export function browseEntry({ path: asked, stats }: ListedFile, accounts: Accounts): object {
  return {
    gid: accounts.groupName(stats.gid),
    mode: modeText(stats),
    mtime: Math.floor(stats.mtimeMs / 1000),
    nlink: stats.nlink,
    path: asked,
    size: stats.size,
    uid: accounts.userName(stats.uid),
  };
}

/** `-rw-r--r--`. */
function modeText(stats: Stats): string {
  const kind = stats.isDirectory()
    ? 'd'
    : stats.isFIFO()
      ? 'p'
      : stats.isSocket()
        ? 's'
        : stats.isCharacterDevice()
          ? 'c'
          : stats.isBlockDevice()
            ? 'b'
            : '-';
  const bits = ['r', 'w', 'x', 'r', 'w', 'x', 'r', 'w', 'x'];
  return kind + bits.map((letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-')).join('');
}
