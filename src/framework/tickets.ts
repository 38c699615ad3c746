import { createHash, randomBytes } from 'node:crypto';

/** A new secret: 32 random bytes, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What the store keeps of a secret. Secrets are 256 random bits, so a plain hash can't be guessed back, and looking one
 * up by its hash tells by its timing nothing of use.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
