import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip, createGzip } from 'node:zlib';
import Docker from 'dockerode';
import tar from 'tar-stream';
import { codeOf } from '../../../src/host/errors.ts';
import { LockHeldError, takeLock, type Lock } from '../../../src/host/lock.ts';
import { testCache } from '../../support/testCache.ts';
import { makeDebianRoot, packages, suite } from './debianRoot.ts';

/**
 * Twins of the images that ours start from, made of Debian's packages alone: a registry of images cannot be reached
 * everywhere, and the product takes what a setting names. They stay on the Docker Engine from one run to the next.
 */
export const baseImages = {
  python: 'mesos-airflow-test/python:bookworm',
  node: 'mesos-airflow-test/node:bookworm',
  database: 'mesos-airflow-test/postgres:bookworm',
} as const;

/** On the twins, and on nothing else. */
const twin = { 'mesos-airflow.test': 'base' };
const keyLabel = 'mesos-airflow.test.key';
const recipes = fileURLToPath(new URL('images', import.meta.url));
const checkout = fileURLToPath(new URL('../../..', import.meta.url));

type Say = (detail: string) => void;

/** Makes those that are missing or made from something else by now: minutes where the cache is empty, else a second. */
export async function ensureBaseImages(
  docker: Docker = new Docker(),
  say: Say = () => undefined,
): Promise<typeof baseImages> {
  const cache = path.join(testCache(), 'base-images');
  await fs.mkdir(cache, { recursive: true });
  const lock = await lockOf(path.join(cache, 'lock'));
  try {
    const python = hashOf(suite, packages.join(' '), process.arch);
    if (!(await isThere(docker, baseImages.python, python))) await makePython(docker, cache, python, say);

    const postgresFiles = await contentsOf(['postgres.Dockerfile', 'docker-entrypoint.sh']);
    const postgres = hashOf(python, ...postgresFiles.values());
    if (!(await isThere(docker, baseImages.database, postgres))) {
      await makePostgres(docker, cache, postgres, postgresFiles, say);
    }

    const nodeFiles = await contentsOf(['node.Dockerfile']);
    nodeFiles.set('node', await nodeBinary());
    const node = hashOf(python, ...nodeFiles.values());
    if (!(await isThere(docker, baseImages.node, node))) {
      say('node: building');
      await build(docker, baseImages.node, 'node.Dockerfile', nodeFiles, node);
    }
    return baseImages;
  } finally {
    await lock.release();
  }
}

async function makePython(docker: Docker, cache: string, key: string, say: Say): Promise<void> {
  const file = path.join(cache, `python-${key}.tar.gz`);
  if (!(await exists(file))) {
    await removeOthers(cache, 'python-');
    await makeDebianRoot(file, (detail) => say(`python: ${detail}`));
  }
  say('python: importing');
  const [repo, tag] = baseImages.python.split(':');
  const labels = Object.entries({ ...twin, [keyLabel]: key }).map(
    ([name, value]) => `LABEL ${name}=${value}`,
  );
  const changes = [...labels, 'ENV LANG=C.UTF-8', 'CMD ["python3"]'];
  const imported = await docker.importImage(createReadStream(file).pipe(createGunzip()), {
    ...{ repo, tag, changes },
  });
  await finish(docker, imported);
}

async function makePostgres(
  docker: Docker,
  cache: string,
  key: string,
  files: Files,
  say: Say,
): Promise<void> {
  const file = path.join(cache, `postgres-${key}.tar.gz`);
  if (await exists(file)) {
    say('postgres: loading');
    await finish(docker, await docker.loadImage(createReadStream(file)));
    return;
  }
  say('postgres: installing');
  await build(docker, baseImages.database, 'postgres.Dockerfile', files, key);
  say('postgres: keeping');
  await removeOthers(cache, 'postgres-');
  const partial = `${file}.${process.pid}.tmp`;
  const saved = await docker.getImage(baseImages.database).get();
  await pipeline(saved, createGzip({ level: 1 }), createWriteStream(partial));
  await fs.rename(partial, file);
}

/** By path. */
type Files = Map<string, Buffer>;

async function build(
  docker: Docker,
  tag: string,
  dockerfile: string,
  files: Files,
  key: string,
): Promise<void> {
  const context = tar.pack();
  for (const [name, content] of files) {
    context.entry({ name, mode: name.endsWith('.Dockerfile') ? 0o644 : 0o755 }, content);
  }
  context.finalize();
  const labels = { ...twin, [keyLabel]: key };
  // The mirror is what this machine reaches: its network, its proxies.
  const buildargs: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && /^(https?|no)_proxy$/i.test(name)) buildargs[name] = value;
  }
  const body = context.pipe(new PassThrough());
  await finish(
    docker,
    await docker.buildImage(body, { t: tag, dockerfile, labels, buildargs, networkmode: 'host' }),
  );
}

/** Reads a stream of the Docker Engine's JSON messages to its end; an error among them is thrown. */
async function finish(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const output: string[] = [];
    docker.modem.followProgress(
      stream,
      (error) => {
        if (error) reject(new Error(`${error.message}\n${output.slice(-30).join('')}`));
        else resolve();
      },
      (message: { stream?: string }) => {
        if (message.stream) output.push(message.stream);
      },
    );
  });
}

async function isThere(docker: Docker, name: string, key: string): Promise<boolean> {
  try {
    const { Config } = await docker.getImage(name).inspect();
    return (Config.Labels as Record<string, string> | null)?.[keyLabel] === key;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    throw error;
  }
}

async function contentsOf(names: readonly string[]): Promise<Files> {
  const files: Files = new Map();
  for (const name of names) files.set(name, await fs.readFile(path.join(recipes, name)));
  return files;
}

/** The Node that npm brought for this machine, which runs on Debian 12. */
async function nodeBinary(): Promise<Buffer> {
  const file = path.join(checkout, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  return fs.readFile(file);
}

function hashOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return hash.digest('hex').slice(0, 16);
}

async function removeOthers(cache: string, prefix: string): Promise<void> {
  for (const name of await fs.readdir(cache)) {
    if (name.startsWith(prefix)) await fs.rm(path.join(cache, name), { recursive: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Of several test runs at once one makes them and the others wait. */
async function lockOf(folder: string): Promise<Lock> {
  for (;;) {
    try {
      return await takeLock(folder);
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
    }
    await delay(250);
  }
}
