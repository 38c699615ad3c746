import fs from 'node:fs';
import path from 'node:path';
import { readDotenv } from '../../airflow/dotenv.ts';
import { ensureEnvironment } from '../../airflow/environment/ensure.ts';
import type { Environment } from '../../airflow/environment/types.ts';
import type { EmbeddedSpec } from '../../api/cluster.ts';
import type { ClusterView } from '../../api/people.ts';
import { findCluster, listClusters, type Connection, type KnownCluster } from '../../client/discover.ts';
import { startService } from '../../client/start.ts';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import { clusterFolder } from '../../host/folders.ts';
import { checkMachine, type Machine } from './checkMachine.ts';
import type { EmbeddedOptions } from './engine.ts';
import { endCluster } from './down.ts';
import { canBeJoined, join } from './join.ts';
import { findSecrets } from '../findSecrets.ts';
import type { UpRequest, UpResult, Watch } from '../engine.ts';
import { followStart } from '../followStart.ts';
import { install, removeUnused, type Installation } from './installation.ts';
import { Phases } from '../phases.ts';
import { PortClaims } from '../portClaims.ts';
import { turnToStart } from '../upLock.ts';
import { choosePorts, portsOf, type ChosenPorts, type ClusterPorts } from '../ports.ts';
import { endLivingParts } from './recordedParts.ts';
import { agentCount, makeSpec, usedInstallations, writeSpec } from './spec.ts';

/** Between SIGTERM and SIGKILL for parts that an earlier service left. Milliseconds. */
const leftoverGraceMs = 10_000;

/** Brings an embedded cluster up, or joins it where it runs or is just being brought up by someone else. */
export async function bringUp(request: UpRequest, options: EmbeddedOptions, watch: Watch): Promise<UpResult> {
  const { folders } = options;
  const turn = await turnToStart(request.name, folders, watch.progress, watch.signal);
  const phases = new Phases(turn.progress);
  try {
    const cluster = await findCluster(request.name, folders);
    if (cluster && (await canBeJoined(cluster))) {
      return { cluster: await join(cluster, request, folders, phases, watch.signal), joined: true };
    }
    refuseBroken(cluster);
    // What a service left that cannot come back.
    if (cluster) await endLivingParts(cluster.folder, leftoverGraceMs);
    return {
      cluster: await start(request, embeddedSpecOf(cluster), options, phases, watch),
      joined: false,
    };
  } catch (error) {
    phases.failOpen(watch.signal.aborted ? 'interrupted' : messageOf(error));
    throw error;
  } finally {
    await turn.end();
  }
}

function refuseBroken(cluster: KnownCluster | undefined): void {
  if (cluster?.state !== 'broken' || !fs.existsSync(cluster.folder.spec)) return;
  throw new ExplainedError(`${cluster.folder.spec} is not understood`, {
    why: 'it is damaged, or of another version of Mesos Airflow',
    next: `Remove the cluster and make it anew: mesos-airflow delete --name ${cluster.name}`,
  });
}

/** What the cluster was the last time. Throws where it is one of another engine. */
function embeddedSpecOf(cluster: KnownCluster | undefined): EmbeddedSpec | undefined {
  const spec = cluster?.spec ?? undefined;
  if (!spec || spec.engine === 'embedded') return spec;
  throw new ExplainedError(`The cluster ${spec.name} is one in Docker`, {
    why: 'a cluster keeps its engine: its runs and logs lie there',
    next: `Start it: mesos-airflow up --engine docker --name ${spec.name}, or give this one another --name.`,
  });
}

async function start(
  request: UpRequest,
  before: EmbeddedSpec | undefined,
  options: EmbeddedOptions,
  phases: Phases,
  watch: Watch,
): Promise<ClusterView> {
  const { folders, program } = options;
  const told = new Set<string>();
  const tell = (notices: readonly string[]): void => {
    for (const notice of notices) if (!told.has(notice)) phases.notice(notice);
    for (const notice of notices) told.add(notice);
  };
  const machine = await phases.run('Check this machine', async () => {
    const value = await checkMachine(request, before, options, watch.signal);
    // Told before anything takes long; chosen for good once it is known that they are needed.
    const { notices } = await portsFor(request, before, options, new PortClaims(), 'release');
    tell(notices);
    return { detail: `${value.detail}, ${notices.length === 0 ? 'ports free' : 'other ports'}`, value };
  });
  // The service looks for them itself, at each start: here it only shows whether it will find them.
  await findSecrets(request.settings, before, options.env, phases, watch.signal);
  const environment = await makeEnvironment(machine, request, options, phases, watch.signal);
  const installation = await install(program, folders.cache);
  await removeUnusedInstallations(options);
  const claims = new PortClaims();
  try {
    const { ports, notices } = await portsFor(request, before, options, claims);
    tell(notices);
    watch.signal.throwIfAborted();
    const spec = await specOf(request, before, machine, environment, installation, ports);
    await writeSpec(clusterFolder(folders, request.name), spec);
    return await startParts(request.name, options, phases, watch);
  } finally {
    await claims.release();
  }
}

