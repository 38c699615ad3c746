import * as z from 'zod/mini';
import type { DockerEngine } from '../../../docker/engine.ts';
import type { DockerSettings } from '../settings.ts';
import type { ChosenBefore, MesosChoice } from './choice.ts';
import { decide } from './decide.ts';
import { askDocker } from './imageSource.ts';

export interface ChooseOptions {
  readonly engine: Pick<DockerEngine, 'docker' | 'info'>;
  readonly settings: DockerSettings;
  /** How many the cluster is to have. */
  readonly agents: number;
  /** What the cluster had the last time: it stays, unless something else is asked for now. */
  readonly before?: ChosenBefore | undefined;
  readonly signal: AbortSignal;
}

/**
 * Decides whose Mesos runs in a cluster, and why. Asks a registry only for `auto`, and for four seconds at most. Throws
 * MesosImagesUnsuited where Apache's is asked for and can't run here, UnknownMesosPreset.
 */
export async function chooseDistribution(options: ChooseOptions): Promise<MesosChoice> {
  const { engine, settings, agents, before, signal } = options;
  const { provider, arch, cgroupVersion } = engine.info;
  const minApiVersion = await oldestApi(options);
  return await decide({
    host: { provider, arch, cgroupVersion, minApiVersion },
    settings,
    agents,
    before,
    ask: askDocker(engine.docker),
    signal,
  });
}

const versions = z.object({ MinAPIVersion: z.optional(z.string()) });

/** Matters to a docker program inside an image only. */
async function oldestApi({ engine, settings }: ChooseOptions): Promise<string | undefined> {
  if (settings.tasks !== 'container') return undefined;
  return versions.parse(await engine.docker.version()).MinAPIVersion;
}
