import type Docker from 'dockerode';
import { readFileIn } from '../../docker/files.ts';
import { ExplainedError } from '../../host/errors.ts';

/** An image lacks the user that something in it belongs to. */
export class NoSuchUser extends ExplainedError {
  override readonly name = 'NoSuchUser';
}

/** A user by number. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export const root: Owner = { uid: 0, gid: 0 };

/** As whom a container's process runs, by number: images name users, archives count them. */
export async function userOf(container: Docker.Container): Promise<Owner> {
  const { Config } = await container.inspect();
  return userNamed(container, Config.User);
}

/** A user of a container's image, as Docker writes them: `name`, `1000`, `name:group`, `1000:0`; empty is root. */
export async function userNamed(container: Docker.Container, user: string): Promise<Owner> {
  const [name = '', group] = user.split(':');
  if (name === '') return root;
  const passwords = (await readFileIn(container, '/etc/passwd'))?.toString() ?? '';
  const groups =
    group === undefined || isNumber(group)
      ? ''
      : ((await readFileIn(container, '/etc/group'))?.toString() ?? '');
  return ownerIn(passwords, groups, name, group);
}

/** Looks a user up in what /etc/passwd and /etc/group hold. Throws where the image has no such user or group. */
export function ownerIn(passwords: string, groups: string, name: string, group?: string): Owner {
  const lines = passwords.split('\n').map((line) => line.split(':'));
  const entry = lines.find(([user, , uid]) => (isNumber(name) ? uid === name : user === name));
  if (!entry && !isNumber(name)) throw new NoSuchUser(`The image has no user ${name}`);
  const uid = Number(isNumber(name) ? name : entry?.[2]);
  if (group === undefined) return { uid, gid: Number(entry?.[3] ?? 0) };
  if (isNumber(group)) return { uid, gid: Number(group) };
  const found = groups
    .split('\n')
    .map((line) => line.split(':'))
    .find(([each]) => each === group);
  if (!found) throw new NoSuchUser(`The image has no group ${group}`);
  return { uid, gid: Number(found[2]) };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
