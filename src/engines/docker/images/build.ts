import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildImage, type ContextFile } from '../../../docker/build.ts';
import { findImage } from '../../../docker/image.ts';
import { userFolders } from '../../../host/folders.ts';
import { LockHeldError, takeLock, type Lock } from '../../../host/lock.ts';
import { labels } from '../labels.ts';
import type { BuiltImage, ImageContext } from './context.ts';
import { explainedBuildFailure } from './failures.ts';
import { inputsHash, type ImageInputs } from './inputs.ts';

export interface ImagePlan extends ImageInputs {
  /** The image's name below `mesos-airflow/`, and its label. */
  readonly kind: string;
  /** For people: "Airflow's image". */
  readonly title: string;
  /** Makes what it is built on. Done only when something is built. */
  readonly foundation?: () => Promise<unknown>;
  /**
   * What the build needs beside its inputs and leaves out of the image: how the network is reached. Asked only when
   * something is built.
   */
  readonly passing?: () => Promise<readonly ContextFile[]>;
  readonly platform?: string | undefined;
  /** Where files of the build come from, for errors that speak of them. */
  readonly requirements?: Parameters<typeof explainedBuildFailure>[1]['requirements'];
  readonly locked?: Parameters<typeof explainedBuildFailure>[1]['locked'];
}

/** What our images' names begin with. */
export const ours = 'mesos-airflow/';

/**
 * The image that these inputs make: found by their hash, else built. Of several that want the same, one builds it and the
 * others wait. Throws what buildImage throws, or an ExplainedError that knows more.
 */
export async function ensureBuilt(ctx: ImageContext, plan: ImagePlan): Promise<BuiltImage> {
  const { hash, image } = await nameOf(plan);
  const kept = await find(ctx, image, hash);
  if (kept !== undefined) return { image, id: kept, reused: true };
  const lock = await lockOf(ctx, `image-${plan.kind}-${hash}`, plan.title);
  try {
    const madeMeanwhile = await find(ctx, image, hash);
    if (madeMeanwhile !== undefined) return { image, id: madeMeanwhile, reused: true };
    await plan.foundation?.();
    ctx.progress(`${plan.title}: building`);
    const { id } = await buildImage(ctx.engine, {
      context: [
        { path: 'Dockerfile', content: plan.dockerfile },
        ...plan.files,
        ...((await plan.passing?.()) ?? []),
      ],
      dockerfile: 'Dockerfile',
      tag: image,
      args: plan.args,
      labels: {
        [labels.image]: plan.kind,
        [labels.inputs]: hash,
        [labels.from]: Object.values(plan.args)
          .filter((value) => value.startsWith(ours))
          .join(' '),
      },
      network: ctx.settings.buildNetwork === '' ? undefined : ctx.settings.buildNetwork,
      platform: plan.platform,
      signal: ctx.signal,
      onProgress: (detail) => ctx.progress(`${plan.title}, ${detail}`),
    });
    return { image, id, reused: false };
  } catch (error) {
    throw explainedBuildFailure(error, {
      env: ctx.env,
      network: ctx.settings.buildNetwork,
      requirements: plan.requirements,
      locked: plan.locked,
    });
  } finally {
    await lock.release();
  }
}

/** What the image of these inputs is called, there or not. */
export async function nameOf(plan: ImagePlan): Promise<{ readonly hash: string; readonly image: string }> {
  const hash = await inputsHash(plan);
  return { hash, image: `${ours}${plan.kind}:${hash}` };
}

/** Its id, if there is one: a tag alone can be put on anything. */
async function find(ctx: ImageContext, image: string, hash: string): Promise<string | undefined> {
  const found = await findImage(ctx.engine, image);
  return found?.labels[labels.inputs] === hash ? found.id : undefined;
}

async function lockOf(ctx: ImageContext, name: string, title: string): Promise<Lock> {
  const folder = path.join(userFolders(ctx.env).cache, 'locks', name);
  for (;;) {
    ctx.signal.throwIfAborted();
    try {
      return await takeLock(folder);
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
      ctx.progress(`${title}: waiting for process ${error.holder.pid}, which builds it`);
    }
    await delay(250, undefined, { signal: ctx.signal });
  }
}