/** `release`: they are given up at once, and only what would be taken is asked for. */
async function portsFor(
  request: UpRequest,
  before: EmbeddedSpec | undefined,
  options: EmbeddedOptions,
  claims: PortClaims,
  then?: 'release',
): Promise<ChosenPorts> {
  const count = agentCount(request.settings, before);
  const reserved = await portsOfOthers(request.name, options);
  try {
    return await choosePorts(count, before, reserved, (wanted, taken) => claims.choose(wanted, taken));
  } finally {
    if (then === 'release') await claims.release();
  }
}

async function specOf(
  request: UpRequest,
  before: EmbeddedSpec | undefined,
  machine: Machine,
  environment: Environment,
  installation: Installation,
  ports: ClusterPorts,
): Promise<EmbeddedSpec> {
  return makeSpec({
    name: request.name,
    settings: request.settings,
    before,
    ports,
    installation,
    node: machine.node,
    python: environment.python,
    airflowVersion: environment.airflowVersion,
    dagsFolder: machine.dagsFolder,
    env: machine.workspace ? await readDotenv(path.join(machine.workspace, '.env')) : {},
    now: Date.now(),
  });
}

/** Starts the service and follows it until all parts are ready; where that fails, everything is ended again. */
async function startParts(
  name: string,
  options: EmbeddedOptions,
  phases: Phases,
  watch: Watch,
): Promise<ClusterView> {
  try {
    // Not interrupted before the service has shown itself: one that nobody has heard of yet would be left behind.
    const connection = await serviceOf(name, options);
    watch.signal.throwIfAborted();
    return await followStart(connection, phases, watch.signal);
  } catch (error) {
    phases.failOpen(watch.signal.aborted ? 'interrupted' : messageOf(error));
    // The signal that interrupted the start must not interrupt its clearing away. Logs, and all else in the folder, stay.
    await endCluster(name, options.folders, { ...watch, signal: new AbortController().signal });
    throw error;
  }
}

async function portsOfOthers(name: string, { folders }: EmbeddedOptions): Promise<Set<number>> {
  const others = (await listClusters(folders)).filter(
    (cluster) => cluster.name !== name && (cluster.state === 'running' || cluster.state === 'dead'),
  );
  return new Set(others.flatMap(({ spec }) => (spec ? portsOf(spec) : [])));
}

async function serviceOf(name: string, { folders }: EmbeddedOptions): Promise<Connection> {
  const cluster = await findCluster(name, folders);
  if (!cluster) throw new Error(`the folder of ${name} has vanished`);
  return startService(cluster, { folders });
}

async function makeEnvironment(
  machine: Machine,
  request: UpRequest,
  { folders, program, env }: EmbeddedOptions,
  phases: Phases,
  signal: AbortSignal,
): Promise<Environment> {
  return phases.run('Python environment', async (phase) => {
    const value = await ensureEnvironment({
      lockFile: path.join(program.locks, 'airflow-3.txt'),
      uvLockFile: path.join(program.locks, 'uv.txt'),
      cacheFolder: folders.cache,
      ...(machine.workspace ? { requirements: path.join(machine.workspace, 'requirements.txt') } : {}),
      ...(request.python === undefined ? {} : { python: request.python }),
      env,
      signal,
      onProgress: ({ detail }) => phase.update(detail),
    });
    const kept = value.reused ? '' : ' (kept for next time)';
    return { detail: `Airflow ${value.airflowVersion}, ${value.packages} packages${kept}`, value };
  });
}

async function removeUnusedInstallations({ folders }: EmbeddedOptions): Promise<void> {
  const clusters = await listClusters(folders);
  await removeUnused(folders.cache, await usedInstallations(clusters.map(({ folder }) => folder.spec)));
}
