import path from 'node:path';
import { readDotenv } from '../../airflow/dotenv.ts';
import type { DockerSpec } from '../../api/cluster.ts';
import type { ClusterView } from '../../api/people.ts';
import { findCluster } from '../../client/discover.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import type { UserFolders } from '../../host/folders.ts';
import { findSecrets } from '../findSecrets.ts';
import type { UpRequest, UpResult, Watch } from '../engine.ts';
import { Phases } from '../phases.ts';
import { PortClaims } from '../portClaims.ts';
import type { ProgramFiles } from '../program.ts';
import { checkDocker, type Checked } from './check.ts';
import { findInDocker, partOf, type FoundCluster } from './found.ts';
import { ensureImages } from './clusterImages.ts';
import { partNames } from './inside.ts';
import { canBeJoined, join } from './join.ts';
import { turnToStart } from '../upLock.ts';
import { choosePublished } from './ports.ts';
import { rollBack } from './rollback.ts';
import type { DockerSettings } from './settings.ts';
import { withSettingsBefore } from './spec.ts';
import { startParts } from './start.ts';

export interface UpOptions {
  readonly engine: DockerEngine;
  readonly folders: UserFolders;
  readonly program: ProgramFiles;
  readonly env: NodeJS.ProcessEnv;
}

/** Brings a cluster in Docker up, or joins it where it runs or is just being brought up by someone else. */
export async function bringUp(request: UpRequest, options: UpOptions, watch: Watch): Promise<UpResult> {
  const { engine, folders } = options;
  const { name } = request;
  const turn = await turnToStart(name, folders, watch.progress, watch.signal);
  const phases = new Phases(turn.progress);
  try {
    const found = await findInDocker(engine, name, watch.signal);
    if (canBeJoined(found)) {
      return { cluster: await join(found, request.settings, options, phases, watch.signal), joined: true };
    }
    return { cluster: await start(request, found, options, phases, watch.signal), joined: false };
  } catch (error) {
    phases.failOpen(watch.signal.aborted ? 'interrupted' : messageOf(error));
    throw error;
  } finally {
    await turn.end();
  }
}

async function start(
  request: UpRequest,
  found: FoundCluster,
  options: UpOptions,
  phases: Phases,
  signal: AbortSignal,
): Promise<ClusterView> {
  const { engine, folders } = options;
  const before = await specBefore(found, folders);
  const settings = withSettingsBefore(request.settings, partOf(found, partNames.service)?.settings);
  const checked = await check(request, settings, before, found, options, phases);
  const secrets = await findSecrets(settings, before, options.env, phases, signal);
  const claims = new PortClaims();
  try {
    signal.throwIfAborted();
    const [images, ports, env] = await Promise.all([
      ensureImages({ ...options, settings, before, checked, phases, signal }),
      choosePublished(engine, found, before, folders, claims, signal),
      checked.workspace === undefined ? {} : readDotenv(path.join(checked.workspace, '.env')),
    ]);
    for (const notice of ports.notices) phases.notice(notice);
    return await undoing(settings, found, options, phases, signal, () =>
      startParts({
        ...options,
        found,
        before,
        settings,
        checked,
        images,
        ports: ports.ports,
        env: { ...env, ...secrets },
        phases,
        signal,
      }),
    );
  } finally {
    await claims.release();
  }
}

/** What the cluster was the last time. Throws where it is one of another engine. */
async function specBefore(found: FoundCluster, folders: UserFolders): Promise<DockerSpec | undefined> {
  if (found.spec) return found.spec;
  const spec = (await findCluster(found.name, folders))?.spec ?? undefined;
  if (!spec || spec.engine === 'docker') return spec;
  throw new ExplainedError(`The cluster ${spec.name} is an embedded one`, {
    why: 'a cluster keeps its engine: its runs and logs lie there',
    next: `Start it: mesos-airflow up --engine embedded --name ${spec.name}, or give this one another --name.`,
  });
}

async function check(
  request: UpRequest,
  settings: DockerSettings,
  before: DockerSpec | undefined,
  found: FoundCluster,
  options: UpOptions,
  phases: Phases,
): Promise<Checked> {
  const checked = await phases.run('Check Docker', async () => {
    const hasImages = found.containers.length > 0;
    const value = await checkDocker({
      ...options,
      settings,
      before,
      workspace: request.workspace,
      hasImages,
    });
    return { detail: value.detail, value };
  });
  for (const notice of checked.notices) phases.notice(notice);
  return checked;
}

/** Undoes what was made where `work` fails or is cancelled. */
async function undoing<T>(
  { keepOnFailure }: DockerSettings,
  found: FoundCluster,
  { engine, folders }: UpOptions,
  phases: Phases,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    phases.failOpen(signal.aborted ? 'interrupted' : messageOf(error));
    if (keepOnFailure === true) {
      phases.notice(
        `What was made of ${found.name} is kept, as asked for. Look at it with docker ps; remove it with mesos-airflow delete --name ${found.name}.`,
      );
    } else await rollBack(engine, found, folders, phases);
    throw error;
  }
}
