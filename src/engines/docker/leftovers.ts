import type { ContainerInfo, ImageInfo } from 'dockerode';
import type { DockerEngine } from '../../docker/engine.ts';
import type { Leftover } from '../engine.ts';
import { removeImages } from './delete.ts';
import { ours } from './images/build.ts';
import { withFoundations, type KnownImage } from './images/usedImages.ts';
import { labels } from './labels.ts';

/** Images that we built and that no container needs but those of the clusters `gone`. */
export async function leftoversOf(
  engine: DockerEngine,
  gone: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Leftover[]> {
  return (await unneeded(engine, gone, signal)).map((image) => ({
    name: image.RepoTags?.[0] ?? image.Id,
    bytes: image.Size,
  }));
}

/** Removes images that we built and that no container needs. Returns how many went. */
export async function removeLeftovers(engine: DockerEngine, signal: AbortSignal): Promise<number> {
  const images = await unneeded(engine, new Set(), signal);
  return removeImages(
    engine,
    images.map(({ Id }) => Id),
  );
}

async function unneeded(
  { docker }: DockerEngine,
  gone: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ImageInfo[]> {
  signal.throwIfAborted();
  const [containers, labelled] = await Promise.all([
    docker.listContainers({ all: true, abortSignal: signal }),
    docker.listImages({ filters: { label: [labels.image] }, abortSignal: signal }),
  ]);
  return unneededImages(labelled, containers, gone);
}

/** Of these images with our label, those that are ours and that nothing needs once the clusters `gone` are gone. */
export function unneededImages<T extends KnownImage>(
  labelled: readonly T[],
  containers: readonly Pick<ContainerInfo, 'ImageID' | 'Labels'>[],
  gone: ReadonlySet<string>,
): T[] {
  // An image that a person has built on one of ours has its labels, but is theirs.
  const built = labelled.filter(({ RepoTags }) => RepoTags?.some((tag) => tag.startsWith(ours)));
  const staying = containers.filter((container) => !gone.has(container.Labels[labels.cluster] ?? ''));
  const needed = withFoundations(
    staying.map(({ ImageID }) => ImageID),
    built,
  );
  return built.filter(({ Id }) => !needed.has(Id));
}
