import fs from 'node:fs/promises';
import path from 'node:path';
import {
  clusterSpec,
  containerRuntime,
  secretFiles,
  serviceRuntime,
  stoppedItself,
  type ClusterSpec,
  type ContainerRuntime,
  type ServiceRuntime,
  type StoppedItself,
} from '../api/cluster.ts';
import type { Handshake } from '../api/people.ts';
import { codeOf, ExplainedError } from '../host/errors.ts';
import { readIfThere, secretIn } from '../host/files.ts';
import { clusterFolder, userFolders, type ClusterFolder, type UserFolders } from '../host/folders.ts';
import { isAlive } from '../host/processes.ts';
import { ServiceUnreachable } from './errors.ts';
import { proveOurs } from './proveOurs.ts';
import { ServiceClient } from './serviceClient.ts';
import type { ServiceAddress } from './transport.ts';

export interface KnownCluster {
  readonly name: string;
  readonly folder: ClusterFolder;
  /** Null where cluster.json is missing or not understood. */
  readonly spec: ClusterSpec | null;
  /** Of a service that is a process. */
  readonly runtime: ServiceRuntime | null;
  /** Of a service in a container; what it says is believed until a connection fails. */
  readonly container: ContainerRuntime | null;
  /**
   * running: its service lives (in a container: it was not brought down). dead: it did, and was not brought down:
   * `ensureService` starts it again. stopped: brought down, or never up. broken: its cluster.json is not understood.
   */
  readonly state: 'running' | 'dead' | 'stopped' | 'broken';
  /** Where it is stopped because it was idle. */
  readonly stoppedItself?: StoppedItself;
}

/** A service that answered the handshake. */
export interface Connection {
  readonly cluster: KnownCluster;
  readonly client: ServiceClient;
  readonly handshake: Handshake;
}

/** All clusters of this user, by name. */
export async function listClusters(folders: UserFolders = userFolders()): Promise<KnownCluster[]> {
  let names: string[];
  try {
    names = await fs.readdir(path.join(folders.state, 'clusters'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  const found = await Promise.all(names.sort().map((name) => findCluster(name, folders)));
  return found.filter((cluster) => cluster !== undefined);
}

/** The cluster of that name, or the recording that is shown under it; undefined where there is neither. */
export async function findCluster(
  name: string,
  folders: UserFolders = userFolders(),
): Promise<KnownCluster | undefined> {
  // A name becomes part of a path.
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) return undefined;
  const folder = clusterFolder(folders, name);
  const [specText, runtimeText] = await Promise.all([readIfThere(folder.spec), readIfThere(folder.runtime)]);
  if (specText === undefined && !(await isFolder(folder.root))) return undefined;
  const spec = read(clusterSpec, specText);
  const runtime = read(serviceRuntime, runtimeText);
  const container = read(containerRuntime, runtimeText);
  const alive =
    container !== null ||
    (runtime !== null && (await isAlive({ pid: runtime.pid, started: runtime.started })));
  // It was no cluster, and is over: what is left of it is nobody's.
  if (runtime?.recording && !alive) return undefined;
  const down = runtimeText === undefined ? 'stopped' : 'dead';
  const state = alive ? 'running' : spec ? down : 'broken';
  const itself = state === 'stopped' ? read(stoppedItself, await readIfThere(folder.stopped)) : null;
  return { name, folder, spec, runtime, container, state, ...(itself ? { stoppedItself: itself } : {}) };
}

/** A container that is gone refuses at once; a program that took its port and says nothing is not waited for long. */
const containerLimitMs = 5000;

/**
 * Shakes hands with a living service. Throws ServiceUnreachable, ForeignService, ProtocolMismatch, or ExplainedError where
 * it isn't up.
 */
export async function connect(cluster: KnownCluster, signal?: AbortSignal): Promise<Connection> {
  const { container, runtime } = cluster;
  if (cluster.state !== 'running') {
    throw new ExplainedError(`The cluster “${cluster.name}” is not running`, {
      next: 'Start it: mesos-airflow up.',
    });
  }
  const token = await adminToken(cluster);
  const shake = async (address: ServiceAddress, timeoutMs: number): Promise<Connection> => {
    const client = new ServiceClient(address, token);
    return { cluster, client, handshake: await client.handshake({ signal, timeoutMs }) };
  };
  if (container) {
    const address = { url: container.url, container: container.container };
    await proveOurs(cluster.name, address, token, { signal, timeoutMs: containerLimitMs });
    return shake(address, containerLimitMs);
  }
  if (!runtime) throw new Error(`${cluster.name} runs without a runtime`);
  try {
    return await shake({ socket: runtime.socket }, 10_000);
  } catch (error) {
    if (!(error instanceof ServiceUnreachable)) throw error;
    // The socket's folder goes with the person's last session (systemd empties /run/user/<uid>), and the service stays.
    return shake({ url: runtime.url }, 10_000);
  }
}

/** Of a container it is what the engine gave it: one that was made here would open nothing. */
async function adminToken({ container, folder, name }: KnownCluster): Promise<string> {
  const file = path.join(folder.secrets, secretFiles.admin);
  if (!container) return secretIn(file);
  const token = (await readIfThere(file))?.trim();
  if (token) return token;
  throw new ExplainedError(`The token of the cluster “${name}” is missing`, {
    why: `${file} is not there, or empty`,
    next: 'mesos-airflow up gets it from the cluster’s containers again.',
  });
}

function read<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  text: string | undefined,
): T | null {
  if (text === undefined) return null;
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    // Not JSON: as good as not there.
    return null;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await fs.stat(folder)).isDirectory();
  } catch {
    return false;
  }
}
