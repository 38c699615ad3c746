import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { buildImage, type ContextFile } from '../../../docker/build.ts';
import type { DockerEngine } from '../../../docker/engine.ts';
import { findImage, type ImageFacts } from '../../../docker/image.ts';
import { ensureImage } from '../../../docker/pull.ts';
import { labels } from '../labels.ts';
import type { ChosenImage, PythonPlace } from '../spec.ts';
import type { ApacheChoice } from './choice.ts';
import { MesosImagesUnsuited } from './errors.ts';
import { presets } from './presets.ts';
import { agentRuntime } from './runtime.ts';

export interface AgentImageOptions {
  readonly engine: DockerEngine;
  /** `cluster/mesos` of the program's files. */
  readonly recipes: string;
  /** What a build needs to reach the package index: files below `network/`, among them environment.json. */
  readonly network: readonly ContextFile[];
  /** The network of RUN. */
  readonly buildNetwork?: string | undefined;
  readonly signal: AbortSignal;
  readonly progress: (detail: string) => void;
}

/** An image that agents of Apache's Mesos run in, and where it has Airflow. */
export interface AgentImage extends ChosenImage, PythonPlace {
  /** It was there. */
  readonly reused: boolean;
}

const dockerfile = 'apache-agent.Dockerfile';
const recipes = [dockerfile, 'agent.py', 'elf.py', 'patchelf.txt', 'prepare.py', 'relocate.py'] as const;

/**
 * The image of Apache's agents with the Airflow image's environment added, in a form that runs on any Linux: taken where it
 * was built from the same, else built, in some two minutes. Throws what ensureImage and buildImage throw, and
 * MesosImagesUnsuited where the two images are of different processors.
 */
export async function ensureApacheAgentImage(
  options: AgentImageOptions,
  airflow: ChosenImage & { readonly python: string },
  choice: ApacheChoice,
): Promise<AgentImage> {
  const { engine, signal, progress } = options;
  const { platform } = choice;
  const base = await ensureImage(engine, choice.images.agent, { platform, signal, onProgress: progress });
  await checkProcessors(options, airflow, choice, base);
  const files = await readRecipes(options.recipes);
  const inputs = digest(airflow.id, airflow.python, base.id, ...files.values());
  const image = `mesos-airflow/apache-agent:${inputs}`;
  const place = { image, python: agentRuntime.python, pythonPath: agentRuntime.pythonPath };
  const there = await findImage(engine, image);
  if (there?.labels[labels.inputs] === inputs) return { ...place, id: there.id, reused: true };
  const built = await buildImage(engine, {
    context: [...[...files].map(([name, content]) => ({ path: name, content })), ...options.network],
    dockerfile,
    tag: image,
    // By their ids: a name may be given to another image meanwhile.
    args: { AIRFLOW: airflow.id, BASE: base.id, PYTHON: airflow.python },
    labels: { [labels.image]: 'agent', [labels.inputs]: inputs },
    network: options.buildNetwork,
    platform,
    signal,
    onProgress: progress,
  });
  return { ...place, id: built.id, reused: false };
}

/** An Airflow of another processor could not be run in the agent's container. */
async function checkProcessors(
  { engine }: AgentImageOptions,
  airflow: ChosenImage,
  choice: ApacheChoice,
  base: ImageFacts,
): Promise<void> {
  const ofAirflow = await findImage(engine, airflow.id);
  if (!ofAirflow || ofAirflow.arch === base.arch) return;
  const { name, title } = presets[choice.preset];
  throw new MesosImagesUnsuited(
    name,
    title,
    `${choice.images.agent} is of ${base.arch}, and the Airflow image, from which its agents get their Python, of ${ofAirflow.arch}`,
  );
}

async function readRecipes(folder: string): Promise<Map<string, Buffer>> {
  const entries = recipes.map(
    async (name) => [name, await fs.readFile(path.join(folder, name))] as [string, Buffer],
  );
  return new Map(await Promise.all(entries));
}

function digest(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return hash.digest('hex').slice(0, 16);
}
