import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from './problem.ts';
import type { Access } from './route.ts';

/** The tokens that open the service, and what each opens. */
export interface Doors {
  /** Everything. */
  readonly admin: string;
  /** What lies below deployments/{deployment}/ of one deployment. */
  readonly airflow: { readonly token: string; readonly deployment: string };
  /** Names by which the service is called, beside those of loopback. */
  readonly hosts?: readonly string[];
}

/** Passes, or throws: 401 without a token that is known here, 403 with one that does not open this door. */
export function passDoor(
  doors: Doors,
  access: Access,
  authorization: string | undefined,
  deployment: string | undefined,
): void {
  if (access === 'open') return;
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
  const isAdmin = token !== undefined && same(token, doors.admin);
  const isAirflow = token !== undefined && same(token, doors.airflow.token);
  if (isAdmin) return;
  if (!isAirflow) {
    throw new HttpProblem(
      401,
      {
        error: 'This address needs a token',
        why:
          token === undefined
            ? 'no bearer token came with the request'
            : 'the token is not one of this cluster',
        next: "Send `Authorization: Bearer …` with a token from the cluster's secrets folder.",
      },
      { 'WWW-Authenticate': 'Bearer' },
    );
  }
  if (access !== 'deployment' || deployment !== doors.airflow.deployment) {
    throw new HttpProblem(403, {
      error: "Airflow's token does not open this address",
      why: `it opens what lies below /v1/deployments/${doors.airflow.deployment}/ only`,
    });
  }
}

/** In constant time, whatever the lengths. */
function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses a request whose `Host` is not one of the service's own names: a page of a foreign site, whose name was made to
 * resolve to loopback (DNS rebinding), would carry that site's name.
 */
export function checkHost(host: string | undefined, more: readonly string[] = []): void {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (loopbackHosts.includes(name) || more.includes(name)) return;
  throw new HttpProblem(403, {
    error: 'The service does not answer to this host name',
    why: `it is reached as ${['127.0.0.1', 'localhost', ...more].join(' or ')}`,
  });
}
