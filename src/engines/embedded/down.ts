import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, findCluster, type KnownCluster } from '../../client/discover.ts';
import { startService } from '../../client/start.ts';
import { messageOf } from '../../host/errors.ts';
import type { UserFolders } from '../../host/folders.ts';
import { lockHolder } from '../../host/lock.ts';
import { endProcess, isAlive, type ProcessIdentity } from '../../host/processes.ts';
import type { Watch } from '../engine.ts';
import { Phases, type Phase } from '../phases.ts';
import { endLivingParts, livingParts } from './recordedParts.ts';
import { endSupervisor } from './supervisor.ts';
import { isBeingBroughtUp } from '../../client/startRecord.ts';

/** How long a service may take to end all parts in order. Milliseconds. */
const shutdownLimitMs = 60_000;
/** Between SIGTERM and SIGKILL for what is ended without its service. */
const graceMs = 10_000;
/** A service that was just started shows by its lock within this time. */
const appearMs = 3000;

/**
 * Ends a cluster: through its service, which is started again if it died, because only it knows how to end everything in
 * order; where that does not work, by ending the service and the recorded parts themselves. Returns whether anything ran.
 */
export async function endCluster(name: string, folders: UserFolders, watch: Watch): Promise<boolean> {
  const cluster = await findCluster(name, folders);
  if (!cluster) return false;
  // First, or it would start again what is ended.
  await endSupervisor(cluster.folder);
  if (!(await anythingRuns(cluster))) {
    await forgetRuntime(cluster);
    return false;
  }
  const phases = new Phases(watch.progress);
  await phases.run('Stop', async (phase) => {
    const left = await livingParts(cluster.folder);
    const reason = await shutDown(cluster, folders, phase);
    if (reason !== undefined) {
      phase.update(`its service could not do it (${reason}): ending ${left.length} processes directly`);
      await endWithoutService(name, folders);
    }
    await forgetRuntime(cluster);
    return { detail: `${left.map((part) => part.name).join(', ') || 'the service'} ended`, value: undefined };
  });
  return true;
}

/** Ends everything at once. Agents get a second to end their tasks. */
export async function killCluster(name: string, folders: UserFolders): Promise<void> {
  const cluster = await findCluster(name, folders);
  if (!cluster) return;
  const starts = (await isBeingBroughtUp(cluster.folder)) || (await endSupervisor(cluster.folder));
  await forgetRuntime(cluster);
  const service = await livingService(cluster, starts && cluster.spec ? appearMs : 0);
  // Killed in the middle of starting a part it could not write down whom it started, and nobody would find that one.
  if (service) await endProcess(service, 2000);
  // It may have written down where it listens meanwhile.
  await forgetRuntime(cluster);
  const parts = await livingParts(cluster.folder);
  await Promise.all(parts.map((part) => endProcess(part, 1000)));
}

async function anythingRuns(cluster: KnownCluster): Promise<boolean> {
  if ((await livingService(cluster)) !== undefined) return true;
  return (await livingParts(cluster.folder)).length > 0;
}

/** The service's process, also one that has not told yet where it listens; waits for it to show for `waitMs`. */
async function livingService(cluster: KnownCluster, waitMs = 0): Promise<ProcessIdentity | undefined> {
  const limit = Date.now() + waitMs;
  for (;;) {
    const holder = await lockHolder(cluster.folder.serviceLock);
    if (holder) return holder;
    if (cluster.runtime && (await isAlive(cluster.runtime))) return cluster.runtime;
    if (Date.now() >= limit) return undefined;
    await delay(20);
  }
}

/** Asks the service to end everything. Returns why that did not work, or undefined. */
async function shutDown(
  cluster: KnownCluster,
  folders: UserFolders,
  phase: Phase,
): Promise<string | undefined> {
  try {
    const { client, cluster: living } =
      cluster.state === 'running' ? await connect(cluster) : await startService(cluster, { folders });
    await client.shutdown();
    const limit = Date.now() + shutdownLimitMs;
    while (living.runtime && (await isAlive(living.runtime))) {
      if (Date.now() > limit) return `it did not end within ${shutdownLimitMs / 1000} s`;
      const parts = await livingParts(cluster.folder);
      phase.update(parts.length > 0 ? `waiting for ${parts.map(({ name }) => name).join(', ')}` : '');
      await delay(100);
    }
    const parts = await livingParts(cluster.folder);
    return parts.length > 0 ? `it left ${parts.map(({ name }) => name).join(', ')}` : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function endWithoutService(name: string, folders: UserFolders): Promise<void> {
  const cluster = await findCluster(name, folders);
  if (!cluster) return;
  // The service first, or it would start again what is ended; and forgotten before it, or an editor would revive it.
  await forgetRuntime(cluster);
  const service = await livingService(cluster);
  if (service) await endProcess(service, graceMs);
  await forgetRuntime(cluster);
  await endLivingParts(cluster.folder, graceMs);
}

/** Without runtime.json the cluster counts as brought down, and nobody starts its service again. */
async function forgetRuntime(cluster: KnownCluster): Promise<void> {
  await fs.rm(cluster.folder.runtime, { force: true });
}
