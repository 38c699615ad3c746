import { setTimeout as delay } from 'node:timers/promises';
import type { AirflowHealth } from './answers.ts';
import type { AirflowClient } from './client.ts';
import type { ComponentName } from './components.ts';
import { AirflowUnreachableError } from './http.ts';

export interface ComponentReport {
  readonly ready: boolean;
  /** What it is doing, or what is wrong with it, in a few words. */
  readonly detail: string;
}

/**
 * Whether a component that was started at `since` (milliseconds) is up, by what the api-server says. A heartbeat of an
 * earlier process doesn't count: the api-server calls it healthy for a while after its death.
 */
export function reportOf(name: ComponentName, health: AirflowHealth, since: number): ComponentReport {
  if (name === 'api-server') {
    return health.database
      ? { ready: true, detail: 'answers' }
      : { ready: false, detail: 'the database does not answer' };
  }
  const { healthy, heartbeat } = health[name];
  if (heartbeat === null || heartbeat < since) return { ready: false, detail: 'starting' };
  return healthy
    ? { ready: true, detail: 'alive' }
    : { ready: false, detail: `no heartbeat since ${new Date(heartbeat).toISOString()}` };
}

export interface WaitOptions {
  /** When the component was started, in milliseconds since the epoch. */
  readonly since: number;
  /** Ends the waiting: `waitUntilReady` then throws the signal's reason. It has no limit of its own. */
  readonly signal: AbortSignal;
  readonly onDetail?: (detail: string) => void;
}

/** Waits until a component is ready; the api-server only is once its execution API has been built (`warmUp`). */
export async function waitUntilReady(
  name: ComponentName,
  client: AirflowClient,
  options: WaitOptions,
): Promise<void> {
  for (;;) {
    const report = await currentReport(name, client, options);
    if (report.ready) break;
    options.onDetail?.(report.detail);
    await delay(200, undefined, { signal: options.signal });
  }
  if (name !== 'api-server') return;
  options.onDetail?.('warming up the execution API');
  await client.warmUp(options.signal);
}

async function currentReport(
  name: ComponentName,
  client: AirflowClient,
  options: WaitOptions,
): Promise<ComponentReport> {
  try {
    return reportOf(name, await client.health(options.signal), options.since);
  } catch (error) {
    if (!(error instanceof AirflowUnreachableError)) throw error;
    return { ready: false, detail: name === 'api-server' ? 'starting' : 'waits for the api-server' };
  }
}
