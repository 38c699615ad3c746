import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { buildImage, type ContextFile } from '../../../../src/docker/build.ts';
import type { DockerEngine } from '../../../../src/docker/engine.ts';
import { findImage } from '../../../../src/docker/image.ts';
import { jsonLines } from '../../../../src/docker/jsonLines.ts';
import { LockHeldError, takeLock, type Lock } from '../../../../src/host/lock.ts';
import { bundle, projectRoot } from '../../../support/bundles.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { testCache } from '../../../support/testCache.ts';
import { makeDebianRoot, type DebianRecipe } from '../debianRoot.ts';

/** What settings name in place of a preset's images. They stay on the Docker Engine from one run to the next. */
export const standIns = {
  master: 'mesos-airflow-test/mesos-master:1.7.1',
  agent: 'mesos-airflow-test/mesos-slave:1.7.1',
  mini: 'mesos-airflow-test/mesos-mini:1.9.x',
} as const;

const base = 'mesos-airflow-test/debian:bullseye';
const recipe: DebianRecipe = { suite: 'bullseye', packages: ['ca-certificates', 'procps'] };
const keyLabel = 'mesos-airflow.test.key';
const folder = fileURLToPath(new URL('.', import.meta.url));
const never = new AbortController().signal;

type Say = (detail: string) => void;

/** Makes the stand-ins that are missing or made from something else by now: two minutes where the cache is empty. */
export async function ensureStandIns(
  engine: DockerEngine,
  say: Say = () => undefined,
): Promise<typeof standIns> {
  const cache = path.join(testCache(), 'mesos-stand-ins');
  await fs.mkdir(cache, { recursive: true });
  const lock = await lockOf(path.join(cache, 'lock'));
  const bundles = await temporaryFolder('stand-ins');
  try {
    await ensureBase(engine, cache, say);
    await bundle(['devmesos'], bundles.path);
    const context = await contextOf(bundles.path);
    for (const [target, release] of [
      ['master', '1.7'],
      ['agent', '1.7'],
      ['mini', '1.9'],
    ] as const) {
      await ensureStandIn(engine, target, release, context, say);
    }
    return standIns;
  } finally {
    await bundles.remove();
    await lock.release();
  }
}

async function ensureStandIn(
  engine: DockerEngine,
  target: keyof typeof standIns,
  release: string,
  context: readonly ContextFile[],
  say: Say,
): Promise<void> {
  const key = hashOf(
    release,
    ...context.flatMap((file) => [
      file.path,
      typeof file.content === 'string' ? file.content : JSON.stringify(file.content),
    ]),
  );
  if ((await findImage(engine, standIns[target]))?.labels[keyLabel] === key) return;
  await buildImage(engine, {
    context,
    dockerfile: 'Dockerfile',
    tag: standIns[target],
    target,
    args: { BASE: base, RELEASE: release },
    labels: { 'mesos-airflow.test': 'base', [keyLabel]: key },
    signal: never,
    onProgress: (detail) => say(`${target}: ${detail}`),
  });
}

async function ensureBase(engine: DockerEngine, cache: string, say: Say): Promise<void> {
  const key = hashOf(recipe.suite, recipe.packages.join(' '), process.arch);
  if ((await findImage(engine, base))?.labels[keyLabel] === key) return;
  const file = path.join(cache, `${recipe.suite}-${key}.tar.gz`);
  if (!(await fs.access(file).then(...[() => true, () => false]))) {
    await makeDebianRoot(file, (detail) => say(`${recipe.suite}: ${detail}`), recipe);
  }
  const [repo, tag] = base.split(':');
  const imported = await engine.docker.importImage(createReadStream(file).pipe(createGunzip()), {
    ...{ repo, tag, changes: [`LABEL mesos-airflow.test=base`, `LABEL ${keyLabel}=${key}`] },
  });
  for await (const line of jsonLines(Readable.from(imported))) {
    if (JSON.stringify(line).includes('"error"')) throw new Error(JSON.stringify(line));
  }
}

async function contextOf(bundles: string): Promise<ContextFile[]> {
  const own = async (name: string, mode = 0o644): Promise<ContextFile> => ({
    path: name,
    content: await fs.readFile(path.join(folder, name), 'utf8'),
    mode,
  });
  return [
    await own('Dockerfile'),
    await own('flags.json'),
    await own('standIn.cjs', 0o755),
    await own('mini.sh', 0o755),
    { path: 'devmesos.cjs', content: await fs.readFile(path.join(bundles, 'devmesos.cjs'), 'utf8') },
    // The Node that npm brought for this machine, which runs on Debian 11 too.
    {
      path: 'node',
      content: { file: path.join(projectRoot, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node') },
      mode: 0o755,
    },
  ];
}

function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return hash.digest('hex').slice(0, 16);
}

/** Of several test runs at once one makes them and the others wait. */
async function lockOf(place: string): Promise<Lock> {
  for (;;) {
    try {
      return await takeLock(place);
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
    }
    await delay(250);
  }
}
