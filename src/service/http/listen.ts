import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { codeOf, ExplainedError } from '../../host/errors.ts';
import { makePrivateFolder } from '../../host/files.ts';
import type { UserFolders } from '../../host/folders.ts';
import type { RequestHandler } from './handler.ts';

export interface Listener {
  readonly port: number;
  /** Takes no more requests and cuts those that are open. */
  close(): Promise<void>;
}

export interface Listeners extends Listener {
  readonly socket: string;
  readonly url: string;
}

/** sun_path holds 104 bytes on macOS and 108 on Linux, its end mark included. */
const longestSocketPath = 100;

/** Where the socket of a cluster lies: short and always the same, by a hash of the cluster's folder. */
export function socketPath(folders: UserFolders, clusterRoot: string): string {
  const hash = createHash('sha256').update(path.resolve(clusterRoot)).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\mesos-airflow-${hash}`;
  const wanted = path.join(folders.runtime, `${hash}.sock`);
  if (Buffer.byteLength(wanted) < longestSocketPath) return wanted;
  return path.join('/tmp', `mesos-airflow-${os.userInfo().uid}`, `${hash}.sock`);
}

/**
 * Listens on a Unix socket (0600, in a folder of the user's own) and on loopback TCP. The caller holds the cluster's lock,
 * so that a socket which is there is a dead service's.
 */
export async function listenBoth(
  handler: RequestHandler,
  at: { readonly socket: string; readonly port: number },
): Promise<Listeners> {
  const tcp = makeServer(handler);
  const local = makeServer(handler);
  await listenAt(tcp, { port: at.port, host: '127.0.0.1' });
  try {
    if (process.platform !== 'win32') {
      await privateSocketFolder(path.dirname(at.socket));
      await fs.rm(at.socket, { force: true });
    }
    await listen(local.server, { path: at.socket });
    if (process.platform !== 'win32') await fs.chmod(at.socket, 0o600);
  } catch (error) {
    await close(tcp);
    throw error;
  }
  const port = portOf(tcp) ?? at.port;
  return {
    socket: at.socket,
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      await Promise.all([close(tcp), close(local)]);
    },
  };
}

/** Listens on all addresses of a container: on the cluster's network, and on what the engine publishes of it. */
export async function listenInContainer(handler: RequestHandler, port: number): Promise<Listener> {
  const server = makeServer(handler);
  await listenAt(server, { port, host: '0.0.0.0' });
  return { port: portOf(server) ?? port, close: () => close(server) };
}

async function listenAt({ server }: Server, at: { port: number; host: string }): Promise<void> {
  try {
    await listen(server, at);
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new ExplainedError(`Port ${at.port} of this machine is taken`, {
      why: 'another program listens where this cluster’s service has its address',
      next: 'End that program, or bring the cluster down and up again: it then takes another port.',
      cause: error,
    });
  }
}

function portOf({ server }: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : undefined;
}

/** A server, and the connections that are no longer its own to cut. */
interface Server {
  readonly server: http.Server;
  readonly upgraded: ReadonlySet<Socket>;
}

function makeServer(handler: RequestHandler): Server {
  const server = http.createServer((request, response) => handler(request, response));
  const upgraded = new Set<Socket>();
  server.on('upgrade', (request, connection: Socket, first) => {
    upgraded.add(connection);
    connection.once('close', () => upgraded.delete(connection));
    connection.on('error', () => connection.destroy());
    // As for any other request; what is wrong with it is answered in HTTP, and the connection then closed.
    const response = new http.ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(connection);
    response.once('finish', () => connection.end());
    handler(request, response, { connection, first });
  });
  // Longer than any client of ours keeps an idle connection, or a request would race with its closing.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 60_000;
  return { server, upgraded };
}

async function listen(
  server: http.Server,
  options: { port: number; host: string } | { path: string },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close({ server, upgraded }: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  for (const connection of upgraded) connection.destroy();
  await closed;
}

/** In a shared folder (/tmp) somebody else may have made it before us. */
async function privateSocketFolder(folder: string): Promise<void> {
  await makePrivateFolder(folder);
  const { uid, mode } = await fs.lstat(folder);
  if (uid === os.userInfo().uid && (mode & 0o077) === 0) return;
  if (uid === os.userInfo().uid) {
    await fs.chmod(folder, 0o700);
    return;
  }
  throw new ExplainedError(`The folder ${folder} belongs to another user`, {
    why: 'the service’s socket must lie where only you can reach it',
    next: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
  });
}
