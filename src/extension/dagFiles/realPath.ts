import fs from 'node:fs';

/** A path of this machine without symbolic links; the path itself where that cannot be told. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file);
  } catch {
    // It is gone, or not to be read: it has the one name.
    return file;
  }
}
