import fs from 'node:fs/promises';
import path from 'node:path';
import type { ContextFile } from '../../../docker/build.ts';
import { findImage } from '../../../docker/image.ts';
import { ensureImage } from '../../../docker/pull.ts';
import type { AirflowImage } from '../images/airflow.ts';
import { ensureBuilt } from '../images/build.ts';
import type { BuiltImage, ImageContext } from '../images/context.ts';
import { networkFiles } from '../images/network.ts';
import type { PythonPlace } from '../spec.ts';
import type { ApacheChoice } from './choice.ts';
import { MesosImagesUnsuited } from './errors.ts';
import { presets } from './presets.ts';
import { agentRuntime } from './runtime.ts';

const scripts = ['agent.py', 'elf.py', 'patchelf.txt', 'prepare.py', 'relocate.py'] as const;

/**
 * What agents of Apache's Mesos run in: its image with the Airflow image's environment added, in a form that runs on any
 * Linux. Some two minutes where it has to be built. Throws MesosImagesUnsuited where the two images are of different
 * processors, and what pulls and builds throw.
 */
export async function ensureApacheAgentImage(
  ctx: ImageContext,
  airflow: Pick<AirflowImage, 'image' | 'id' | 'python' | 'pythonPath'>,
  choice: ApacheChoice,
): Promise<BuiltImage & PythonPlace> {
  const { agent } = choice.images;
  const base = await ensureImage(ctx.engine, agent, {
    platform: choice.platform,
    signal: ctx.signal,
    onProgress: (detail) => ctx.progress(`${agent}: ${detail}`),
  });
  const { arch } = (await findImage(ctx.engine, airflow.id)) ?? base;
  if (arch !== base.arch) {
    const { name, title } = presets[choice.preset];
    const why = `${agent} is of ${base.arch}, and the Airflow image, from which its agents get their Python, of ${arch}`;
    throw new MesosImagesUnsuited(name, title, why);
  }
  const folder = path.join(ctx.program.images, 'mesos');
  const built = await ensureBuilt(ctx, {
    kind: 'apache-agent',
    title: 'Agent image',
    from: [airflow.id, base.id],
    dockerfile: await fs.readFile(path.join(folder, 'apache-agent.Dockerfile'), 'utf8'),
    args: {
      AIRFLOW: airflow.image,
      BASE: agent,
      PYTHON: airflow.python,
      PACKAGES: airflow.pythonPath,
    },
    files: scripts.map((name): ContextFile => ({ path: name, content: { file: path.join(folder, name) } })),
    passing: () => networkFiles(ctx.env),
    platform: choice.platform,
  });
  return { ...built, python: agentRuntime.python, pythonPath: agentRuntime.pythonPath };
}
