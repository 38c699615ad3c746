import type { DockerSpec } from '../../api/cluster.ts';
import type { ClusterView } from '../../api/people.ts';
import { messageOf } from '../../host/errors.ts';
import { clusterFolder } from '../../host/folders.ts';
import type { Phase, Phases } from '../phases.ts';
import type { ClusterPorts } from '../ports.ts';
import { count } from './amounts.ts';
import type { Checked } from './check.ts';
import type { ContainerPlan } from './containerPlan.ts';
import { makeContainers, notMounted, startContainer, type MadeContainers } from './containers.ts';
import { followParts } from './followParts.ts';
import type { FoundCluster } from './found.ts';
import { readSecrets, writeHostCopy } from './hostCopy.ts';
import type { ClusterImages } from './clusterImages.ts';
import { giveTemplate, keepTemplate, readTemplate, templateFile } from './images/databaseTemplate.ts';
import { inside, partNames } from './inside.ts';
import { mesosContainers } from './mesos/containers.ts';
import { removeOldImages } from './oldImages.ts';
import { partFiles } from './partFiles.ts';
import { containerPlans, database } from './plan.ts';
import { putPartFiles } from './putPartFiles.ts';
import { ensureNetwork, ensureVolumes, volumesOf } from './resources.ts';
import { isSameFolder } from './sameFolder.ts';
import { secretNames, secretsWith } from './secrets.ts';
import { awaitService } from './service.ts';
import type { DockerSettings } from './settings.ts';
import { makeSpec, settingsLabel } from './spec.ts';
import { together } from './together.ts';
import type { UpOptions } from './up.ts';

/** All that a start goes by, once images are there and ports are chosen. */
export interface StartParts extends UpOptions {
  readonly found: FoundCluster;
  readonly before: DockerSpec | undefined;
  readonly settings: DockerSettings;
  readonly checked: Checked;
  readonly images: ClusterImages;
  readonly ports: ClusterPorts;
  readonly env: Readonly<Record<string, string>>;
  readonly phases: Phases;
  readonly signal: AbortSignal;
}

/** Makes what is missing of a cluster, starts all of it and follows it until it is ready. */
export async function startParts(parts: StartParts): Promise<ClusterView> {
  const { engine, folders, phases, signal } = parts;
  const { spec, containers } = await phases.run('Containers', async (phase) => {
    const value = await makeAndStart(parts, phase);
    const { containers, made, running } = value.containers;
    const kept = containers.size - made.size;
    const old = kept === 0 ? '' : `, ${kept} kept${running.size > 0 ? ` (${running.size} ran already)` : ''}`;
    return { detail: `${made.size} made${old}`, value };
  });
  const connection = await phases.run('Service', async () => {
    const value = await awaitService(engine, spec, folders, signal);
    return { detail: `http://127.0.0.1:${spec.service.port}`, value };
  });
  const view = await followParts(engine, connection, folders, phases, signal);
  await keepDatabaseTemplate(parts, containers);
  await removeOldImages(engine, parts.found);
  return view;
}

interface Started {
  readonly spec: DockerSpec;
  readonly containers: MadeContainers;
}

async function makeAndStart(parts: StartParts, phase: Phase): Promise<Started> {
  const { checked, engine, found, folders, images, signal } = parts;
  phase.update('network and volumes');
  await ensureNetwork(engine, found);
  const agentWork = await agentWorkOf(parts);
  const { plans, spec } = planOf(parts, agentWork);
  await ensureVolumes(engine, found, volumesOf(plans), folders.state);
  signal.throwIfAborted();
  phase.update(`making ${count(plans.length, 'container')}`);
  const containers = await makeContainers(engine, found, plans, signal);
  signal.throwIfAborted();
  phase.update('secrets and configuration');
  const secrets = await secretsWith(await keptSecrets(parts, containers));
  await together([
    putPartFiles(containers.containers, partFiles(spec, secrets, images.airflow)),
    giveDatabaseTemplate(parts, containers),
    checkMount(containers, checked.dagsFolder),
    writeHostCopy(clusterFolder(folders, spec.name), spec, secrets.files),
  ]);
  signal.throwIfAborted();
  await startAll(plans, containers, phase);
  return { spec, containers };
}

/**
 * Where each agent's work folder is: where tasks have containers of their own, the very place that its volume has on the
 * Docker Engine's host, because sandboxes are mounted from there.
 */
async function agentWorkOf(parts: StartParts): Promise<(agent: string) => string> {
  const { checked, engine, folders, found, settings } = parts;
  if (settings.tasks !== 'container') return () => inside.agentWork;
  const names = checked.agents.map(({ name }) => name);
  const places = await ensureVolumes(engine, found, names, folders.state);
  return (agent) => places.get(agent) ?? inside.agentWork;
}

