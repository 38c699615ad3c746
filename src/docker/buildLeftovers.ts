import type { DockerEngine } from './ask.ts';
import type { BuildOutput } from './buildOutput.ts';
import { statusOf } from './daemonError.ts';
import type { ImageFacts } from './image.ts';

/** Removes what a build that failed or was cancelled has left: the step's container, the images of its steps. */
export async function removeLeftovers(engine: DockerEngine, output: BuildOutput): Promise<void> {
  const { container } = output;
  if (container !== undefined) {
    await unlessInUse(engine.docker.getContainer(container).remove({ force: true, v: true }));
  }
  await removeImages(engine, output.made);
}

/** Removes the images of stages that the built image is not made of: they would stay without a name. */
export async function removeStages(
  engine: DockerEngine,
  image: ImageFacts,
  output: BuildOutput,
): Promise<void> {
  const history = (await engine.docker.getImage(image.id).history()) as { Id: string }[];
  const kept = new Set(history.map(({ Id }) => shortId(Id)));
  kept.add(shortId(image.id));
  await removeImages(
    engine,
    output.made.filter((id) => !kept.has(id)),
  );
}

/** The youngest first. One that others use by now (a build that found it in the cache) is refused by Docker, and stays. */
async function removeImages(engine: DockerEngine, ids: readonly string[]): Promise<void> {
  for (const id of ids.toReversed()) {
    await unlessInUse(engine.docker.getImage(id).remove({ noprune: true }));
  }
}

/** What is gone needs no removal; of what is in use, or being removed by the daemon itself, it says that it conflicts. */
async function unlessInUse(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
}

function shortId(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}
