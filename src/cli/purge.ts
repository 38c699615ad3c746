import { cachesOf, removeCaches, type Cached } from '../engines/caches.ts';
import type { Engine, EngineName, Leftover, Watch } from '../engines/engine.ts';
import { clustersOf, type ListedCluster } from '../engines/list.ts';
import { Phases, type Progress } from '../engines/phases.ts';
import type { Context } from './context.ts';
import { askDocker, type DockerAnswer } from './engine.ts';
import { count } from './output/amounts.ts';
import { oneLine } from './output/text.ts';

/** A cluster that goes. */
export interface PurgedCluster {
  readonly name: string;
  readonly engine: EngineName;
  readonly state: ListedCluster['state'];
  /** As `delete --dry-run` has it; its images are told of with all others. */
  readonly goes: readonly string[];
}

/** All that this program has stored for its user, and what of it cannot be removed now. */
export interface PurgePlan {
  readonly clusters: readonly PurgedCluster[];
  readonly caches: readonly Cached[];
  /** That were built here, and that nothing else needs. */
  readonly images: readonly Leftover[];
  /** A sentence for each thing that stays. */
  readonly stays: readonly string[];
}

/** A Docker that is there has this long to say what it has. Milliseconds. */
const dockerLimitMs = 10_000;

/** Looks what there is to remove, and removes nothing. */
export async function purgePlan(context: Context): Promise<PurgePlan> {
  const { signal } = context.interrupts;
  const [known, docker] = await Promise.all([clustersOf(context.folders), askDocker(context, dockerLimitMs)]);
  const embedded = known.filter(({ engine }) => engine !== 'docker');
  const clusters: PurgedCluster[] = [];
  const elsewhere = docker.clusters.filter(({ made_in: home }) => home !== undefined);
  const own = docker.clusters.filter(({ made_in: home }) => home === undefined);
  for (const { name, state, engine } of [...embedded, ...own]) {
    const kind = engine === 'docker' ? 'docker' : 'embedded';
    const found = await (await engineNamed(context, kind)).holdings(name, signal, { keepImages: true });
    if (found) clusters.push({ name, state, engine: kind, goes: found.goes });
  }
  // What only Docker can remove waits until it answers: the folder here holds what opens it.
  const kept = docker.problem ? known.filter(({ engine }) => engine === 'docker') : [];
  return {
    clusters,
    caches: await cachesOf(context.folders, { inUse: kept.length > 0 }),
    images: await imagesBeside(context, new Set(clusters.map(({ name }) => name)), docker),
    stays: [
      ...elsewhere.map(
        ({ name, made_in: home = '' }) =>
          `In Docker: the cluster ${name}, made from ${home}. To delete it: mesos-airflow delete --name ${name}`,
      ),
      ...staying(kept, docker),
      'Your DAG files stay, and images that were pulled.',
    ],
  };
}

/** Removes what `purgePlan` has found: first the clusters, which use the rest. */
export async function purge(context: Context, plan: PurgePlan, watch: Watch): Promise<void> {
  for (const { name, engine } of plan.clusters) {
    const own = await engineNamed(context, engine);
    // Its images with all others, below.
    await own.delete(name, { ...watch, progress: of(name, watch.progress) }, { keepImages: true });
  }
  const phases = new Phases(watch.progress);
  if (plan.images.length > 0) {
    await phases.run('Images', async () => {
      const docker = await context.engines.docker();
      const removed = (await docker.removeLeftovers?.(watch.signal)) ?? 0;
      return { detail: `removed: ${count(removed, 'image')}`, value: undefined };
    });
  }
  await phases.run('Caches', async () => {
    await removeCaches(context.folders, plan.caches);
    return { detail: `removed: ${count(plan.caches.length, 'folder')}`, value: undefined };
  });
}

/** Whether there is nothing to remove. */
export function isEmpty({ clusters, caches, images }: PurgePlan): boolean {
  return clusters.length === 0 && caches.length === 0 && images.length === 0;
}

function engineNamed({ engines }: Context, name: EngineName): Promise<Engine> {
  return name === 'docker' ? engines.docker() : engines.embedded();
}

async function imagesBeside(
  { engines, interrupts }: Context,
  gone: ReadonlySet<string>,
  { problem }: DockerAnswer,
): Promise<readonly Leftover[]> {
  if (problem) return [];
  return (await (await engines.docker()).leftovers?.(gone, interrupts.signal)) ?? [];
}

function staying(kept: readonly ListedCluster[], { problem, absent }: DockerAnswer): string[] {
  if (!problem) return [];
  const why = oneLine([problem.message, problem.why].filter((part) => part !== undefined).join(': '));
  if (kept.length > 0) {
    const names = kept.map(({ name }) => name).join(', ');
    return [`In Docker, with its containers and images: ${names}. ${why}`];
  }
  return absent ? [] : [`What Docker may have. ${why}`];
}

/** Several clusters have the same phases. */
function of(name: string, progress: Progress): Progress {
  return (event) => progress(event.type === 'phase' ? { ...event, phase: `${name}: ${event.phase}` } : event);
}
