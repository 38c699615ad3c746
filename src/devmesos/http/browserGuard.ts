import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './reply.ts';
import { text } from './reply.ts';

/**
 * Keeps web pages away from a master or agent on loopback. Mesos's endpoints need no login by default, and a page that a
 * developer opens can make the browser call 127.0.0.1: straight (`Origin`, `Sec-Fetch-Site` tell), or under a name of its
 * own that points there (`Host` tells). Programs send none of these.
 */
export function browserError(headers: IncomingHttpHeaders, listeningOn: string): Answer | undefined {
  if (!isLoopback(listeningOn)) return undefined;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin') return refused('from another site');
  const origin = headers.origin;
  if (origin !== undefined && (!URL.canParse(origin) || !isLoopback(new URL(origin).hostname))) {
    return refused('from another origin');
  }
  const host = headers.host;
  if (
    host !== undefined &&
    URL.canParse(`http://${host}`) &&
    !isLoopback(new URL(`http://${host}`).hostname)
  ) {
    return refused(`to a host called ${host}`);
  }
  return undefined;
}

function refused(what: string): Answer {
  return text(403, `Requests ${what} are refused: this listens for programs of this machine only.`);
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/.test(name) ||
    name === '::1' ||
    name === '[::1]'
  );
}
