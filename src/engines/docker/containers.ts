import type Docker from 'dockerode';
import type { DockerEngine } from '../../docker/engine.ts';
import { daemonMessage, orUndefined, statusOf } from '../../docker/daemonError.ts';
import { putFiles } from '../../docker/files.ts';
import { createOptions, type ContainerPlan } from './containerPlan.ts';
import { DagsFolderNotMounted, DockerRefused, PublishedPortTaken, ResourceNameTaken } from './errors.ts';
import { isUp, type FoundCluster, type FoundContainer } from './found.ts';
import { labels } from './labels.ts';
import { together } from './together.ts';

/** The containers of a cluster that is coming up, by part. */
export interface MadeContainers {
  readonly containers: ReadonlyMap<string, Docker.Container>;
  /** Made now, or made anew because they were planned otherwise. */
  readonly made: ReadonlySet<string>;
  /** They ran already. */
  readonly running: ReadonlySet<string>;
}

/** Those containers of a cluster that no plan fits any more: planned otherwise by now, or not at all. */
export function outdated(found: FoundCluster, plans: readonly ContainerPlan[]): FoundContainer[] {
  const wanted = new Map(plans.map((plan) => [plan.part, digestOf(found.name, plan)]));
  return found.containers.filter(
    ({ part, plan, state }) =>
      state === 'dead' || state === 'removing' || plan === undefined || wanted.get(part) !== plan,
  );
}

function digestOf(cluster: string, plan: ContainerPlan): string | undefined {
  return createOptions(cluster, plan).Labels?.[labels.plan];
}

/** Removes what no plan fits and makes what is missing, without starting anything. */
export async function makeContainers(
  engine: DockerEngine,
  found: FoundCluster,
  plans: readonly ContainerPlan[],
  signal: AbortSignal,
): Promise<MadeContainers> {
  const old = outdated(found, plans);
  await together(old.map((container) => removeContainer(engine, container)));
  signal.throwIfAborted();
  const kept = new Map(
    found.containers.filter((each) => !old.includes(each)).map((each) => [each.part, each]),
  );
  const made = new Set<string>();
  const containers = await together(
    plans.map(async (plan): Promise<[string, Docker.Container]> => {
      const there = kept.get(plan.part);
      if (there) return [plan.part, engine.docker.getContainer(there.id)];
      const container = await createContainer(engine, found.name, plan);
      made.add(plan.part);
      return [plan.part, container];
    }),
  );
  const running = [...kept.values()].filter(isUp).map(({ part }) => part);
  return { containers: new Map(containers), made, running: new Set(running) };
}

async function createContainer(
  engine: DockerEngine,
  cluster: string,
  plan: ContainerPlan,
): Promise<Docker.Container> {
  const options = createOptions(cluster, plan);
  let container: Docker.Container;
  try {
    container = await engine.docker.createContainer(options);
  } catch (error) {
    throw await notCreated(engine, options.name ?? '', plan, error);
  }
  if (plan.files && plan.files.length > 0) {
    const files = plan.files.map(({ path, ...file }) => ({ ...file, path: path.slice(1), uid: 0, gid: 0 }));
    await putFiles(container, '/', files);
  }
  return container;
}

async function notCreated(
  engine: DockerEngine,
  name: string,
  plan: ContainerPlan,
  error: unknown,
): Promise<Error> {
  const why = daemonMessage(error);
  if (statusOf(error) === 409 && why.includes('already in use')) {
    const other = await orUndefined(engine.docker.getContainer(name).inspect());
    return new ResourceNameTaken(
      'container',
      name,
      `it was made from ${other?.Config.Image ?? 'another image'}`,
    );
  }
  const bind = plan.mounts.find((mount) => mount.kind === 'bind' && why.includes(mount.source));
  if (bind?.kind === 'bind') return notMounted(bind.source, why, error);
  return new DockerRefused(`Docker could not make the container of ${plan.part}`, {
    why,
    next: 'mesos-airflow doctor tells what this Docker Engine lacks; docker system df whether its disk is full.',
    cause: error,
  });
}

export function notMounted(folder: string, why: string, cause?: unknown): DagsFolderNotMounted {
  return new DagsFolderNotMounted(`Docker cannot mount ${folder}`, {
    why,
    next: 'Where Docker runs in a virtual machine, let it share this folder (Docker Desktop: Settings, Resources, File sharing; Colima: colima start --mount), or put your DAGs below your home folder.',
    cause,
  });
}

/** Starts one that does not run. */
export async function startContainer(
  container: Docker.Container,
  part: string,
  published: readonly number[],
): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    // It runs already.
    if (statusOf(error) === 304) return;
    throw notStarted(part, published, error);
  }
}

function notStarted(part: string, published: readonly number[], error: unknown): Error {
  const why = daemonMessage(error);
  if (/port is already allocated|address already in use|ports are not available/i.test(why)) {
    return new PublishedPortTaken(`A port of ${part} is in use (${published.join(', ')})`, {
      why: `another program took it while the cluster came up: ${why}`,
      next: 'Start again: another port is taken then.',
      cause: error,
    });
  }
  return new DockerRefused(`Docker could not start the container of ${part}`, {
    why,
    next: 'Where it stays so, restart Docker.',
    cause: error,
  });
}

/** Stops it where it runs, then removes it. What is gone meanwhile is no matter. */
async function removeContainer(engine: DockerEngine, found: FoundContainer): Promise<void> {
  const container = engine.docker.getContainer(found.id);
  if (isUp(found)) await stopContainer(container);
  await forceRemove(container);
}

/** Ends it in order, within the time that its plan gives it; it stays down. */
export async function stopContainer(container: Docker.Container): Promise<void> {
  try {
    await container.stop();
  } catch (error) {
    const status = statusOf(error);
    if (status !== 304 && status !== 404) throw error;
  }
}

/** Removes it with what it wrote outside of volumes, running or not. */
export async function forceRemove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = statusOf(error);
    // 409: somebody else is removing it.
    if (status !== 404 && status !== 409) throw error;
  }
}
