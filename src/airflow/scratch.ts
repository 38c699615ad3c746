import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../host/files.ts';
import { databaseUrl, isAirflowsOwn, localBundle } from './configuration.ts';
import { prepareDatabase } from './database.ts';
import type { AirflowSetup } from './setup.ts';

export interface ScratchOptions {
  /** What scratch folders lie in; 0700. */
  readonly parent: string;
  readonly setup: Pick<AirflowSetup, 'python' | 'version' | 'dagsFolder' | 'pythonPath' | 'variables'>;
  readonly signal?: AbortSignal;
}

/** What runs a DAG in a scratch Airflow: `<python> -m <module> <args> FILE DAG_ID`, with `env`, none of it secret. */
export interface ScratchAirflow {
  readonly python: string;
  readonly module: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** A folder that nobody came to run, or whose run was killed, is removed after so long. Milliseconds. */
const keptMs = 24 * 3_600_000;

/**
 * Makes an Airflow for one run of one DAG on this machine: an AIRFLOW_HOME and a database of its own, so that nothing of it
 * reaches the cluster, and the workspace's variables in a 0600 file that the run reads and removes
 * (cluster/airflow/airflow_mesos/dagtest.py).
 */
export async function makeScratch({ parent, setup, signal }: ScratchOptions): Promise<ScratchAirflow> {
  await makePrivateFolder(parent);
  await removeOld(parent);
  const folder = await fs.mkdtemp(path.join(parent, 'dag-'));
  try {
    const env = { ...personsOwn(setup.variables), ...ours(setup, folder) };
    await writePrivateFile(path.join(folder, 'airflow.cfg'), configuration());
    const { python, version } = setup;
    await prepareDatabase(
      { home: folder, python, version },
      { ...process.env, ...env },
      {
        ...(signal ? { signal } : {}),
      },
    );
    await writePrivateFile(path.join(folder, 'environment.json'), JSON.stringify(env));
    const pythonPath = [setup.pythonPath, setup.variables.PYTHONPATH].filter((part) => part);
    return {
      ...{ python, folder },
      module: 'airflow_mesos.dagtest',
      args: [folder],
      env: { PYTHONPATH: pythonPath.join(path.delimiter), PYTHONUTF8: '1' },
    };
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function ours(setup: ScratchOptions['setup'], home: string): Record<string, string> {
  return {
    AIRFLOW_HOME: home,
    AIRFLOW_CONFIG: path.join(home, 'airflow.cfg'),
    AIRFLOW__CORE__DAGS_FOLDER: setup.dagsFolder,
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: 'False',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: databaseUrl({ home }, 30),
    AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: localBundle,
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: path.join(home, 'logs'),
    AIRFLOW__LOGGING__COLORED_CONSOLE_LOG: 'False',
  };
}

/** Keys of its own: the cluster's are nobody's who debugs. */
function configuration(): string {
  return [
    '[core]',
    `fernet_key = ${randomBytes(32).toString('base64url')}=`,
    '[api]',
    `secret_key = ${randomBytes(32).toString('base64url')}`,
    '[api_auth]',
    `jwt_secret = ${randomBytes(64).toString('base64url')}`,
    '',
  ].join('\n');
}

/** All but what would lead to the cluster, or out of the scratch. */
function personsOwn(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !isAirflowsOwn(name) && name !== 'PYTHONPATH'),
  );
}

async function removeOld(parent: string): Promise<void> {
  for (const name of await fs.readdir(parent)) {
    const folder = path.join(parent, name);
    const { mtimeMs } = await fs.stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (name.startsWith('dag-') && Date.now() - mtimeMs > keptMs) {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }
}
