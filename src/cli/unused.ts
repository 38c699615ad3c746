import { setTimeout as delay } from 'node:timers/promises';
import { connect, findCluster } from '../client/discover.ts';
import { ForeignService, ServiceUnreachable } from '../client/errors.ts';
import { isBeingBroughtUp } from '../client/startRecord.ts';
import type { Context } from './context.ts';

/** Between two looks. Milliseconds. */
const lookMs = 500;
/** How long the service may take to say who follows it. Milliseconds. */
const answerMs = 5000;

/**
 * How many follow a cluster after so many seconds; 0: nobody does, or it does not run. Returns as soon as somebody comes.
 * Whoever followed it at first may be about to leave (a window that is being closed), or to come back (one that is
 * reloaded): so one look is not enough. While somebody brings it up the seconds do not begin.
 */
export async function clientsAfter(context: Context, name: string, seconds: number): Promise<number> {
  const { signal } = context.interrupts;
  let until = performance.now() + seconds * 1000;
  let before = Infinity;
  for (;;) {
    const cluster = await findCluster(name, context.folders);
    if (cluster && (await isBeingBroughtUp(cluster.folder))) until = performance.now() + seconds * 1000;
    const clients = await clientsNow(context, name);
    if (clients > before || performance.now() >= until) return clients;
    before = clients;
    await delay(Math.min(lookMs, Math.max(1, until - performance.now())), undefined, { signal });
  }
}

/** A service that died is not started again for it: nobody follows it. */
async function clientsNow(context: Context, name: string): Promise<number> {
  const { signal } = context.interrupts;
  const cluster = await findCluster(name, context.folders);
  if (cluster?.state !== 'running') return 0;
  try {
    const { client } = await connect(cluster, signal);
    return (await client.clients({ signal, timeoutMs: answerMs })).clients;
  } catch (error) {
    if (error instanceof ServiceUnreachable || error instanceof ForeignService) return 0;
    throw error;
  }
}
