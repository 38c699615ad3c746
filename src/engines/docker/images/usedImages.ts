import type { ImageInfo } from 'dockerode';
import type { DockerEngine } from '../../../docker/engine.ts';
import { labels } from '../labels.ts';
import { ours } from './build.ts';

/** What is known of an image for the question who needs it. */
export type KnownImage = Pick<ImageInfo, 'Id' | 'RepoTags' | 'Labels'>;

/**
 * Images that we built and that go with these containers (`own`, by id): what they are made from, and what that is built on,
 * but nothing that any other container needs. `tags`: images that count as used by them, like the one of their tasks.
 */
export async function imagesOnlyOf(
  engine: DockerEngine,
  own: ReadonlySet<string>,
  tags: readonly string[],
): Promise<ImageInfo[]> {
  const containers = await engine.docker.listContainers({ all: true });
  const labelled = await engine.docker.listImages({ filters: { label: [labels.image] } });
  // An image that a person has built on one of ours has its labels, but is theirs.
  const built = labelled.filter(({ RepoTags }) => RepoTags?.some((tag) => tag.startsWith(ours)));
  const named = built.filter(({ RepoTags }) => RepoTags?.some((tag) => tags.includes(tag)));
  const ids = (mine: boolean): string[] =>
    containers.filter(({ Id }) => own.has(Id) === mine).map(({ ImageID }) => ImageID);
  const others = withFoundations(ids(false), built);
  const wanted = withFoundations([...ids(true), ...named.map(({ Id }) => Id)], built);
  return built.filter(({ Id }) => wanted.has(Id) && !others.has(Id));
}

/** These images, and those of ours that they are built on. */
export function withFoundations(ids: readonly string[], built: readonly KnownImage[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...ids];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    const from = built.find(({ Id }) => Id === id)?.Labels[labels.from]?.split(' ') ?? [];
    for (const each of built) if (each.RepoTags?.some((tag) => from.includes(tag))) waiting.push(each.Id);
  }
  return reached;
}
