import type { DockerSpec } from '../../api/cluster.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { ensureImage } from '../../docker/pull.ts';
import type { Phase, Phases } from '../phases.ts';
import type { ProgramFiles } from '../program.ts';
import type { Checked } from './check.ts';
import { ensureAirflowImage, type AirflowImage } from './images/airflow.ts';
import type { ImageContext } from './images/context.ts';
import { ensureDevAgentImage, ensureMesosImage } from './images/mesos.ts';
import { ensureApacheAgentImage } from './mesos/agentImage.ts';
import type { ChosenBefore, MesosChoice } from './mesos/choice.ts';
import { chooseDistribution } from './mesos/choose.ts';
import { baseImages, type DockerSettings } from './settings.ts';
import type { ChosenImage, PythonPlace } from './spec.ts';
import { together } from './together.ts';

/** All images of a cluster, and whose Mesos is in them. */
export interface ClusterImages {
  readonly choice: MesosChoice;
  readonly airflow: ChosenImage & PythonPlace & { readonly version: string };
  readonly service: ChosenImage;
  readonly database: ChosenImage;
  readonly master: ChosenImage;
  /** With the Airflow that tasks have in its containers. */
  readonly agent: ChosenImage & PythonPlace;
}

export interface ImageOptions {
  readonly engine: DockerEngine;
  readonly program: ProgramFiles;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: DockerSettings;
  readonly before: DockerSpec | undefined;
  readonly checked: Checked;
  readonly phases: Phases;
  readonly signal: AbortSignal;
}

/**
 * Pulls and builds what is missing, all at once where one doesn't need another, each as a phase. Throws what images' own
 * functions throw, or the signal's reason; nothing is under way any more then.
 */
export async function ensureImages(options: ImageOptions): Promise<ClusterImages> {
  const { checked, engine, phases } = options;
  // One that fails ends the others: a pull that is of no use any more is waited for by nobody.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const phase: RunPhase = (name, work) =>
    phases
      .run(name, async (each) => work(each, contextOf({ ...options, signal }, each)))
      .catch((error: unknown) => {
        failed.abort(error);
        throw error;
      });

  const airflow = phase('Airflow image', async (_, context) => {
    const value = await ensureAirflowImage(context);
    return { detail: `Airflow ${value.airflowVersion}: ${toldOf(value)}`, value };
  });
  const database = phase('PostgreSQL image', async (each) => {
    const image = options.settings.databaseImage ?? baseImages.database;
    const { id } = await ensureImage(engine, image, { signal, onProgress: (detail) => each.update(detail) });
    return { detail: image, value: { image, id } };
  });
  const mesos = phase('Mesos image', async (each, context) => {
    const choice = await chooseDistribution({
      ...options,
      agents: checked.agents.length,
      before: beforeOf(options),
      signal,
    });
    each.update(choice.why);
    const [own, master] = await Promise.all([
      ensureMesosImage(context),
      masterOf(choice, options, each, signal),
    ]);
    const service: ChosenImage = own;
    return { detail: choice.why, value: { choice, service, master: master ?? service } };
  });
  const agent = Promise.all([airflow, mesos]).then(([airflowImage, { choice }]) =>
    phase('Agent image', async (_, context) => {
      const value = await agentOf(choice, airflowImage, context);
      return { detail: value.image, value };
    }),
  );
  await together<unknown>([airflow, database, mesos, agent]);
  const { choice, master, service } = await mesos;
  for (const limit of choice.limits) phases.notice(limit);
  const { airflowVersion: version, ...airflowImage } = await airflow;
  return {
    choice,
    airflow: { ...airflowImage, version },
    service,
    database: await database,
    master,
    agent: await agent,
  };
}

type RunPhase = <T>(
  name: string,
  work: (phase: Phase, context: ImageContext) => Promise<{ detail: string; value: T }>,
) => Promise<T>;

function contextOf(options: ImageOptions, phase: Phase): ImageContext {
  const { checked, engine, env, program, settings, signal } = options;
  return {
    ...{ engine, env, program, settings, signal, workspace: checked.workspace },
    progress: (detail) => phase.update(detail),
  };
}

function toldOf({ image, reused }: { image: string; reused: boolean }): string {
  return reused ? image : `${image} (kept for next time)`;
}

/** What was chosen the last time, which stays unless something else is asked for. */
function beforeOf({ before }: ImageOptions): ChosenBefore | undefined {
  if (!before) return undefined;
  const { distribution, preset, why } = before.mesos;
  return { distribution, preset, why };
}

/** Apache's master comes as it is; our own runs in the service's image. */
async function masterOf(
  choice: MesosChoice,
  { engine }: ImageOptions,
  phase: Phase,
  signal: AbortSignal,
): Promise<ChosenImage | undefined> {
  if (choice.distribution === 'dev') return undefined;
  const image = choice.images.master;
  const { platform } = choice;
  const { id } = await ensureImage(engine, image, {
    platform,
    signal,
    onProgress: (detail) => phase.update(`${image}: ${detail}`),
  });
  return { image, id };
}

/** What agents run in: with the Airflow image's environment, of which our own agents' image is a child. */
async function agentOf(
  choice: MesosChoice,
  airflow: AirflowImage,
  context: ImageContext,
): Promise<ChosenImage & PythonPlace> {
  if (choice.distribution === 'dev') {
    const { id, image } = await ensureDevAgentImage(context, airflow);
    return { image, id, python: airflow.python, pythonPath: airflow.pythonPath };
  }
  // Agents that are emulated need an Airflow of their own processor.
  const { platform } = choice;
  const theirs = platform === undefined ? airflow : await ensureAirflowImage(context, { platform });
  return ensureApacheAgentImage(context, theirs, choice);
}
