import fs from 'node:fs/promises';
import type { ImageInfo } from 'dockerode';
import * as z from 'zod/mini';
import { bodyOf, openAnswer } from '../../docker/call.ts';
import { daemonMessage, statusOf } from '../../docker/daemonError.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import type { DeleteOptions, Holdings, Watch } from '../engine.ts';
import { Phases } from '../phases.ts';
import { count } from './amounts.ts';
import { forceRemove } from './containers.ts';
import { DockerRefused } from './errors.ts';
import { exists, findInDocker, type FoundCluster } from './found.ts';
import { forgetRuntime } from './hostCopy.ts';
import { imagesOnlyOf } from './images/usedImages.ts';
import { together } from './together.ts';

/** Removes all that a cluster has, running or not. Returns whether there was anything. */
export async function deleteCluster(
  engine: DockerEngine,
  name: string,
  folders: UserFolders,
  watch: Watch,
  { keepImages = false }: DeleteOptions = {},
): Promise<boolean> {
  const found = await findInDocker(engine, name, watch.signal);
  const { root } = clusterFolder(folders, name);
  const hadFolder = await isThere(root);
  const inDocker = exists(found);
  if (inDocker) {
    await forgetRuntime(clusterFolder(folders, name));
    await new Phases(watch.progress).run('Delete', async (phase) => {
      phase.update(`removing ${things(found)}`);
      const images = keepImages ? [] : await imagesOf(engine, found);
      await removeFound(engine, found);
      const removed = await removeImages(
        engine,
        images.map(({ Id }) => Id),
      );
      const and = removed > 0 ? `, ${count(removed, 'image')}` : '';
      return { detail: `removed: ${things(found)}${and}`, value: undefined };
    });
  }
  await fs.rm(root, { recursive: true, force: true, maxRetries: 5 });
  return inDocker || hadFolder;
}

async function isThere(file: string): Promise<boolean> {
  return fs.stat(file).then(
    () => true,
    () => false,
  );
}

/** Removes containers, then what they held. Agents first: they start containers of tasks, which are looked for last. */
export async function removeFound(engine: DockerEngine, found: FoundCluster): Promise<void> {
  const { docker } = engine;
  await together(found.containers.map(({ id }) => forceRemove(docker.getContainer(id))));
  const late = await findInDocker(engine, found.name, new AbortController().signal);
  const tasks = new Set([...found.tasks, ...late.tasks].map(({ id }) => id));
  await together([...tasks].map((id) => forceRemove(docker.getContainer(id))));
  await together([
    ...found.volumes.map(({ name }) => removed(`the volume ${name}`, docker.getVolume(name).remove())),
    ...found.networks.map(({ id, name }) => removed(`the network ${name}`, docker.getNetwork(id).remove())),
  ]);
}

async function removed(what: string, removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (statusOf(error) === 404) return;
    throw new DockerRefused(`Docker could not remove ${what}`, {
      why: daemonMessage(error),
      next: 'Where a container that is none of the cluster’s uses it, remove that container, then delete again.',
      cause: error,
    });
  }
}

/** Images that we built for this cluster alone. */
function imagesOf(engine: DockerEngine, { containers, spec, tasks }: FoundCluster): Promise<ImageInfo[]> {
  const own = new Set([...containers, ...tasks].map(({ id }) => id));
  return imagesOnlyOf(engine, own, spec ? [spec.tasks.image] : []);
}

/** Removes images that nothing uses, those built on others first. Returns how many went. */
export async function removeImages(engine: DockerEngine, ids: readonly string[]): Promise<number> {
  let left = [...ids];
  for (;;) {
    const before = left.length;
    const refused: string[] = [];
    for (const id of left) {
      try {
        await engine.docker.getImage(id).remove({ force: false });
      } catch (error) {
        const status = statusOf(error);
        // 409: a container or an image built on it holds it.
        if (status === 409) refused.push(id);
        else if (status !== 404) throw error;
      }
    }
    left = refused;
    if (left.length === 0 || left.length === before) return ids.length - left.length;
  }
}

/** What `delete` removes, with sizes where Docker tells them in time. */
export async function holdingsOf(
  engine: DockerEngine,
  name: string,
  folders: UserFolders,
  signal: AbortSignal,
  { keepImages = false }: DeleteOptions = {},
): Promise<Holdings | undefined> {
  const found = await findInDocker(engine, name, signal);
  const { root } = clusterFolder(folders, name);
  const hasFolder = await isThere(root);
  if (!exists(found)) {
    if (!hasFolder) return undefined;
    return {
      goes: [`${root} (its containers are not on this Docker Engine)`],
      stays: ['Your DAG files stay.'],
    };
  }
  const [sizes, images] = await Promise.all([volumeSizes(engine, signal), imagesOf(engine, found)]);
  const size = (bytes: number | undefined): string =>
    bytes === undefined ? '' : ` (${Math.ceil(bytes / 2 ** 20)} MB)`;
  return {
    goes: [
      `${count(found.containers.length, 'container')}: ${found.containers.map(({ part }) => part).join(', ')}`,
      ...(found.tasks.length > 0 ? [`${count(found.tasks.length, 'container')} of tasks`] : []),
      ...found.volumes.map((volume) => `volume ${volume.name}${size(sizes.get(volume.name))}`),
      'in them all DAG runs and their history, task logs and sandboxes, passwords and tokens',
      ...found.networks.map((network) => `network ${network.name}`),
      ...(keepImages
        ? []
        : images.map((image) => `image ${image.RepoTags?.[0] ?? image.Id}${size(image.Size)}`)),
      ...(hasFolder ? [root] : []),
    ],
    stays: [
      `Your DAG files stay${keepImages ? ', and the images that were built for the cluster' : ''}.`,
      'Images that were pulled, or that another cluster uses, stay.',
    ],
  };
}

/** How long Docker may count. Milliseconds. */
const countLimitMs = 4000;

const usage = z.object({
  Volumes: z.nullable(
    z.array(
      z.object({ Name: z.string(), UsageData: z.optional(z.nullable(z.object({ Size: z.number() }))) }),
    ),
  ),
});

/** The bytes in each volume; empty where Docker takes too long. */
async function volumeSizes(engine: DockerEngine, signal: AbortSignal): Promise<Map<string, number>> {
  const limit = AbortSignal.timeout(countLimitMs);
  try {
    const answer = await openAnswer(engine.docker, {
      method: 'GET',
      path: '/system/df',
      // Before API 1.42 it counts images and containers too.
      query: { type: 'volume' },
      signal: AbortSignal.any([signal, limit]),
    });
    const { Volumes } = usage.parse(JSON.parse((await bodyOf(answer)).toString()));
    return new Map(
      (Volumes ?? []).flatMap(({ Name, UsageData }) =>
        UsageData && UsageData.Size >= 0 ? [[Name, UsageData.Size] as const] : [],
      ),
    );
  } catch (error) {
    if (limit.aborted) return new Map();
    throw error;
  }
}

function things(found: FoundCluster): string {
  const tasks = found.tasks.length > 0 ? [`${found.tasks.length} of tasks`] : [];
  return [
    count(found.containers.length, 'container'),
    ...tasks,
    count(found.volumes.length, 'volume'),
    count(found.networks.length, 'network'),
  ].join(', ');
}
