import fs from 'node:fs/promises';
import path from 'node:path';
import { taskVariables } from '../airflow/configuration.ts';
import { airflowUrl } from '../airflow/setup.ts';
import { secretFiles, type EmbeddedSpec, type ServiceRuntime } from '../api/cluster.ts';
import { protocolVersion } from '../api/common.ts';
import { networkEnvironment } from '../host/environment.ts';
import { makePrivateFolder, secretIn, writePrivateFile } from '../host/files.ts';
import { userFolders, type ClusterFolder } from '../host/folders.ts';
import { takeLock, type Lock } from '../host/lock.ts';
import { identify } from '../host/processes.ts';
import { makeCore, type Core } from './core.ts';
import type { Doors } from './http/doors.ts';
import { requestHandler } from './http/handler.ts';
import { listenBoth, socketPath, type Listeners } from './http/listen.ts';
import { RouteTable } from './http/route.ts';
import type { Logger } from './log.ts';
import { airflowRoutes } from './routes/airflow.ts';
import { attemptRoutes } from './routes/attempts.ts';
import { clusterRoutes } from './routes/cluster.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { passingFailure } from './routes/failures.ts';
import { taskLogRoute } from './routes/taskLog.ts';
import { taskRoutes } from './routes/tasks.ts';
import { keepLogsSmall } from './smallLogs.ts';
import { readSpec } from './spec.ts';
import { version } from './version.ts';

/** The living service of one cluster. */
export interface Service {
  /** Stops the service alone: parts and tasks live on, and the next service finds them. */
  stop(): Promise<void>;
  /** Resolves when the service has ended, by `stop` or because a client asked for the cluster's end. */
  readonly ended: Promise<void>;
}

/**
 * Starts the service of a cluster: takes its lock, opens its store, listens, tells where, and brings the parts up.
 * Throws LockHeldError where another service lives, ExplainedError where the spec or a port is at fault.
 */
export async function runService(folder: ClusterFolder, log: Logger): Promise<Service> {
  const spec = await readSpec(folder);
  if (spec.engine !== 'embedded') throw new Error(`the service does not know the engine ${spec.engine}`);
  const lock = await takeLock(folder.serviceLock);
  try {
    for (const each of [folder.secrets, folder.logs, folder.mesos, folder.airflow])
      await makePrivateFolder(each);
    const doors = await makeSecrets(spec, folder);
    const core = await makeCore(spec, folder, log);
    try {
      return await open(spec, folder, doors, core, lock, log);
    } catch (error) {
      await core.close();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function open(
  spec: EmbeddedSpec,
  folder: ClusterFolder,
  doors: Doors,
  core: Core,
  lock: Lock,
  log: Logger,
): Promise<Service> {
  let end: Promise<void> | undefined;
  const ended = deferred();
  const opened = deferred();
  const finish = async (withParts: boolean): Promise<void> => {
    // Asked for as soon as the doors are open, before the rest is there that is to be ended.
    await opened.promise;
    log.info(withParts ? 'the cluster is brought down' : 'the service stops; its parts live on');
    // The framework hears of the tasks that end with their agents, so that it stays connected until they are gone.
    if (withParts) await core.supervisor.end();
    else await core.supervisor.letGo();
    stopTrimming();
    if (withParts) await fs.rm(folder.runtime, { force: true });
    core.subscriptions.close();
    await listeners.close();
    await core.close();
    await lock.release();
    log.info('ended');
    ended.resolve();
  };
  const shutdown = (): void => {
    core.markStopping();
    end ??= finish(true);
    end.catch((error: unknown) => {
      log.error(`bringing the cluster down failed: ${String(error)}`);
      ended.resolve();
    });
  };
  const logs = core.supervisor.views().map((part) => part.log);
  const stopTrimming = keepLogsSmall([path.join(folder.logs, 'service.log'), ...logs], log);
  const table = new RouteTable(routesOf(spec, core, () => listeners.url, shutdown));
  const handler = requestHandler(table, doors, log, passingFailure);
  const socket = socketPath(userFolders(), folder.root);
  const listeners: Listeners = await listenBoth(handler, { socket, port: spec.service.port });
  core.framework.start();
  await writeRuntime(folder, listeners);
  log.info(`listening at ${listeners.url} and ${listeners.socket} (version ${version}, pid ${process.pid})`);
  core.supervisor.start();
  opened.resolve();
  return {
    ended: ended.promise,
    stop: async () => {
      end ??= finish(false);
      await end;
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function routesOf(spec: EmbeddedSpec, core: Core, serviceUrl: () => string, shutdown: () => void) {
  const { airflow, framework, sandboxes, setup, store, subscriptions, views, watch } = core;
  // What a task needs of the network, and the person's own variables: given out for a ticket only.
  const taskEnv = { ...networkEnvironment(), ...taskVariables(setup) };
  const handshake = { version, cluster: spec.name, pid: process.pid, epoch: store.epoch };
  return [
    ...clusterRoutes({ views, watch, subscriptions, handshake, shutdown }),
    ...taskRoutes(framework, views, sandboxes),
    ...airflowRoutes({ airflow, airflowUrl: airflowUrl(setup), framework, serviceUrl }),
    ...deploymentRoutes(framework),
    taskLogRoute(framework, sandboxes),
    ...attemptRoutes(framework, taskEnv),
  ];
}

async function makeSecrets(spec: EmbeddedSpec, folder: ClusterFolder): Promise<Doors> {
  const secret = (name: string): Promise<string> => secretIn(path.join(folder.secrets, name));
  return {
    admin: await secret(secretFiles.admin),
    airflow: { token: await secret(secretFiles.airflow), deployment: spec.airflow.deployment },
  };
}

async function writeRuntime(folder: ClusterFolder, listeners: Listeners): Promise<void> {
  const self = await identify(process.pid);
  const runtime: ServiceRuntime = {
    protocol: protocolVersion,
    version,
    pid: process.pid,
    started: self?.started ?? '',
    socket: listeners.socket,
    url: listeners.url,
  };
  await writePrivateFile(folder.runtime, `${JSON.stringify(runtime, null, 2)}\n`);
}
