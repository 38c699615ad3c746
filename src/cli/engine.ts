import { findCluster } from '../client/discover.ts';
import { whyNoDocker } from '../engines/docker/unavailable.ts';
import type { Engine, EngineName } from '../engines/engine.ts';
import type { ListedCluster } from '../engines/list.ts';
import { checkName } from '../engines/settings.ts';
import { ExplainedError, messageOf } from '../host/errors.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';
import { forName } from './names.ts';

export const engineChoices = ['embedded', 'docker', 'auto'] as const;
/** `auto`: Docker where it answers, else embedded. */
export type EngineChoice = (typeof engineChoices)[number];

/** How long a Docker that does not answer is waited for, where the command can do without it. Milliseconds. */
const dockerLimitMs = 2000;

/** What Docker has of clusters, or why it cannot be asked. */
export interface DockerAnswer {
  readonly clusters: readonly ListedCluster[];
  /** Undefined where it answered. */
  readonly problem?: ExplainedError;
  /** There is no Docker on this machine, as far as one can see: nothing that is worth telling. */
  readonly absent: boolean;
}

/** Asks Docker for its clusters; never takes longer than two seconds, and never throws. */
export async function askDocker(context: Context, limitMs = dockerLimitMs): Promise<DockerAnswer> {
  const late = new ExplainedError(`Docker did not answer within ${limitMs / 1000} s`);
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    // First asked to end with what it has so far; but not every call to Docker heeds a signal.
    timer = setTimeout(() => {
      limit.abort(late);
      timer = setTimeout(() => reject(late), limitMs / 4);
    }, limitMs * 0.75);
  });
  const asking = context.engines.docker().then((engine) => engine.list(limit.signal));
  try {
    return { clusters: await Promise.race([asking, over]), absent: false };
  } catch (error) {
    const thrown = limit.signal.aborted ? late : error;
    const problem =
      thrown instanceof ExplainedError ? thrown : new ExplainedError(messageOf(thrown), { cause: thrown });
    const tried = whyNoDocker(thrown)?.tried;
    return { clusters: [], problem, absent: tried?.every(({ reason }) => reason === 'absent') === true };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The engine of a cluster: the one that its cluster.json names, or Docker where its labels tell of it though the folder on
 * this machine is lost. Throws CommandError (3) where nobody has such a cluster.
 */
export async function engineOf(context: Context, name: string): Promise<Engine> {
  const cluster = await findCluster(checkName(name), context.folders);
  if (cluster?.runtime?.recording) throw isRecording(name);
  if (cluster?.spec) return load(context, cluster.spec.engine);
  const docker = await askDocker(context);
  if (docker.clusters.some((listed) => listed.name === name)) return load(context, 'docker');
  // A folder that cannot be read, or that a start left which did not get far.
  if (cluster) return load(context, 'embedded');
  throw noSuchCluster(name, docker);
}

export interface EngineForUp {
  readonly engine: Engine;
  /** In a sentence, where nobody said which. */
  readonly why?: string;
}

/**
 * The engine that `up` takes. A cluster that there is keeps its own. A new one takes what was asked for, and `embedded`
 * where nothing was: it needs nothing of the machine and takes the same way each time, whether or not a Docker happens to
 * run. `explicit`: asked for on the command line, not by a variable that is there for all clusters.
 * Throws CommandError (2) where an explicit choice is not the cluster's own.
 */
export async function engineForUp(
  context: Context,
  name: string,
  asked: { readonly choice: EngineChoice; readonly explicit: boolean },
): Promise<EngineForUp> {
  const cluster = await findCluster(checkName(name), context.folders);
  if (cluster?.runtime?.recording) throw isRecording(name);
  let own: EngineName | undefined = cluster?.spec?.engine;
  let docker: DockerAnswer | undefined;
  if (!own) {
    docker = await askDocker(context);
    if (docker.clusters.some((listed) => listed.name === name)) own = 'docker';
  }
  const { choice, explicit } = asked;
  if (own) {
    if (explicit && choice !== 'auto' && choice !== own) throw otherEngine(name, own);
    return { engine: await load(context, own) };
  }
  if (choice !== 'auto') return { engine: await load(context, choice) };
  if (!docker?.problem) {
    const engine = await load(context, 'docker');
    const lack = await engine.lack?.(context.interrupts.signal);
    if (lack === undefined) return { engine, why: 'Docker answers.' };
    return { engine: await load(context, 'embedded'), why: lack };
  }
  const reason = [docker.problem.message, docker.problem.why].filter((part) => part !== undefined).join(': ');
  return { engine: await load(context, 'embedded'), why: reason.replaceAll('\n', ' ') };
}

function load(context: Context, name: EngineName): Promise<Engine> {
  return name === 'docker' ? context.engines.docker() : context.engines.embedded();
}

function otherEngine(name: string, own: EngineName): CommandError {
  const what = own === 'docker' ? 'one in Docker' : 'an embedded one';
  return new CommandError(exitCodes.usage, `The cluster ${name} is ${what}`, {
    why: 'a cluster keeps its engine: its runs and logs lie there',
    next: `Start it: mesos-airflow up${forName(name)}. Or give the new one another --name.`,
  });
}

function isRecording(name: string): CommandError {
  return new CommandError(exitCodes.failed, `${name} is a recording, which is being shown`, {
    why: 'no cluster is behind it that could be asked, changed or ended',
    next: `End it: mesos-airflow down${forName(name)}`,
  });
}

export function noSuchCluster(name: string, docker?: DockerAnswer): CommandError {
  const { problem, absent } = docker ?? { absent: true };
  return new CommandError(exitCodes.noCluster, `There is no cluster called ${name}`, {
    ...(problem && !absent ? { why: `Docker could not be asked: ${problem.message}` } : {}),
    next: `Start one: mesos-airflow up${forName(name)}. Those that there are: mesos-airflow list`,
  });
}
