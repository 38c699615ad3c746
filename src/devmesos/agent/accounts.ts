import fs from 'node:fs/promises';
import os from 'node:os';
import { codeOf } from '../../host/errors.ts';

/** Names of users and groups; the number where there is none. */
export interface Accounts {
  userName(uid: number): string;
  groupName(gid: number): string;
}

/** Reads this machine's accounts. Those that a directory service keeps (macOS, LDAP) aren't in the files: only our own is known. */
export async function readAccounts(): Promise<Accounts> {
  const users = await namesIn('/etc/passwd');
  const groups = await namesIn('/etc/group');
  const uid = process.getuid?.();
  if (uid !== undefined && !users.has(uid)) users.set(uid, ownUserName());
  return {
    userName: (uid) => users.get(uid) ?? String(uid),
    groupName: (gid) => groups.get(gid) ?? String(gid),
  };
}

/** The number where this user has no name, as in containers that were given any user. */
export function ownUserName(): string {
  try {
    return os.userInfo().username;
  } catch (error) {
    if (codeOf(error) === 'ERR_SYSTEM_ERROR') return String(process.getuid?.() ?? '');
    throw error;
  }
}

async function namesIn(file: string): Promise<Map<number, string>> {
  let text = '';
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , number] = line.split(':');
    if (name && number && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}
