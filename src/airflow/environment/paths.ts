import path from 'node:path';

/** The interpreter of an environment. */
export function pythonOf(folder: string): string {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}
