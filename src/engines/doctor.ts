import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../airflow/environment/python.ts';
import { ExplainedError, messageOf } from '../host/errors.ts';
import type { UserFolders } from '../host/folders.ts';
import { serviceNode } from '../host/node.ts';
import { isPortFree } from '../host/ports.ts';
import { checkFolders, clusterDisk, environmentDisk } from './checks.ts';
import type { EngineName } from './engine.ts';
import { clustersOf } from './list.ts';
import { wantedPorts } from './ports.ts';
import type { ProgramFiles } from './program.ts';

/** One thing that was looked at, with what to do where it lacks. */
export interface Finding {
  readonly name: string;
  /** failed: no cluster can be started. warning: one can, but not quite as expected. */
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly remedy?: string;
  /** The one engine that needs it; without it every engine does. */
  readonly engine?: EngineName;
}

export interface Examination {
  readonly folders: UserFolders;
  readonly program: ProgramFiles;
  readonly env: NodeJS.ProcessEnv;
  readonly python?: string;
  readonly signal: AbortSignal;
}

/** Looks at all that a cluster needs of this machine; what is missing does not keep it from the rest. */
export async function examine(of: Examination): Promise<Finding[]> {
  const { folders, program, env, signal } = of;
  const environments = path.join(folders.cache, 'environments');
  const docker = import('./docker/examine.ts').then(({ examineDocker }) => examineDocker(env, signal));
  const made = fs.existsSync(environments) && fs.readdirSync(environments).length > 0;
  return Promise.all([
    look('System', () => Promise.resolve(system())),
    look(
      'Node for the service',
      async () => ({ detail: await serviceNode(program.packageRoot, env.MESOS_AIRFLOW_NODE) }),
      'embedded',
    ),
    look(
      'Python',
      async () => {
        const python = await findPython({ chosen: of.python, env, needsVenv: false, signal });
        return { detail: `${python.version}, ${python.executable}` };
      },
      'embedded',
    ),
    look('Disk and folders', async () => {
      const needed = { state: clusterDisk, cache: made ? clusterDisk : environmentDisk };
      const free = await checkFolders(folders, needed);
      return { detail: `${(free / 1024).toFixed(1)} GB free; ${folders.state}` };
    }),
    look(
      'Python environment',
      () =>
        Promise.resolve({
          detail: made
            ? `made already, in ${environments}`
            : 'made at the first start: about 1 minute, 300 MB',
        }),
      'embedded',
    ),
    look('Docker', async () => ({ detail: (await docker).engine }), 'docker'),
    // Without one there are none: that was said already.
    ...(await docker.then(
      (found) => [look('Docker resources', async () => ({ detail: await found.resources() }), 'docker')],
      () => [],
    )),
    look('Ports', () => ports(folders)),
    look('Program files', () => Promise.resolve(files(program))),
  ]);
}

type Look = Omit<Finding, 'name' | 'state' | 'engine'> & { readonly state?: Finding['state'] };

async function look(name: string, work: () => Promise<Look>, engine?: EngineName): Promise<Finding> {
  const of = { name, ...(engine ? { engine } : {}) };
  try {
    return { ...of, state: 'ok', ...(await work()) };
  } catch (error) {
    const explained = error instanceof ExplainedError ? error : undefined;
    const detail = [messageOf(error), explained?.why].filter((part) => part !== undefined).join(': ');
    return {
      ...of,
      state: 'failed',
      detail,
      ...(explained?.next === undefined ? {} : { remedy: explained.next }),
    };
  }
}

function system(): Look {
  if (process.platform === 'win32') {
    throw new ExplainedError('Airflow does not run on Windows itself', {
      next: 'Use it inside WSL 2: https://learn.microsoft.com/windows/wsl/install',
    });
  }
  return { detail: `${process.platform} ${process.arch}, Node ${process.versions.node}` };
}

async function ports(folders: UserFolders): Promise<Look> {
  const running = (await clustersOf(folders)).some(({ state }) => state !== 'stopped');
  const wanted = [wantedPorts.master, wantedPorts.airflow];
  const free = await Promise.all(wanted.map((port) => isPortFree(port)));
  const taken = wanted.filter((_, index) => free[index] === false);
  if (taken.length === 0) return { detail: `${wanted.join(' and ')} are free` };
  if (running) return { detail: `${taken.join(' and ')} in use, a cluster of yours runs` };
  return {
    state: 'warning',
    detail: `${taken.join(' and ')} in use by another program`,
    remedy: 'Nothing need be done: others are taken, and named when the cluster starts.',
  };
}

function files(program: ProgramFiles): Look {
  const needed = [
    path.join(program.bundles, 'service.cjs'),
    path.join(program.bundles, 'devmesos.cjs'),
    path.join(program.python, 'airflow_mesos'),
    path.join(program.locks, 'airflow-3.txt'),
  ];
  const missing = needed.filter((file) => !fs.existsSync(file));
  if (missing.length === 0) return { detail: program.bundles };
  throw new ExplainedError(`${missing.join(', ')} missing`, {
    next: 'Build them (npm run build), or install Mesos Airflow anew.',
  });
}
