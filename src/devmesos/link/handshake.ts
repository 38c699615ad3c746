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

export const linkPath = '/dev-mesos/agent';
export const linkProtocol = 'dev-mesos-link-1';
export const nonceHeader = 'dev-mesos-nonce';
export const proofHeader = 'dev-mesos-proof';
