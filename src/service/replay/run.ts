import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { secretFiles } from '../../api/cluster.ts';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import { secretIn } from '../../host/files.ts';
import { clusterFolder, userFolders, type ClusterFolder } from '../../host/folders.ts';
import { LockHeldError, takeLock } from '../../host/lock.ts';
import { NothingRecorded } from '../../journal/errors.ts';
import { History } from '../../journal/history.ts';
import { taskOfKey } from '../../journal/lines.ts';
import { requestHandler } from '../http/handler.ts';
import { listenBoth, socketPath } from '../http/listen.ts';
import { RouteTable } from '../http/route.ts';
import type { Logger } from '../log.ts';
import type { Service } from '../service.ts';
import { writeRuntime } from '../runtime.ts';
import { Subscriptions, type WholeTopic } from '../subscriptions.ts';
import { version } from '../version.ts';
import type { ReplayArguments } from './arguments.ts';
import { ReplayClock } from './clock.ts';
import { Player } from './player.ts';
import { replayRoutes } from './routes.ts';
import { ReplayViews } from './views.ts';

/** A recording that is being served. */
export interface Replay extends Service {
  readonly history: Pick<History, 'from' | 'to' | 'cutOff' | 'header'>;
}

/**
 * Serves a recording as a cluster's service does, under a name of its own; when it ends it leaves nothing. Throws
 * ExplainedError for a file that is none, and where a cluster has that name.
 */
export async function runReplay(args: ReplayArguments, log: Logger): Promise<Replay> {
  const history = await read(args.file);
  const folder = clusterFolder(userFolders(), args.name);
  await refuseCluster(folder, args.name);
  const lock = await takeLock(folder.serviceLock).catch((error: unknown) => {
    if (!(error instanceof LockHeldError)) throw error;
    throw new ExplainedError(`A recording is shown as “${args.name}” already`, {
      why: `process ${error.holder.pid} serves it`,
      next: `End it (mesos-airflow down --name ${args.name}), or give this one another --name.`,
    });
  });
  const leave = async (): Promise<void> => {
    await lock.release();
    await fs.rm(folder.root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return await serve(args, history, folder, leave, log);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function read(file: string): Promise<History> {
  const what = path.basename(file);
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file, 'r');
  } catch (error) {
    throw new ExplainedError(`${file} cannot be read`, { why: messageOf(error), cause: error });
  }
  return History.read(handle.createReadStream() as AsyncIterable<Uint8Array>, what);
}

/** A recording never takes the folder of a cluster. */
async function refuseCluster(folder: ClusterFolder, name: string): Promise<void> {
  const isCluster = await fs.access(folder.spec).then(
    () => true,
    () => false,
  );
  if (!isCluster) return;
  throw new ExplainedError(`There is a cluster called ${name}`, {
    next: 'Give the recording another --name.',
  });
}

async function serve(
  { file, name, at, speed }: ReplayArguments,
  history: History,
  folder: ClusterFolder,
  leave: () => Promise<void>,
  log: Logger,
): Promise<Replay> {
  const clock = new ReplayClock(history.from, history.to, {
    ...(at === undefined ? {} : { at }),
    ...(speed === undefined ? {} : { speed }),
  });
  const epoch = randomUUID();
  const views: ReplayViews = new ReplayViews(epoch, () => player);
  const subscriptions = new Subscriptions(views, () => undefined);
  const player = new Player(history, clock, {
    changed: (keys) => {
      for (const key of keys) {
        const task = taskOfKey(key);
        if (task === undefined) subscriptions.changed(key as WholeTopic);
        else subscriptions.taskChanged(task);
      }
    },
    startOver: () => subscriptions.startOver(),
    ticked: () => subscriptions.changed('cluster'),
  });
  if (!views.hasCluster()) {
    throw new NothingRecorded(path.basename(file), 'it does not hold what this version shows');
  }
  const admin = await secretIn(path.join(folder.secrets, secretFiles.admin));
  let hasEnded = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    hasEnded = resolve;
  });
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    player.close();
    subscriptions.close();
    await listeners.close();
    await leave();
    log.info('ended');
    hasEnded();
  };
  const stop = (): Promise<void> => (ending ??= end());
  const handshake = { version, cluster: name, pid: process.pid, epoch };
  const shutdown = (): void => {
    // Once the answer is on its way.
    setTimeout(() => void stop(), 100);
  };
  const routes = replayRoutes({ views, player, subscriptions, handshake, admin, shutdown });
  // Airflow has no business here: nobody is given this token.
  const doors = { admin, airflow: { token: randomUUID(), deployment: epoch } };
  const handler = requestHandler(new RouteTable(routes), doors, log, () => undefined);
  const listeners = await listenBoth(handler, { socket: socketPath(userFolders(), folder.root), port: 0 });
  await writeRuntime(folder, listeners, { recording: true });
  player.start();
  log.info(`${file} is served at ${listeners.url} and ${listeners.socket}`);
  return { ended, stop, history };
}
