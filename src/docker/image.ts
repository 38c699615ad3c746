import type { ImageInspectInfo } from 'dockerode';
import type { DockerEngine } from './ask.ts';
import { orUndefined } from './daemonError.ts';

/** What is known of an image that the daemon has. */
export interface ImageFacts {
  /** `sha256:…` */
  readonly id: string;
  /** In bytes, unpacked. */
  readonly size: number;
  /** Go's name of its processor: `amd64`, `arm64`. */
  readonly arch: string;
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly created: string;
  /** Empty where nothing names it any more. */
  readonly repoTags: readonly string[];
}

/** An image by name or id, or undefined where the daemon has none. */
export async function findImage(engine: DockerEngine, name: string): Promise<ImageFacts | undefined> {
  const found = await orUndefined(engine.docker.getImage(name).inspect());
  return found && factsOf(found);
}

function factsOf(found: ImageInspectInfo): ImageFacts {
  // What Podman or an imported image leaves out, whatever the types say.
  const config = found.Config as ImageInspectInfo['Config'] | null;
  const labels = (config?.Labels ?? {}) as Record<string, string> | null;
  const tags = found.RepoTags as string[] | null;
  return {
    id: found.Id,
    size: found.Size,
    arch: found.Architecture,
    labels: labels ?? {},
    created: found.Created,
    repoTags: tags ?? [],
  };
}
