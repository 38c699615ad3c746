import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { mesosPrincipal, secretFiles } from '../api/cluster.ts';
import { readIfThere, secretIn, writePrivateFile } from '../host/files.ts';
import type { ClusterFolder } from '../host/folders.ts';
import { basicAuthorization, type Authorization } from '../mesos/authorization.ts';

/**
 * What opens the embedded master and agents: whoever reaches a Mesos master's port can run commands as its user, and on
 * a machine of several people loopback keeps nobody out. The file is made at the first call.
 */
export async function mesosAuthorization(folder: ClusterFolder): Promise<Authorization> {
  const file = path.join(folder.secrets, secretFiles.mesosCredentials);
  // The link's secret is another one: it is in no request.
  await secretIn(path.join(folder.secrets, secretFiles.mesos));
  const [, kept] = (await readIfThere(file))?.trim().split(' ') ?? [];
  if (kept) return basicAuthorization(mesosPrincipal, kept);
  const secret = randomBytes(32).toString('base64url');
  await writePrivateFile(file, `${mesosPrincipal} ${secret}\n`);
  return basicAuthorization(mesosPrincipal, secret);
}
