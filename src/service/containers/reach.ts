import http from 'node:http';
import net from 'node:net';
import { codeOf } from '../../host/errors.ts';
import { Lack } from './lack.ts';
import type { Found, Names } from './names.ts';

/** A port on the cluster's network. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const connectMs = 1000;
const answerMs = 5000;

/** What the network itself says where nobody listens, or the container is gone. */
const goneCodes = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH']);

export function placeOf(url: string): Place {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) || 80 };
}

/** Connects and hangs up. Throws Lack: gone where nothing listens, silent where no answer comes within a second. */
export async function canConnect({ host, port }: Place, names: Names, signal: AbortSignal): Promise<void> {
  const found = await names.addressOf(host);
  await knock(found.address, port, signal).catch((error: unknown) => {
    throw lackOf(error, `${host}:${port}`, found);
  });
}

// Nothing of ours listens there: a living container refuses, a dead one cannot.
const closedPort = 9;

/** Whether a container runs at all, by its name and a port of it that nobody listens on. Throws Lack. */
export async function isThere(host: string, names: Names, signal: AbortSignal): Promise<void> {
  const found = await names.addressOf(host);
  await knock(found.address, closedPort, signal).catch((error: unknown) => {
    if (codeOf(error) === 'ECONNREFUSED') return;
    throw lackOf(error, host, found);
  });
}

/** A GET that must be answered with 200. Throws Lack. */
export async function answersOk(url: string, names: Names, signal: AbortSignal): Promise<void> {
  const place = placeOf(url);
  const found = await names.addressOf(place.host);
  const { pathname, search } = new URL(url);
  const at = { ...place, address: found.address, path: pathname + search };
  const status = await get(at, signal).catch((error: unknown) => {
    throw lackOf(error, url, found);
  });
  if (status !== 200) throw new Lack('silent', `${url} answers ${status}`);
}

function lackOf(error: unknown, place: string, { current }: Found): Lack {
  const code = codeOf(error);
  // Where neither its name nor its old address answers, that is no slow container.
  if (!current || (code !== undefined && goneCodes.has(code)))
    return new Lack('gone', `nothing answers at ${place}`, error);
  return new Lack('silent', `no answer from ${place}`, error);
}

function knock(address: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port, signal });
    socket.setTimeout(connectMs, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

function get(at: Place & { address: string; path: string }, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        host: at.address,
        port: at.port,
        path: at.path,
        headers: { Host: `${at.host}:${at.port}` },
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      },
      (response) => {
        response.resume();
        response.once('error', reject);
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    request.once('error', reject);
  });
}
