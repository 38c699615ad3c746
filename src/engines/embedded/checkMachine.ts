import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../../airflow/environment/python.ts';
import type { ClusterSpec } from '../../api/cluster.ts';
import { ExplainedError } from '../../host/errors.ts';
import { serviceNode } from '../../host/node.ts';
import { checkDagsFolder, checkFolders, clusterDisk, environmentDisk, MachineError } from '../checks.ts';
import type { EmbeddedOptions } from './engine.ts';
import type { UpRequest } from '../engine.ts';
import { usualDagsFolder, workspaceOf } from '../workspace.ts';

const run = promisify(execFile);

/** What was found on this machine. */
export interface Machine {
  /** The Node that runs the service. */
  readonly node: string;
  readonly dagsFolder: string;
  /** The folder whose requirements.txt and .env count; undefined where the DAGs lie elsewhere. */
  readonly workspace: string | undefined;
  /** In a line, for a person. */
  readonly detail: string;
}

/** Looks whether this machine can carry the cluster. Throws MachineError, or another ExplainedError, at the first lack. */
export async function checkMachine(
  request: UpRequest,
  before: ClusterSpec | undefined,
  options: EmbeddedOptions,
  signal: AbortSignal,
): Promise<Machine> {
  if (process.platform === 'win32') {
    throw new MachineError('An embedded cluster needs Linux or macOS', {
      why: 'Airflow does not run on Windows itself',
      next: 'Use it inside WSL 2: https://learn.microsoft.com/windows/wsl/install',
    });
  }
  const { folders, program, env } = options;
  const wanted = request.settings.dagsFolder ?? before?.airflow.dags_folder;
  const dagsFolder = await checkDagsFolder(wanted ?? usualDagsFolder(request.workspace, program.exampleDags));
  const hasEnvironment = fs.existsSync(path.join(folders.cache, 'environments'));
  const free = await checkFolders(folders, {
    state: clusterDisk,
    cache: hasEnvironment ? clusterDisk : environmentDisk,
  });
  const [node, python] = await asMachineErrors(
    Promise.all([
      serviceNode(program.packageRoot, env.MESOS_AIRFLOW_NODE),
      findPython({ chosen: request.python, env, needsVenv: false, signal }),
    ]),
  );
  return {
    node,
    dagsFolder,
    workspace: workspaceOf(dagsFolder, request.workspace),
    detail: `Python ${python.version}, Node ${await nodeVersion(node)}, ${Math.floor(free / 1024)} GB free`,
  };
}

async function asMachineErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    throw new MachineError(error.message, {
      ...(error.why === undefined ? {} : { why: error.why }),
      ...(error.next === undefined ? {} : { next: error.next }),
      cause: error,
    });
  }
}

async function nodeVersion(node: string): Promise<string> {
  if (node === process.execPath) return process.versions.node;
  const { stdout } = await run(node, ['--version'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
  });
  return stdout.trim().replace(/^v/, '');
}
