import fs from 'node:fs/promises';
import path from 'node:path';
import { ensureImage } from '../../../docker/pull.ts';
import { baseImages } from '../settings.ts';
import { ensureBuilt } from './build.ts';
import type { BuiltImage, ImageContext } from './context.ts';

/** The image with the service and the dev Mesos. */
export async function ensureMesosImage(ctx: ImageContext): Promise<BuiltImage> {
  const node = ctx.settings.nodeImage ?? baseImages.node;
  const base = await ensureImage(ctx.engine, node, {
    signal: ctx.signal,
    onProgress: (detail) => ctx.progress(`${node}: ${detail}`),
  });
  return ensureBuilt(ctx, {
    kind: 'mesos',
    title: 'Mesos image',
    from: [base.id],
    dockerfile: await recipe(ctx, 'Dockerfile'),
    args: { BASE: node },
    files: [
      ...['service.cjs', 'devmesos.cjs'].map((name) => path.join(ctx.program.bundles, name)),
      path.join(ctx.program.images, 'mesos', 'terminal.py'),
    ].map((file) => ({ path: path.basename(file), content: { file } })),
  });
}

/** The dev agent's: Airflow's image with what runs the agent in it. */
export async function ensureDevAgentImage(
  ctx: ImageContext,
  airflow: Pick<BuiltImage, 'image' | 'id'>,
): Promise<BuiltImage> {
  const mesos = await ensureMesosImage(ctx);
  return ensureBuilt(ctx, {
    kind: 'agent',
    title: 'Agent image',
    from: [airflow.id, mesos.id],
    dockerfile: await recipe(ctx, 'agent.Dockerfile'),
    args: { AIRFLOW: airflow.image, MESOS: mesos.image },
    files: [],
  });
}

function recipe({ program }: ImageContext, name: string): Promise<string> {
  return fs.readFile(path.join(program.images, 'mesos', name), 'utf8');
}
