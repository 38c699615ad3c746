import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KnownCluster } from '../../client/discover.ts';
import { plainEnvironment } from '../../host/environment.ts';
import { ExplainedError } from '../../host/errors.ts';
import { makePrivateFolder } from '../../host/files.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { lockHolder } from '../../host/lock.ts';
import { rotateLog } from '../../host/logFiles.ts';
import { endProcess, isAlive, startDetached } from '../../host/processes.ts';

/** The mode of the command line's bundle in which it is the supervisor of a cluster (src/cli/main.ts). */
export const supervisorMode = 'supervise';

/** How long a supervisor may take until it holds its lock. Milliseconds. */
const startLimitMs = 10_000;
/** Between SIGTERM and SIGKILL. Milliseconds. */
const graceMs = 2000;

/** Held by the one supervisor of a cluster; whoever ends the cluster finds it by this. */
export function supervisorLock(folder: ClusterFolder): string {
  return path.join(folder.root, 'supervisor.lock');
}

/**
 * Leaves a small process behind that starts the cluster's service again where it dies, for a cluster that nobody watches.
 * It runs from the cluster's installation and ends with the cluster. One that is there already stays the only one.
 */
export async function leaveSupervisor({ folder, spec }: KnownCluster): Promise<void> {
  if (spec?.engine !== 'embedded') throw new Error(`${folder.root} is no embedded cluster`);
  const lock = supervisorLock(folder);
  if (await lockHolder(lock)) return;
  const bundle = path.join(path.dirname(spec.service.program), 'cli.cjs');
  const log = path.join(folder.logs, 'supervisor.log');
  await makePrivateFolder(folder.logs);
  await rotateLog(log);
  const started = await startDetached(spec.service.node, [bundle, supervisorMode, folder.root], {
    env: { ...plainEnvironment(), ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1' },
    cwd: folder.root,
    logFile: log,
  });
  // Until it holds its lock, who brings the cluster down would not find it.
  const limit = Date.now() + startLimitMs;
  while (!(await lockHolder(lock))) {
    if (Date.now() > limit || !(await isAlive(started))) {
      throw new ExplainedError('Nobody watches over the cluster', {
        why: 'the small process that would start its service again where it dies has ended at once',
        next: `Its log: ${log}`,
      });
    }
    await delay(20);
  }
}

/** Ends the cluster's supervisor. Returns whether there was one. */
export async function endSupervisor(folder: ClusterFolder): Promise<boolean> {
  const supervisor = await lockHolder(supervisorLock(folder));
  if (!supervisor) return false;
  await endProcess(supervisor, graceMs);
  return true;
}
