import { messageOf } from '../host/errors.ts';
import type { ClusterFolder } from '../host/folders.ts';
import { takeLock, type Lock } from '../host/lock.ts';
import type { ClusterSpec } from '../api/cluster.ts';
import { makeCore, type Core } from './core.ts';
import { dockerSide } from './sides/docker.ts';
import { embeddedSide } from './sides/embedded.ts';
import type { EngineSide, Entrance } from './sides/side.ts';
import { idleStop, noticing } from './idle/idleStop.ts';
import { requestHandler } from './http/handler.ts';
import { HttpProblem } from './http/problem.ts';
import { RouteTable } from './http/route.ts';
import type { Logger } from './log.ts';
import { airflowRoutes } from './routes/airflow.ts';
import { attemptRoutes } from './routes/attempts.ts';
import { clusterRoutes } from './routes/cluster.ts';
import { debugRoutes } from './routes/debug.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { journalRoute } from './routes/journal.ts';
import { passingFailure } from './routes/failures.ts';
import { partRoutes } from './routes/parts.ts';
import { taskFileRoutes } from './routes/taskFiles.ts';
import { taskLogRoute } from './routes/taskLog.ts';
import { sessionRoute } from './routes/sessions.ts';
import { taskRoutes } from './routes/tasks.ts';
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
 * Starts the service of a cluster: takes its lock, opens its store, listens, and watches over the parts.
 * Throws LockHeldError where another service lives, ExplainedError where the spec, a secret or a port is at fault.
 */
export async function runService(folder: ClusterFolder, log: Logger): Promise<Service> {
  const spec = await readSpec(folder);
  const lock = await takeLock(folder.serviceLock);
  try {
    const side = await sideOf(spec, folder, log);
    const core = makeCore(spec, folder, side, log);
    try {
      return await open(spec, folder, side, core, lock, log);
    } catch (error) {
      await core.close();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function sideOf(spec: ClusterSpec, folder: ClusterFolder, log: Logger): Promise<EngineSide> {
  return spec.engine === 'embedded' ? embeddedSide(spec, folder, log) : dockerSide(spec, folder, log);
}

async function open(
  spec: ClusterSpec,
  folder: ClusterFolder,
  side: EngineSide,
  core: Core,
  lock: Lock,
  log: Logger,
): Promise<Service> {
  let end: Promise<void> | undefined;
  const ended = deferred();
  const opened = deferred();
  const finish = async (bringDown?: () => Promise<void>): Promise<void> => {
    // Asked for as soon as the doors are open, before the rest is there that is to be ended.
    await opened.promise;
    idle?.stop();
    log.info(bringDown ? 'the cluster is brought down' : 'the service stops; its parts live on');
    // The framework hears of the tasks that end with their agents, so that it stays connected until they are gone.
    await (bringDown ? bringDown() : side.parts.letGo());
    core.subscriptions.close();
    await entrance.close();
    await core.close();
    await lock.release();
    log.info('ended');
    ended.resolve();
  };
  const shutdown = (): void => {
    const bringDown = side.bringDown?.bind(side);
    if (!bringDown) throw notOurs();
    core.markStopping();
    end ??= finish(bringDown);
    end.catch((error: unknown) => {
      log.error(`bringing the cluster down failed: ${messageOf(error)}`);
      ended.resolve();
    });
  };
  const idle = idleStop({ spec, folder, side, core, log, shutdown });
  const routes = [
    ...routesOf(spec, side, core, () => entrance.url, shutdown, log),
    journalRoute(core.journal, folder.journal),
  ];
  const table = new RouteTable(noticing(routes, () => idle?.touch()));
  const entrance: Entrance = await side.open(requestHandler(table, side.doors, log, passingFailure));
  core.framework.start();
  core.logs.start();
  log.info(`listening at ${entrance.told} (version ${version}, pid ${process.pid})`);
  side.parts.start();
  idle?.start();
  opened.resolve();
  return {
    ended: ended.promise,
    stop: async () => {
      end ??= finish();
      await end;
    },
  };
}

function notOurs(): HttpProblem {
  return new HttpProblem(409, {
    error: 'The service cannot end this cluster',
    why: 'its parts are containers, which Docker keeps running; the service has no way to Docker',
    next: 'mesos-airflow down stops them.',
  });
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function routesOf(
  spec: ClusterSpec,
  side: EngineSide,
  core: Core,
  serviceUrl: () => string,
  shutdown: () => void,
  log: Logger,
) {
  const { dagPages, framework, logs, pages, sessions, store, subscriptions, views, watch } = core;
  const { airflow, doors, parts, report, shown, taskVariables } = side;
  const handshake = { version, cluster: spec.name, pid: process.pid, epoch: store.epoch };
  return [
    ...clusterRoutes({ views, watch, subscriptions, handshake, admin: doors.admin, shutdown }),
    ...partRoutes(parts, report),
    ...taskRoutes(framework, views),
    ...taskFileRoutes(framework, logs, log),
    sessionRoute(framework, sessions),
    ...airflowRoutes({
      airflow,
      airflowUrl: shown.airflow,
      pages: dagPages,
      onChange: (changed) => pages.nudge(changed),
      onSaved: () => pages.dagFileSaved(),
      serviceUrl,
    }),
    ...deploymentRoutes(framework),
    taskLogRoute(framework, logs.files),
    ...attemptRoutes(framework, taskVariables),
    ...debugRoutes(framework, views, airflow, side.debug),
  ];
}
