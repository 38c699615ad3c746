import fs from 'node:fs';
import path from 'node:path';
import type { SystemUser } from './userDatabase.ts';

export interface Outputs {
  /** File descriptors. */
  readonly stdout: number;
  readonly stderr: number;
}

/**
 * Opens `stdout` and `stderr` in a new sandbox, and then gives files and sandbox to the task's user: from there on another
 * task of this user could put a link in a file's place. The caller closes them.
 */
export function openOutputs(sandbox: string, owner: SystemUser | undefined): Outputs {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = fs.constants;
  const open = (name: string): number => {
    const file = fs.openSync(path.join(sandbox, name), O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o644);
    if (owner) fs.fchownSync(file, owner.uid, owner.gid);
    return file;
  };
  const stdout = open('stdout');
  try {
    const stderr = open('stderr');
    if (owner) fs.chownSync(sandbox, owner.uid, owner.gid);
    return { stdout, stderr };
  } catch (error) {
    fs.closeSync(stdout);
    throw error;
  }
}

/** Adds a line to a sandbox's `stderr`. */
export function addToStderr(sandbox: string, line: string): void {
  const { O_APPEND, O_WRONLY, O_NOFOLLOW } = fs.constants;
  const file = fs.openSync(path.join(sandbox, 'stderr'), O_APPEND | O_WRONLY | O_NOFOLLOW);
  try {
    fs.writeSync(file, `${line}\n`);
  } finally {
    fs.closeSync(file);
  }
}
