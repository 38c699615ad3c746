import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { plainEnvironment } from '../host/environment.ts';
import { ExplainedError } from '../host/errors.ts';
import { makePrivateFolder } from '../host/files.ts';
import { userFolders, type UserFolders } from '../host/folders.ts';
import { lockHolder } from '../host/lock.ts';
import { lastLines, rotateLog, sizeOf } from '../host/logFiles.ts';
import { isAlive, startDetached } from '../host/processes.ts';
import { connect, findCluster, type Connection, type KnownCluster } from './discover.ts';
import { ServiceInContainer, ServiceUnreachable } from './errors.ts';

export interface StartOptions {
  readonly folders?: UserFolders;
  /** Milliseconds until the service must answer; default 30 000. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to the cluster's service, and starts it again where it died; one in a container is Docker's to start again
 * (ServiceUnreachable, ServiceInContainer). A cluster that was brought down stays down (ExplainedError). Of several that call this at once, the service's lock lets one start; all connect to that.
 */
export async function ensureService(name: string, options: StartOptions = {}): Promise<Connection> {
  const cluster = await findCluster(name, options.folders ?? userFolders());
  if (!cluster) {
    throw new ExplainedError(`There is no cluster “${name}”`, {
      next: 'mesos-airflow list shows those that there are; mesos-airflow up makes one.',
    });
  }
  return cluster.state === 'dead' ? startService(cluster, options) : connect(cluster, options.signal);
}

/**
 * Starts the service that the cluster's cluster.json names, detached, and waits until it has shaken hands. A service that
 * lives already is connected to. Throws ExplainedError with the last lines of service.log where it does not come up.
 */
export async function startService(cluster: KnownCluster, options: StartOptions = {}): Promise<Connection> {
  const { folder, name, spec } = cluster;
  const folders = options.folders ?? userFolders();
  if (!spec) {
    throw new ExplainedError(`The cluster “${name}” has no configuration that this version understands`, {
      why: `${folder.spec} is missing, damaged, or of another version`,
      next: 'mesos-airflow up writes it anew.',
    });
  }
  if (spec.engine !== 'embedded') throw new ServiceInContainer(name);
  const { node, program } = spec.service;
  for (const file of [node, program]) {
    if (fs.existsSync(file)) continue;
    throw new ExplainedError(`The service of “${name}” cannot be started again`, {
      why: `${file} is gone: the program was updated or removed, or its cache cleared`,
      next: 'mesos-airflow up starts it with the installation of today.',
    });
  }
  const log = path.join(folder.logs, 'service.log');
  await makePrivateFolder(folder.logs);
  await rotateLog(log);
  const logStart = await sizeOf(log);
  const started = await startDetached(node, [program, '--cluster', folder.root], {
    // The editor's own executable is a Node only with this variable; a plain Node does not mind it.
    env: { ...plainEnvironment(), ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1' },
    cwd: folder.root,
    logFile: log,
  });
  const limit = Date.now() + (options.limitMs ?? 30_000);
  for (;;) {
    options.signal?.throwIfAborted();
    // Looked at before the runtime file: one that died after writing it is not missed.
    const lives = (await isAlive(started)) || (await lockHolder(folder.serviceLock)) !== undefined;
    const connection = await tryToConnect(name, folders, options.signal);
    if (connection) return connection;
    if (!lives || Date.now() > limit) {
      const lines = await lastLines(log, 12, logStart);
      throw new ExplainedError(`The service of “${name}” ${lives ? 'does not answer' : 'ended at once'}`, {
        why: lines.length > 0 ? `its log says:\n${lines.join('\n')}` : 'it left nothing in its log',
        next: `Its whole log: ${log}`,
      });
    }
    await delay(50, undefined, options.signal ? { signal: options.signal } : {});
  }
}

async function tryToConnect(
  name: string,
  folders: UserFolders,
  signal: AbortSignal | undefined,
): Promise<Connection | undefined> {
  const cluster = await findCluster(name, folders);
  if (cluster?.state !== 'running') return undefined;
  try {
    return await connect(cluster, signal);
  } catch (error) {
    if (error instanceof ServiceUnreachable) return undefined;
    throw error;
  }
}
