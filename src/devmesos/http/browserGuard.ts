import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../address.ts';
import type { Answer } from './reply.ts';
import { text } from './reply.ts';

/**
 * Keeps web pages away from a master or agent. Mesos's endpoints need no login by default, and a page that a developer
 * opens can make the browser call 127.0.0.1: straight (`Origin`, `Sec-Fetch-Site` tell), or under a name of its own that
 * points there (`Host` tells). Programs send none of these. Who listens for others than this machine has a login, and may
 * be called by any name.
 */
export function browserError(headers: IncomingHttpHeaders, listeningOn: string): Answer | undefined {
  const ownOnly = isLoopback(listeningOn);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin')
    return refused('from another site', ownOnly);
  const origin = headers.origin;
  const host = headers.host;
  if (origin !== undefined && !isOwnOrigin(origin, ownOnly ? undefined : host)) {
    return refused('from another origin', ownOnly);
  }
  if (
    ownOnly &&
    host !== undefined &&
    URL.canParse(`http://${host}`) &&
    !isLoopback(new URL(`http://${host}`).hostname)
  ) {
    return refused(`to a host called ${host}`, ownOnly);
  }
  return undefined;
}

/** Of loopback any origin there will do, since ports differ; else it must be the very one that was called. */
function isOwnOrigin(origin: string, called: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, hostname } = new URL(origin);
  return called === undefined ? isLoopback(hostname) : host === called;
}

function refused(what: string, ownOnly: boolean): Answer {
  const audience = ownOnly ? 'programs of this machine only' : 'programs, not for web pages';
  return text(403, `Requests ${what} are refused: this listens for ${audience}.`);
}
