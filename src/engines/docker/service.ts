import { setTimeout as delay } from 'node:timers/promises';
import type { DockerSpec } from '../../api/cluster.ts';
import { protocolVersion } from '../../api/common.ts';
import { connect, findCluster, type Connection, type KnownCluster } from '../../client/discover.ts';
import { ServiceUnreachable } from '../../client/errors.ts';
import { orUndefined } from '../../docker/daemonError.ts';
import { howItEnded } from '../../docker/ended.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { lastLogLines } from '../../docker/logs.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { UserFolders } from '../../host/folders.ts';
import { runtimeOf, writeRuntime } from './hostCopy.ts';
import { partNames } from './inside.ts';
import { resourceName } from './labels.ts';

/** How long a service may take until it answers. Milliseconds. */
const answerLimitMs = 90_000;
/** A service that ended this often by itself won't come. */
const endedTooOften = 3;

/** The cluster's service does not come up. */
export class ServiceDidNotStart extends ExplainedError {
  override readonly name = 'ServiceDidNotStart';
}

/**
 * Waits until the service in its container answers, and writes down on this machine where. Throws ServiceDidNotStart with
 * its last lines, or what `connect` throws where somebody else answers.
 */
export async function awaitService(
  engine: DockerEngine,
  spec: DockerSpec,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<Connection> {
  const limit = Date.now() + answerLimitMs;
  for (;;) {
    signal.throwIfAborted();
    const cluster = await findCluster(spec.name, folders);
    if (!cluster) throw new Error(`the folder of ${spec.name} has vanished`);
    const refused = await shake(upAt(cluster, spec), signal);
    if ('client' in refused) {
      await writeRuntime(cluster.folder, spec, refused.handshake.version);
      return refused;
    }
    await seeThatItRuns(engine, spec, Date.now() > limit ? refused : undefined);
    await delay(100, undefined, { signal });
  }
}

/** As it will be known once it answers. */
function upAt(cluster: KnownCluster, spec: DockerSpec): KnownCluster {
  const container = { ...runtimeOf(spec), protocol: protocolVersion, version: '' };
  return { ...cluster, container, state: 'running' };
}

async function shake(cluster: KnownCluster, signal: AbortSignal): Promise<Connection | ServiceUnreachable> {
  try {
    return await connect(cluster, signal);
  } catch (error) {
    if (error instanceof ServiceUnreachable) return error;
    throw error;
  }
}

async function seeThatItRuns(
  engine: DockerEngine,
  { name }: DockerSpec,
  late: ServiceUnreachable | undefined,
): Promise<void> {
  const container = engine.docker.getContainer(resourceName(name, partNames.service));
  const about = await orUndefined(container.inspect());
  const lives = about?.State.Running === true || about?.State.Restarting === true;
  if (lives && about.RestartCount < endedTooOften && !late) return;
  const lines = await lastLogLines(container, 12);
  const what = !about ? 'was removed' : late && lives ? 'does not answer' : howItEnded(about.State);
  throw new ServiceDidNotStart(`The service of “${name}” ${what}`, {
    why:
      lines.length > 0 ? `its log says:\n${lines.join('\n')}` : (late?.why ?? 'it left nothing in its log'),
    next: `Its whole log: mesos-airflow logs --name ${name} --part ${partNames.service}`,
  });
}
