import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../host/errors.ts';
import type { SystemUser } from './userDatabase.ts';

export interface Outputs {
  /** File descriptors. */
  readonly stdout: number;
  readonly stderr: number;
}

/**
 * Opens `stdout` and `stderr` in a sandbox, makes them in a new one, and then gives files and sandbox to the task's user:
 * from there on that user could put a link in a file's place, so what is there already must be the user's own. The caller
 * closes them.
 */
export function openOutputs(sandbox: string, owner: SystemUser | undefined): Outputs {
  const open = (name: string): number => openOutput(path.join(sandbox, name), owner);
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

function openOutput(name: string, owner: SystemUser | undefined): number {
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const flags = O_APPEND | O_WRONLY | O_NOFOLLOW;
  try {
    const made = fs.openSync(name, flags | O_CREAT | O_EXCL, 0o644);
    if (owner) fs.fchownSync(made, owner.uid, owner.gid);
    return made;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  // A pipe would hold us up.
  const found = fs.openSync(name, flags | O_NONBLOCK);
  const stats = fs.fstatSync(found);
  if (stats.isFile() && (!owner || stats.uid === owner.uid)) return found;
  fs.closeSync(found);
  throw new Error(`'${name}' is not a file of the task's user`);
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
