import type Docker from 'dockerode';
import * as z from 'zod/mini';
import { orUndefined, statusOf } from '../../../docker/daemonError.ts';
import { codeOf } from '../../../host/errors.ts';

/** Whether an image can be had: here already, at its registry (and for which processors), not there, or nobody answered. */
export type ImageState =
  | { readonly kind: 'present'; readonly architecture: string }
  | { readonly kind: 'offered'; readonly architectures: readonly string[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreachable'; readonly why: string };

/** Tells of images. `signal` ends the asking; the answer is then `unreachable`. */
export type AskForImage = (image: string, signal: AbortSignal) => Promise<ImageState>;

const offer = z.object({
  Platforms: z.optional(z.nullable(z.array(z.object({ architecture: z.string() })))),
});

/** Asks the daemon, and through it the registry, which shows an image's processors without it being fetched. */
export function askDocker(docker: Docker): AskForImage {
  return async (image, signal) => {
    const here = await present(docker, image);
    return here ?? (await offered(docker, image, signal));
  };
}

async function present(docker: Docker, image: string): Promise<ImageState | undefined> {
  const found = await orUndefined(docker.getImage(image).inspect());
  return found && { kind: 'present', architecture: found.Architecture };
}

async function offered(docker: Docker, image: string, signal: AbortSignal): Promise<ImageState> {
  const asked = docker.getImage(image).distribution();
  try {
    const answer = offer.parse(await Promise.race([asked, refusedOn(signal)]));
    return { kind: 'offered', architectures: (answer.Platforms ?? []).map((one) => one.architecture) };
  } catch (error) {
    // What comes too late is nobody's any more.
    asked.catch(() => undefined);
    if (signal.aborted) return { kind: 'unreachable', why: 'its registry did not answer in time' };
    const status = statusOf(error);
    // A registry says of what doesn't exist that one may not see it.
    if (status === 401 || status === 403 || status === 404) return { kind: 'missing' };
    if (status !== undefined || codeOf(error) !== undefined) {
      return { kind: 'unreachable', why: 'its registry cannot be reached' };
    }
    throw error;
  }
}

async function refusedOn(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const refuse = (): void => reject(new Error('no answer in time'));
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
}
