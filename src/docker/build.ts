import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { ExplainedError } from '../host/errors.ts';
import type { DockerEngine } from './ask.ts';
import { contextArchive, type ContextFile } from './buildContext.ts';
import { buildFailure } from './buildFailure.ts';
import { BuildOutput } from './buildOutput.ts';
import { removeLeftovers, removeStages } from './buildLeftovers.ts';
import { openAnswer } from './call.ts';
import { daemonMessage } from './daemonError.ts';
import { BuildFailed } from './errors.ts';
import { findImage, type ImageFacts } from './image.ts';
import { jsonLines } from './jsonLines.ts';

export type { ContextFile } from './buildContext.ts';

export interface BuildOptions {
  readonly context: readonly ContextFile[];
  /** Where the Dockerfile lies in the context. What only BuildKit knows (heredocs, RUN --mount) fails. */
  readonly dockerfile: string;
  readonly tag: string;
  /** The last stage to build. Default: the Dockerfile's last. */
  readonly target?: string | undefined;
  /** Build arguments. They stay in the image's history: never a secret. */
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Of RUN: `host`, or a network's name. Default: a bridge. */
  readonly network?: string | undefined;
  /** `linux/amd64`. Default: the daemon's own. */
  readonly platform?: string | undefined;
  /** Ends the build; the step's container goes, and the images of the steps so far. */
  readonly signal: AbortSignal;
  /** One line: `step 5 of 14: pip install … · Collecting apache-airflow`. */
  readonly onProgress?: (detail: string) => void;
}

const message = z.object({
  stream: z.optional(z.string()),
  error: z.optional(z.string()),
  aux: z.optional(z.unknown()),
});
const finished = z.object({ ID: z.string() });

/** Lines of output are told at most this often, in milliseconds. */
const tellEveryMs = 100;

/**
 * Builds an image with the classic builder. The base images must be there (ensureImage): the builder would pull them without
 * a login and without progress. Leaves nothing behind but the image. Throws BuildFailed, DockerDiskFull, what ensureImage
 * throws for a base image that had to be pulled, or the signal's reason.
 */
export async function buildImage(engine: DockerEngine, options: BuildOptions): Promise<ImageFacts> {
  const { signal } = options;
  const archive = await contextArchive(options.context);
  const output = new BuildOutput();
  let image: ImageFacts | undefined;
  let isCut = true;
  try {
    const id = await run(engine, options, archive, output);
    image = id === undefined ? undefined : await findImage(engine, id);
    if (!image) {
      throw buildFailure('Docker ended the answer before the image was there', options.tag, output);
    }
    return image;
  } catch (error) {
    signal.throwIfAborted();
    isCut = !(error instanceof BuildFailed);
    throw error instanceof ExplainedError ? error : buildFailure(daemonMessage(error), options.tag, output);
  } finally {
    const removal = image ? removeStages(engine, image, output) : removeLeftovers(engine, output, isCut);
    // Whether the image is there is what counts: a daemon that is gone or busy keeps some of its own.
    await removal.catch(() => undefined);
  }
}

/** The id of the built image; undefined where the answer just ended. */
async function run(
  engine: DockerEngine,
  options: BuildOptions,
  archive: Readable,
  output: BuildOutput,
): Promise<string | undefined> {
  const answer = await openAnswer(engine.docker, {
    method: 'POST',
    path: '/build',
    query: {
      ...{ dockerfile: options.dockerfile, t: options.tag, target: options.target },
      ...{ buildargs: options.args, labels: options.labels, networkmode: options.network },
      ...{ platform: options.platform, rm: true, forcerm: true, version: '1' },
    },
    archive,
    signal: options.signal,
  });
  let id: string | undefined;
  let told = { step: 0, at: 0, line: '' };
  for await (const line of jsonLines(answer)) {
    const said = message.parse(line);
    if (said.error !== undefined) throw buildFailure(said.error, options.tag, output);
    output.take(said);
    const aux = finished.safeParse(said.aux);
    if (aux.success) id = aux.data.ID;
    const now = { step: output.step?.number ?? 0, at: Date.now(), line: output.line ?? '' };
    if (now.line !== told.line && (now.step !== told.step || now.at - told.at >= tellEveryMs)) {
      options.onProgress?.(now.line);
      told = now;
    }
  }
  return id;
}
