import { createHmac } from 'node:crypto';

/** What a service answers to a challenge: only who has the cluster's admin token can make it, and it tells nothing of it. */
export function identityProof(adminToken: string, cluster: string, challenge: string): string {
  return createHmac('sha256', adminToken)
    .update(`mesos-airflow identity\n${cluster}\n${challenge}`)
    .digest('base64url');
}
