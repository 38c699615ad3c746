import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What an executor proves itself with, where the agent wants a login: only its own process is told. */
export function makeExecutorToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The token in `Authorization: Bearer …`; empty where there is none. */
export function bearerToken(authorization: string | undefined): string {
  return /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
}

/** In constant time. */
export function isSameToken(expected: string, given: string): boolean {
  const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
