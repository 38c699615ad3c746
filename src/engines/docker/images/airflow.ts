import fs from 'node:fs/promises';
import path from 'node:path';
import { lockedPackages } from '../../../airflow/environment/lock.ts';
import { ensureImage } from '../../../docker/pull.ts';
import { baseImages } from '../settings.ts';
import { ensureBuilt, nameOf, type ImagePlan } from './build.ts';
import type { BuiltImage, ImageContext } from './context.ts';
import { filesBelow } from './inputs.ts';
import { networkFiles } from './network.ts';
import { checkAirflowImage } from './ownImage.ts';
import { airflowUser } from './person.ts';
import { requirementsForImage } from './requirements.ts';

export interface AirflowImage extends BuiltImage {
  /** The interpreter that has Airflow. */
  readonly python: string;
  /** PYTHONPATH for it: the folder of the module airflow_mesos, and what else it needs. */
  readonly pythonPath: string;
  readonly airflowVersion: string;
}

/** Where our package lies in every Airflow image. */
const packageFolder = '/opt/mesos-airflow/python';
const builtPython = '/opt/mesos-airflow/venv/bin/python';

/** What the image is built on: Airflow from the lock, or the person's own. */
interface Foundation {
  readonly image: string;
  /** Its id, or a tag that stands for its inputs. */
  readonly identity: string;
  /** Makes it where it isn't there. */
  readonly make?: () => Promise<unknown>;
  readonly python: string;
  readonly pythonPath: string;
  readonly airflowVersion: string;
  /** Whether the workspace's requirements are installed into it. A person's own image has what they want. */
  readonly takesRequirements: boolean;
}

/**
 * The image for Airflow's components: Airflow from the lock with the workspace's requirements, or the person's own image,
 * which is checked first; our package in both. Without `platform` for the Docker Engine's own processor.
 */
export async function ensureAirflowImage(
  ctx: ImageContext,
  { platform }: { platform?: string | undefined } = {},
): Promise<AirflowImage> {
  const own = ctx.settings.airflowImage;
  const foundation = own ? await ownFoundation(ctx, own, platform) : await builtFoundation(ctx, platform);
  const { program } = ctx;
  const locked = lockedPackages(
    (await Promise.all(locksOf(ctx).map((lock) => fs.readFile(lock, 'utf8')))).join('\n'),
  );
  const workspace = foundation.takesRequirements ? ctx.workspace : undefined;
  const { files, requirements } = await requirementsForImage(workspace, locked);
  const built = await ensureBuilt(ctx, {
    kind: 'airflow',
    title: 'Airflow image',
    from: [foundation.identity],
    ...(foundation.make ? { foundation: foundation.make } : {}),
    dockerfile: await fs.readFile(path.join(program.images, 'airflow', 'workspace.Dockerfile'), 'utf8'),
    args: { BASE: foundation.image, PYTHON: foundation.python, AIRFLOW_UID: String(airflowUser()) },
    files: [
      ...(await installerFiles(ctx)),
      ...files,
      ...(await filesBelow(path.join(program.python, 'airflow_mesos'), 'airflow_mesos')),
    ],
    passing: () => networkFiles(ctx.env),
    platform,
    requirements,
    locked,
  });
  const { airflowVersion, python, pythonPath } = foundation;
  return { ...built, python, pythonPath, airflowVersion };
}

async function builtFoundation(ctx: ImageContext, platform: string | undefined): Promise<Foundation> {
  const python = ctx.settings.pythonImage ?? baseImages.python;
  const base = await ensureImage(ctx.engine, python, {
    platform,
    signal: ctx.signal,
    onProgress: (detail) => ctx.progress(`${python}: ${detail}`),
  });
  const [lockFile = ''] = locksOf(ctx);
  const lock = lockedPackages(await fs.readFile(lockFile, 'utf8'));
  const airflowVersion = lock.find(({ name }) => name === 'apache-airflow')?.version;
  if (airflowVersion === undefined) throw new Error(`${lockFile} does not lock apache-airflow`);
  const plan: ImagePlan = {
    kind: 'airflow-base',
    title: `Airflow ${airflowVersion}`,
    from: [base.id],
    dockerfile: await fs.readFile(path.join(ctx.program.images, 'airflow', 'Dockerfile'), 'utf8'),
    args: { BASE: python },
    files: await installerFiles(ctx),
    passing: () => networkFiles(ctx.env),
    platform,
    locked: lock,
  };
  const { image } = await nameOf(plan);
  return {
    image,
    identity: image,
    make: () => ensureBuilt(ctx, plan),
    python: builtPython,
    pythonPath: packageFolder,
    airflowVersion,
    takesRequirements: true,
  };
}

async function ownFoundation(
  ctx: ImageContext,
  image: string,
  platform: string | undefined,
): Promise<Foundation> {
  const { id } = await ensureImage(ctx.engine, image, {
    platform,
    signal: ctx.signal,
    onProgress: (detail) => ctx.progress(`${image}: ${detail}`),
  });
  ctx.progress(`${image}: looking what is in it`);
  const { airflowVersion, python, siteFolder } = await checkAirflowImage(ctx, image);
  const pythonPath = siteFolder === undefined ? packageFolder : `${packageFolder}:${siteFolder}`;
  return { image, identity: id, python, pythonPath, airflowVersion, takesRequirements: false };
}

/** airflow-3.txt first. */
function locksOf({ program }: ImageContext): string[] {
  return ['airflow-3.txt', 'postgres.txt'].map((name) => path.join(program.locks, name));
}

async function installerFiles({ program }: ImageContext): ReturnType<typeof filesBelow> {
  const locks = new Set(['airflow-3.txt', 'postgres.txt', 'debug.txt', 'uv.txt']);
  return [
    { path: 'install.py', content: { file: path.join(program.images, 'airflow', 'image', 'install.py') } },
    ...(await filesBelow(program.locks, 'locks', (name) => locks.has(name))),
  ];
}
