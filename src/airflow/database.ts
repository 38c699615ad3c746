import fs from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError } from '../host/errors.ts';
import { readIfThere, writePrivateFile } from '../host/files.ts';
import { sizeOf } from '../host/logFiles.ts';
import { isMarked } from './environment/marker.ts';
import { runProgram } from './program.ts';
import { databaseFile, type AirflowSetup } from './setup.ts';
import { compareVersions } from './versions.ts';

type DatabaseSetup = Pick<AirflowSetup, 'home' | 'python' | 'version'>;

interface DatabaseOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (detail: string) => void;
}

/**
 * Brings the database to the schema of this Airflow. A new one is copied from the environment's template, which the
 * first migration leaves behind; one that this version has migrated already is left alone.
 */
export async function prepareDatabase(
  setup: DatabaseSetup,
  env: Readonly<Record<string, string | undefined>>,
  options: DatabaseOptions,
): Promise<void> {
  const file = databaseFile(setup);
  const note = path.join(setup.home, 'database-version');
  const migrated = (await readIfThere(note))?.trim();
  const exists = (await sizeOf(file)) > 0;
  if (exists && migrated === setup.version) return;
  if (exists && migrated && compareVersions(migrated, setup.version) > 0) {
    throw new ExplainedError(`The database in ${setup.home} is from a newer Airflow (${migrated})`, {
      why: `this is Airflow ${setup.version}, which cannot read it`,
      next: 'Start with a new one: mesos-airflow delete && mesos-airflow up.',
    });
  }
  const template = await templateOf(setup);
  if (!exists && template && (await sizeOf(template)) > 0) {
    options.onProgress?.('copying a new database');
    await copyWhole(template, file);
  } else {
    options.onProgress?.(
      exists ? `migrating the database to Airflow ${setup.version}` : 'making the database',
    );
    await migrate(setup, env, options.signal);
    if (!exists && template && (await sizeOf(`${file}-wal`)) === 0) await copyWhole(file, template);
  }
  await writePrivateFile(note, `${setup.version}\n`);
}

async function migrate(
  setup: DatabaseSetup,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await runProgram(setup.python, ['-m', 'airflow', 'db', 'migrate'], {
    env,
    cwd: setup.home,
    ...(signal ? { signal } : {}),
  });
  if (result.status === 0) return;
  throw new ExplainedError(`Airflow's database could not be made (exit status ${result.status})`, {
    why: result.lastLines.join('\n'),
    next: `Start with a new one: mesos-airflow delete && mesos-airflow up. It lies in ${setup.home}.`,
  });
}

/** Only an environment of our own has one: it is thrown away with it, and so always fits its Airflow. */
async function templateOf(setup: DatabaseSetup): Promise<string | undefined> {
  const environment = path.dirname(path.dirname(setup.python));
  return (await isMarked(environment)) ? path.join(environment, 'airflow-database-template') : undefined;
}

async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}.tmp`;
  try {
    await fs.copyFile(from, partial);
    await fs.chmod(partial, 0o600);
    await fs.rename(partial, to);
  } catch (error) {
    await fs.rm(partial, { force: true });
    throw error;
  }
}
