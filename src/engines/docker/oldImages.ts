import type { DockerEngine } from '../../docker/engine.ts';
import { removeImages } from './delete.ts';
import type { FoundCluster } from './found.ts';
import { withFoundations } from './images/usedImages.ts';
import { labels } from './labels.ts';

/**
 * Removes images of ours that a cluster's containers were made from before (`found`) and that no container is made from
 * now: each new version of this program makes others, of half a gigabyte.
 */
export async function removeOldImages(engine: DockerEngine, found: FoundCluster): Promise<void> {
  const [containers, built] = await Promise.all([
    engine.docker.listContainers({ all: true }),
    engine.docker.listImages({ filters: { label: [labels.image] } }),
  ]);
  const before = withFoundations(
    found.containers.map(({ imageId }) => imageId),
    built,
  );
  const needed = withFoundations(
    containers.map(({ ImageID }) => ImageID),
    built,
  );
  const old = built.filter(({ Id }) => before.has(Id) && !needed.has(Id));
  await removeImages(
    engine,
    old.map(({ Id }) => Id),
  );
}
