import { ask, type AskOptions, type DockerEngine } from './ask.ts';
import { chosenBy, type Chosen } from './chosen.ts';
import { ConfigurationUnreadable } from './configuration.ts';
import { unreadable } from './declined.ts';
import type { Candidate } from './endpoint.ts';
import { DockerUnavailable, type Declined } from './errors.ts';
import { unavailable } from './unavailable.ts';
import { thisMachine, usualPlaces } from './usualPlaces.ts';

export type { DockerEngine } from './ask.ts';

export interface FindOptions {
  /** Read for DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, HOME, … */
  readonly env: NodeJS.ProcessEnv;
  /** A context of Docker's client by name; goes before the environment. `default`: whatever config.json says. */
  readonly context?: string | undefined;
  readonly signal: AbortSignal;
  /** Take a daemon that doesn't see this machine's files, too; `endpoint.local` tells. Default: false. */
  readonly takeRemote?: boolean;
  /** How long an address may take to answer, in milliseconds. Default: 5000. */
  readonly limitMs?: number;
  /** Where to look where nothing is chosen. Default: the usual places of this machine. */
  readonly places?: readonly Candidate[];
}

/**
 * The Docker Engine that `docker` itself would use; where nothing is chosen, the first that answers of the usual places.
 * Each is really asked. Throws DockerUnavailable, which tells what was tried and why it was not taken.
 */
export async function findDocker(options: FindOptions): Promise<DockerEngine> {
  const { env, signal, limitMs = 5000, takeRemote = false } = options;
  const places = options.places ?? usualPlaces(thisMachine(env));
  const asking: AskOptions = { env, signal, limitMs, takeRemote };
  const chosen = await choice(env, options.context);
  if (chosen instanceof DockerUnavailable) throw chosen;
  if (chosen) return await askChosen(chosen, asking, places);
  const declined: Declined[] = [];
  for (const candidate of places) {
    const answer = await ask(candidate, asking);
    if ('docker' in answer) return answer;
    declined.push(answer);
  }
  throw unavailable(declined, undefined);
}

async function choice(
  env: NodeJS.ProcessEnv,
  context: string | undefined,
): Promise<Chosen | DockerUnavailable | undefined> {
  try {
    return await chosenBy(env, context);
  } catch (error) {
    if (!(error instanceof ConfigurationUnreadable)) throw error;
    return unavailable([unreadable("Docker's configuration", '', error)], undefined);
  }
}

/** What was chosen is taken or nothing: another daemon has other containers. But which others answer is told. */
async function askChosen(
  chosen: Chosen,
  asking: AskOptions,
  places: readonly Candidate[],
): Promise<DockerEngine> {
  let declined: Declined;
  try {
    const answer = await ask(await chosen.read(), asking);
    if ('docker' in answer) return answer;
    declined = answer;
  } catch (error) {
    asking.signal.throwIfAborted();
    declined = unreadable(chosen.name, '', error);
  }
  const others = await Promise.all(places.map((place) => ask(place, asking)));
  const other = others.find((answer) => 'docker' in answer);
  throw unavailable([declined], { chosen, other });
}
