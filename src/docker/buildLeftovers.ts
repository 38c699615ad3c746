import { setTimeout as delay } from 'node:timers/promises';
import type { DockerEngine } from './ask.ts';
import type { BuildOutput } from './buildOutput.ts';
import { orUndefined, statusOf } from './daemonError.ts';
import type { ImageFacts } from './image.ts';

/** How long a daemon may go on with the step at which its build was cut off, in milliseconds. */
const lingersMs = 3000;

/**
 * Removes what a build that came to nothing has left: the step's container, the images of its steps. `isCut`: it was not the
 * daemon that ended it, which may still be at work.
 */
export async function removeLeftovers(
  engine: DockerEngine,
  output: BuildOutput,
  isCut: boolean,
): Promise<void> {
  const commits = isCut && (await mayCommit(engine, output));
  if (output.container !== undefined) {
    await unlessInUse(engine.docker.getContainer(output.container).remove({ force: true, v: true }));
  }
  const unheard = commits ? await imageOfLastStep(engine, output) : undefined;
  await removeImages(engine, [...output.made, ...(unheard === undefined ? [] : [unheard])]);
}

/** Whether the daemon may be making an image of the step of which we hear no more: not while its program still runs. */
async function mayCommit(engine: DockerEngine, { container, last, made }: BuildOutput): Promise<boolean> {
  if (container === undefined) return last !== undefined && made.includes(last);
  const found = await orUndefined(engine.docker.getContainer(container).inspect());
  return found?.State.Running !== true;
}

/** The image that the daemon made of the last step after we had gone: by its container, else by an image of ours below it. */
async function imageOfLastStep(engine: DockerEngine, output: BuildOutput): Promise<string | undefined> {
  const { container, last = '', made } = output;
  const end = Date.now() + lingersMs;
  while (Date.now() < end) {
    const images = await engine.docker.listImages({ all: true });
    for (const { Id, ParentId, RepoTags } of images) {
      const named = (RepoTags as string[] | null)?.some((tag) => tag !== '<none>:<none>') ?? false;
      if (named || shortId(ParentId) !== last) continue;
      if (made.includes(last)) return shortId(Id);
      const found = await orUndefined(engine.docker.getImage(Id).inspect());
      if (container !== undefined && found?.Container.startsWith(container)) return shortId(Id);
    }
    await delay(200);
  }
  return undefined;
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