function planOf(
  parts: StartParts,
  agentWork: (agent: string) => string,
): { readonly spec: DockerSpec; readonly plans: ContainerPlan[] } {
  const { before, checked, engine, env, found, images, ports, settings } = parts;
  const { choice } = images;
  const agents = checked.agents.map((agent) => ({ ...agent, workDir: agentWork(agent.name) }));
  const mesos = mesosContainers(choice, {
    cluster: found.name,
    masterImage: images.master.image,
    agentImage: images.agent.image,
    agents,
    tasks: settings.tasks ?? 'agent',
    dockerSocket: dockerSocketOf(parts),
    dags: checked.dagsFolder,
  }).map((plan) => ({
    ...plan,
    imageId: plan.image === images.agent.image ? images.agent.id : images.master.id,
  }));
  const spec = makeSpec({
    name: found.name,
    settings,
    before,
    ports,
    engineMemoryMb: engine.info.memoryMb,
    mesos: choice,
    airflow: images.airflow,
    agentPython: images.agent,
    serviceImage: images.service.image,
    mesosParts: mesos.flatMap(({ health, part }) =>
      Object.entries(health).map(([name, url]) => ({ name, container: part, health: url })),
    ),
    dagsFolder: checked.dagsFolder,
    env,
    now: Date.now(),
  });
  const plans = containerPlans({
    spec,
    settings: settingsLabel(settings),
    engine: engine.info,
    airflow: images.airflow,
    service: images.service,
    database: images.database,
    mesos,
  });
  return { spec, plans };
}

/** A database that is made now begins with Airflow's tables, where a start before this one has kept them. */
async function giveDatabaseTemplate(parts: StartParts, { containers, made }: MadeContainers): Promise<void> {
  const container = containers.get(partNames.database);
  if (container && made.has(partNames.database)) await giveTemplate(container, templateOf(parts));
}

/** Keeps the tables of a new database for the next one. */
async function keepDatabaseTemplate(parts: StartParts, { containers, made }: MadeContainers): Promise<void> {
  const container = containers.get(partNames.database);
  const file = templateOf(parts);
  if (!container || !made.has(partNames.database) || (await readTemplate(file)) !== undefined) return;
  try {
    await keepTemplate(container, { ...database, file }, parts.signal);
  } catch (error) {
    parts.signal.throwIfAborted();
    // The cluster is up all the same; the next one's database takes some seconds longer.
    parts.phases.notice(`Airflow's tables were not kept for the next cluster: ${messageOf(error)}`);
  }
}

function templateOf({ folders, images }: StartParts): string {
  return templateFile(folders.cache, {
    airflowImageId: images.airflow.id,
    databaseImageId: images.database.id,
  });
}

/** Docker's socket on its own host. In a virtual machine, and of a daemon that runs as root, it is in the usual place. */
function dockerSocketOf({ engine }: StartParts): string {
  const { endpoint, info } = engine;
  return info.rootless && endpoint.socketPath !== undefined ? endpoint.socketPath : '/var/run/docker.sock';
}

/** Those that an earlier start has made. Without them, the old database and the old tokens would open nothing. */
async function keptSecrets(
  { engine, found }: StartParts,
  { containers }: MadeContainers,
): Promise<ReadonlyMap<string, string>> {
  const service = containers.get(partNames.service);
  if (!service || found.volumes.length === 0) return new Map();
  return readSecrets(engine, service.id, await secretNames());
}

async function checkMount({ containers }: MadeContainers, folder: string): Promise<void> {
  const container = containers.get('dag-processor');
  if (!container) throw new Error('the DAG processor has no container');
  if ((await isSameFolder(container, folder, inside.dags)) !== 'other') return;
  throw notMounted(folder, 'it mounts another folder in its place, as it has none of these files');
}

async function startAll(
  plans: readonly ContainerPlan[],
  { containers, running }: MadeContainers,
  phase: Phase,
): Promise<void> {
  const left = new Set(plans.map(({ part }) => part).filter((part) => !running.has(part)));
  const tell = (): void => phase.update(`starting ${[...left].join(', ')}`);
  tell();
  await together(
    plans.map(async ({ part, ports }) => {
      const container = containers.get(part);
      if (!container || running.has(part)) return;
      await startContainer(
        container,
        part,
        ports.map(({ published }) => published),
      );
      left.delete(part);
      if (left.size > 0) tell();
    }),
  );
}
