import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { CheckInfo, CheckStatusInfo, CommandInfo, HealthCheck } from '../../../mesos/types.ts';
import { signalGroup } from '../../../host/processes.ts';
import { exitText } from '../exitText.ts';
import { openOutputs } from '../outputs.ts';
import { spawnAs, wordsOf } from '../spawnAs.ts';
import type { TaskUser } from '../userSwitch.ts';

/** Redirections that are followed, as many as curl does. */
const mostRedirects = 50;

/** Where a task runs, and so its checks. */
export interface CheckPlace {
  readonly sandbox: string;
  /** The task's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: TaskUser | undefined;
  /** Groups by which its processes are known. */
  readonly marks: readonly number[];
}

/** What is asked of a task. */
export type Probe =
  | { readonly type: 'COMMAND'; readonly command: CommandInfo }
  | { readonly type: 'HTTP'; readonly url: string }
  | { readonly type: 'TCP'; readonly host: string; readonly port: number };

/** Undefined: of no type that there is. */
export function probeOf({ type, command, http: web, tcp }: CheckInfo): Probe | undefined {
  if (type === 'COMMAND' && command) return { type, command: command.command };
  if (type === 'HTTP' && web) return { type, url: `http://127.0.0.1:${web.port}${web.path ?? ''}` };
  if (type === 'TCP' && tcp) return { type, host: '127.0.0.1', port: tcp.port };
  return undefined;
}

/** Undefined: of no type that there is. */
export function healthProbeOf({ type, command, http: web, tcp }: HealthCheck): Probe | undefined {
  const hostOf = (protocol: string | undefined): string => (protocol === 'IPv6' ? '::1' : '127.0.0.1');
  if (type === 'COMMAND' && command) return { type, command };
  if (type === 'HTTP' && web) {
    const host = web.protocol === 'IPv6' ? '[::1]' : '127.0.0.1';
    return { type, url: `${web.scheme ?? 'http'}://${host}:${web.port}${web.path ?? ''}` };
  }
  if (type === 'TCP' && tcp) return { type, host: hostOf(tcp.protocol), port: tcp.port };
  return undefined;
}

/** The status of a check that has told nothing yet. */
export function uncheckedStatus(check: CheckInfo | undefined): CheckStatusInfo | undefined {
  if (check?.type === undefined || check.type === 'UNKNOWN') return undefined;
  return { type: check.type, [check.type.toLowerCase()]: {} };
}

/** Asks once. Rejects where nothing could be found out; with the signal's reason where that came first. */
export async function ask(probe: Probe, place: CheckPlace, signal: AbortSignal): Promise<CheckStatusInfo> {
  switch (probe.type) {
    case 'COMMAND':
      return { type: 'COMMAND', command: { exit_code: await exitCodeOf(probe.command, place, signal) } };
    case 'HTTP':
      return { type: 'HTTP', http: { status_code: await statusCodeOf(probe.url, signal) } };
    case 'TCP':
      return { type: 'TCP', tcp: { succeeded: await isListening(probe.host, probe.port, signal) } };
  }
}

/** What it writes goes to the sandbox's `stderr`. */
async function exitCodeOf(command: CommandInfo, place: CheckPlace, signal: AbortSignal): Promise<number> {
  const { sandbox, user, marks } = place;
  const own = (command.environment?.variables ?? []).map(({ name, value = '' }) => [name, value] as const);
  const env = { ...place.env, ...Object.fromEntries(own) };
  const { stdout, stderr } = openOutputs(sandbox, user);
  try {
    const stdio = ['ignore' as const, stderr, stderr];
    const child = spawnAs(wordsOf(command), user, marks, { cwd: sandbox, env, detached: true, stdio });
    const end = (): void => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    };
    signal.addEventListener('abort', end);
    try {
      return await new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, killed) => {
          if (signal.aborted) reject(signal.reason as Error);
          else if (code === null) reject(new Error(exitText({ code, signal: killed })));
          else resolve(code);
        });
      });
    } finally {
      signal.removeEventListener('abort', end);
    }
  } finally {
    fs.closeSync(stdout);
    fs.closeSync(stderr);
  }
}

async function statusCodeOf(url: string, signal: AbortSignal): Promise<number> {
  let where = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const { status, location } = await get(where, signal);
    if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, where))
      return status;
    const next = new URL(location, where);
    if (!/^https?:$/.test(next.protocol)) return status;
    where = next.href;
  }
  throw new Error('Number of redirects hit maximum amount');
}

function get(url: string, signal: AbortSignal): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { Accept: '*/*' };
    // Whoever a task is to itself, it need not prove.
    const options = { agent: false, signal, headers, rejectUnauthorized: false };
    const request = (url.startsWith('https:') ? https : http).get(url, options, (answer) => {
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location });
      answer.destroy();
    });
    request.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
  });
}

function isListening(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => (signal.aborted ? reject(signal.reason as Error) : resolve(false)));
  });
}
