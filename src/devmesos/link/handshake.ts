import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

// Master and agent prove to each other that they hold the same secret, without sending it: who listens on the master's port
// could otherwise have an agent run anything, and who connects to the master could take over tasks.

/** A fresh challenge. */
export function makeNonce(): string {
  return randomBytes(24).toString('base64url');
}

/** What proves that `side` holds the secret, for the two challenges of this connection. */
export function proofOf(
  side: 'master' | 'agent',
  secret: string,
  agentNonce: string,
  masterNonce: string,
): string {
  return createHmac('sha256', secret).update(`${side}\n${agentNonce}\n${masterNonce}`).digest('base64url');
}

/** Compares in constant time. */
export function isSameProof(expected: string, received: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(received);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Where an agent CONNECTs to on the master's port. CONNECT, since no Mesos client uses it; an Upgrade would be taken for ours
 * where a client only offers HTTP/2.
 */
export const linkTarget = 'dev-mesos-link:1';
export const nonceHeader = 'dev-mesos-nonce';
export const proofHeader = 'dev-mesos-proof';
