import type { ServerResponse } from 'node:http';
import { SchedulerClient, type SchedulerClientOptions } from '../../../src/mesos/scheduler.ts';
import type { SchedulerDriverEvents } from '../../../src/mesos/driver.ts';
import type { FrameworkInfo } from '../../../src/mesos/types.ts';
import { until } from '../../support/until.ts';
import { ScriptedServer, type Script } from './scriptedServer.ts';

export const frameworkInfo: FrameworkInfo = {
  user: 'root',
  name: 'probe',
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }],
  failover_timeout: 30,
};

export type Ended = SchedulerDriverEvents['disconnected'][0];

/** A scripted master and a client of it, with what the client told. */
export interface Session {
  master: ScriptedServer;
  client: SchedulerClient;
  subscriptions: SchedulerDriverEvents['subscribed'][0][];
  ended: Ended[];
}

const open: Session[] = [];

/** Starts both; `closeSessions` ends them. Pauses are of milliseconds unless the options say otherwise. */
export async function session(
  script: Script,
  options: Partial<SchedulerClientOptions> = {},
  masters: (master: ScriptedServer) => string[] = (master) => [master.url],
): Promise<Session> {
  const master = await ScriptedServer.start(script);
  const client = new SchedulerClient({
    masters: masters(master),
    frameworkInfo,
    backoff: { firstMs: 1, maxMs: 5 },
    ...options,
  });
  const started: Session = { master, client, subscriptions: [], ended: [] };
  client.on('subscribed', (subscribed) => started.subscriptions.push(subscribed));
  client.on('disconnected', (ended) => started.ended.push(ended));
  open.push(started);
  client.start();
  return started;
}

/** To be called after each test. */
export async function closeSessions(): Promise<void> {
  for (const { client, master } of open.splice(0)) {
    await client.stop();
    await master.stop();
  }
}

export const subscribed = (started: Session, times = 1): Promise<unknown> =>
  until(() => started.subscriptions.length >= times, { everyMs: 1, what: `subscription ${times}` });

/** The next disconnection that is not among the first `after`. */
export const disconnected = (started: Session, after = 0): Promise<Ended> =>
  until(() => started.ended[after], { everyMs: 1, what: `disconnection ${after + 1}` });

/** The answer to the nth SUBSCRIBE, to send events on. */
export const stream = (started: Session, nth = 0): Promise<ServerResponse> =>
  until(() => started.master.streams[nth], { everyMs: 1, what: `SUBSCRIBE ${nth + 1}` });
