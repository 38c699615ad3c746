import { createHash, timingSafeEqual } from 'node:crypto';
import { ExplainedError } from '../../host/errors.ts';
import type { Answer } from './reply.ts';
import { text } from './reply.ts';
import type { Handler } from './server.ts';

/** Secrets by principal. */
export type Credentials = ReadonlyMap<string, string>;

/**
 * Reads a credentials file as Mesos does: `principal secret` a line, or `{"credentials":[{"principal","secret"}]}`.
 * Throws ExplainedError; what the file holds is not in it.
 */
export function parseCredentials(content: string): Credentials {
  const trimmed = content.trim();
  const credentials = trimmed.startsWith('{') ? parseJson(trimmed) : parseLines(trimmed);
  if (credentials && credentials.size > 0) return credentials;
  throw new ExplainedError('The credentials cannot be read', {
    why: 'a line is "principal secret"; or the whole is {"credentials":[{"principal":"…","secret":"…"}]}',
    next: 'Correct the file that --credentials names.',
  });
}

function parseLines(content: string): Credentials | undefined {
  const pairs = content.split('\n').map((line) => line.trim().split(/\s+/));
  if (pairs.some((pair) => pair.length !== 2)) return undefined;
  return new Map(pairs.map(([principal = '', secret = '']) => [principal, secret]));
}

function parseJson(content: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  const { credentials } = value as { credentials?: { principal?: unknown; secret?: unknown }[] };
  const pairs = (credentials ?? []).map(({ principal, secret }) => [principal, secret] as const);
  const isPair = (pair: readonly unknown[]): pair is readonly [string, string] =>
    pair.every((part) => typeof part === 'string' && part !== '');
  return pairs.every(isPair) ? new Map(pairs) : undefined;
}

/** Lets only those through who know a principal's secret (HTTP basic authentication), and tells the handler whom. */
export class Authentication {
  readonly #credentials: Credentials | undefined;

  /** No credentials: everybody is let through, as somebody without a name. */
  constructor(credentials: Credentials | undefined) {
    this.#credentials = credentials;
  }

  /** A handler that is reached by the authenticated only. */
  guard(realm: string, handler: Handler): Handler {
    const credentials = this.#credentials;
    if (!credentials) return handler;
    return (request) => {
      const principal = principalOf(request.headers.authorization, credentials);
      return principal === undefined ? unauthorized(realm) : handler({ ...request, principal });
    };
  }
}

function unauthorized(realm: string): Answer {
  return text(401, '401 Unauthorized.', { 'WWW-Authenticate': `Basic realm="${realm}"` });
}

function principalOf(authorization: string | undefined, credentials: Credentials): string | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, principal, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (principal === undefined || secret === undefined) return undefined;
  // An unknown principal is compared too: it takes the same time.
  const expected = credentials.get(principal);
  return isSame(expected ?? '', secret) && expected !== undefined ? principal : undefined;
}

/** In constant time. */
function isSame(a: string, b: string): boolean {
  const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
  return timingSafeEqual(digest(a), digest(b));
}
