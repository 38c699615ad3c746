import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readIfThere } from '../../host/files.ts';

const run = promisify(execFile);

/** A user of this machine. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** All groups, with the first. */
  readonly groups: readonly number[];
}

/** A user by name: from the machine's files, else from wherever `id` knows users (a directory service); undefined if there is none. */
export async function findUser(name: string): Promise<SystemUser | undefined> {
  // Neither an option for `id` nor a line of a file.
  if (!/^[^-:/\s][^:/\s]*$/.test(name)) return undefined;
  return (await userInFiles(name)) ?? (await userById(name));
}

async function userInFiles(name: string): Promise<SystemUser | undefined> {
  const [users, groups] = await Promise.all(['/etc/passwd', '/etc/group'].map(fieldsOf));
  const found = users?.find(([user]) => user === name);
  if (!found) return undefined;
  const [uid, gid] = [Number(found[2]), Number(found[3])];
  const others = (groups ?? []).filter((group) => group[3]?.split(',').includes(name));
  return { name, uid, gid, groups: [...new Set([gid, ...others.map((group) => Number(group[2]))])] };
}

async function fieldsOf(file: string): Promise<string[][]> {
  const text = (await readIfThere(file)) ?? '';
  return text.split('\n').map((line) => line.split(':'));
}

async function userById(name: string): Promise<SystemUser | undefined> {
  const ask = async (option: string): Promise<number[]> => {
    const { stdout } = await run('id', [option, name]);
    return stdout.trim().split(/\s+/).map(Number);
  };
  try {
    const [[uid = NaN], [gid = NaN], groups] = await Promise.all([ask('-u'), ask('-g'), ask('-G')]);
    // `id` takes a number for a user, too; Mesos doesn't.
    return String(uid) === name ? undefined : { name, uid, gid, groups };
  } catch {
    // It ends with 1 where there is no such user.
    return undefined;
  }
}
