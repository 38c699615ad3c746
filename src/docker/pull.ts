import * as z from 'zod/mini';
import { ExplainedError } from '../host/errors.ts';
import type { DockerEngine } from './ask.ts';
import { openAnswer } from './call.ts';
import { daemonMessage } from './daemonError.ts';
import { PullFailed, PullStalled } from './errors.ts';
import { findImage, type ImageFacts } from './image.ts';
import { jsonLines } from './jsonLines.ts';
import { Layers } from './layers.ts';
import { findLogin, type Login } from './login.ts';
import { pullFailure } from './pullFailure.ts';
import { parseReference, type Reference } from './reference.ts';
import { Watchdog } from './watchdog.ts';

export interface PullOptions {
  /** `linux/amd64`. Default: the daemon's own. */
  readonly platform?: string | undefined;
  /** Ask the registry for a newer one, too, where the daemon has one. Default: false. */
  readonly refresh?: boolean;
  /** Ends the pull: the daemon stops fetching. */
  readonly signal: AbortSignal;
  /** One line on how far it is: `3 of 7 layers · 41 of 187 MB`. */
  readonly onProgress?: (detail: string) => void;
  /** How long nothing may come, in milliseconds. Default: 60 000. Unpacking, which says little, gets ten times as long. */
  readonly stallMs?: number;
}

const message = z.object({
  status: z.optional(z.string()),
  id: z.optional(z.string()),
  progressDetail: z.optional(z.object({ current: z.optional(z.number()), total: z.optional(z.number()) })),
  error: z.optional(z.string()),
});

/**
 * An image: taken as it is where the daemon has it, else pulled with the person's own login for its registry. Throws
 * ImageNotFound, PlatformMissing, RegistryUnreachable, RegistryUntrusted, RegistryRefused, RegistryLimited, PullStalled,
 * DockerDiskFull, PullFailed, BadImageName, or the signal's reason.
 */
export async function ensureImage(
  engine: DockerEngine,
  name: string,
  options: PullOptions,
): Promise<ImageFacts> {
  options.signal.throwIfAborted();
  const reference = parseReference(name);
  const there = options.refresh === true ? undefined : await findImage(engine, name);
  if (there && isFor(there, options.platform)) return there;
  await pull(engine, reference, options);
  // The stream may have ended because the daemon did: only the image itself proves that it came.
  const pulled = await findImage(engine, name);
  if (pulled && isFor(pulled, options.platform)) return pulled;
  throw new PullFailed(`${name} was not pulled`, {
    why: pulled
      ? `the image that came is for ${pulled.arch}, not for ${options.platform ?? ''}`
      : 'Docker ended the answer before the image was there',
    next: 'Try again. If Docker was restarted meanwhile, that was why.',
  });
}

function isFor(image: ImageFacts, platform: string | undefined): boolean {
  return platform === undefined || platform.split('/')[1] === image.arch;
}

async function pull(engine: DockerEngine, reference: Reference, options: PullOptions): Promise<void> {
  const { onProgress, platform, signal, stallMs = 60_000 } = options;
  const login = await findLogin(engine.env, reference, signal);
  const watchdog = new Watchdog(stallMs);
  const layers = new Layers();
  let told: string | undefined;
  onProgress?.(`asking ${reference.registry} for ${reference.given}`);
  try {
    const answer = await openAnswer(engine.docker, {
      method: 'POST',
      path: '/images/create',
      query: { fromImage: reference.repository, tag: reference.tag, platform },
      headers: login.header === undefined ? {} : { 'X-Registry-Auth': login.header },
      signal: AbortSignal.any([signal, watchdog.signal]),
    });
    for await (const line of jsonLines(answer)) {
      const said = message.parse(line);
      if (said.error !== undefined) throw pullFailure(said.error, reference, login, platform);
      layers.take(said);
      watchdog.feed(layers.isFetched ? stallMs * 10 : stallMs);
      if (layers.line === undefined || layers.line === told) continue;
      told = layers.line;
      onProgress?.(told);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (watchdog.signal.aborted) throw stalled(reference, told, stallMs);
    throw asFailure(error, reference, login, platform);
  } finally {
    watchdog.end();
  }
}

function asFailure(error: unknown, reference: Reference, login: Login, platform: string | undefined): Error {
  return error instanceof ExplainedError
    ? error
    : pullFailure(daemonMessage(error), reference, login, platform);
}

function stalled({ given, registry }: Reference, told: string | undefined, stallMs: number): PullStalled {
  return new PullStalled(`Pulling ${given} came to a halt`, {
    why: `nothing came from ${registry} for ${String(Math.round(stallMs / 1000))} s${told === undefined ? '' : ` (${told})`}`,
    next: 'Check the network (a VPN or a proxy that lets nothing through), then try again.',
  });
}
