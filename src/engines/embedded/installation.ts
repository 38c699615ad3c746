import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../host/errors.ts';
import type { ProgramFiles } from '../program.ts';

/** A copy of the program's files that nobody changes: clusters run from it, whatever becomes of the original. */
export interface Installation {
  readonly root: string;
  readonly service: string;
  readonly devmesos: string;
}

/** An installation that no cluster uses is removed once it is this old (milliseconds). */
const keptUnusedMs = 7 * 24 * 3600 * 1000;

/**
 * Copies the bundles, the Python module, the locks, the example DAGs and what images are built from to
 * `<cache>/installations/<hash of all content>/`. An update of the editor or a new build deletes or replaces the original while clusters still run from it.
 * Made beside its place and renamed into it, so that it is whole or not there.
 */
export async function install(program: ProgramFiles, cache: string): Promise<Installation> {
  const files = await filesToInstall(program);
  const hash = createHash('sha256');
  const contents = await Promise.all(files.map(({ from }) => fs.readFile(from)));
  files.forEach(({ to }, index) => {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${to}\0${content.length}\0`).update(content);
  });
  const parent = path.join(cache, 'installations');
  const root = path.join(parent, hash.digest('hex').slice(0, 16));
  const installation = {
    root,
    service: path.join(root, 'service.cjs'),
    devmesos: path.join(root, 'devmesos.cjs'),
  };
  if (await exists(root)) return installation;

  const temporary = path.join(parent, `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    for (const [index, { to }] of files.entries()) {
      const target = path.join(temporary, to);
      await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await fs.writeFile(target, contents[index] ?? '');
    }
    await fs.rename(temporary, root);
  } catch (error) {
    await fs.rm(temporary, { recursive: true, force: true });
    // Another `up` put the same one there meanwhile.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
  return installation;
}

/** Removes old installations but those in `used` (their root folders). */
export async function removeUnused(
  cache: string,
  used: ReadonlySet<string>,
  now = Date.now(),
): Promise<void> {
  const parent = path.join(cache, 'installations');
  const names = await fs.readdir(parent).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const folder = path.join(parent, name);
    if (used.has(folder)) continue;
    const { mtimeMs } = await fs.stat(folder);
    if (now - mtimeMs > keptUnusedMs) await fs.rm(folder, { recursive: true, force: true });
  }
}

interface FileToInstall {
  readonly from: string;
  /** Its path below the installation. */
  readonly to: string;
}

async function filesToInstall(program: ProgramFiles): Promise<FileToInstall[]> {
  const bundles = ['cli.cjs', 'service.cjs', 'devmesos.cjs'].map((to) => ({
    from: path.join(program.bundles, to),
    to,
  }));
  const trees = await Promise.all([
    filesBelow(path.join(program.python, 'airflow_mesos'), 'python/airflow_mesos'),
    filesBelow(program.locks, 'locks'),
    filesBelow(program.exampleDags, 'dags'),
    filesBelow(path.join(program.images, 'airflow', 'image'), 'images/airflow/image'),
    filesBelow(path.join(program.images, 'mesos'), 'images/mesos'),
  ]);
  const dockerfiles = ['airflow/Dockerfile', 'airflow/workspace.Dockerfile'].map((name) => ({
    from: path.join(program.images, name),
    to: `images/${name}`,
  }));
  return [...bundles, ...dockerfiles, ...trees.flat()].sort((a, b) => (a.to < b.to ? -1 : 1));
}

async function filesBelow(folder: string, to: string): Promise<FileToInstall[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<FileToInstall[]> => {
      const from = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name === '__pycache__' ? [] : filesBelow(from, `${to}/${entry.name}`);
      }
      return entry.isFile() ? [{ from, to: `${to}/${entry.name}` }] : [];
    }),
  );
  return found.flat();
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
