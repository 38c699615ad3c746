import type { AirflowHealth } from './answers.ts';
import { AirflowHttpError, type AirflowClient } from './client.ts';
import type { ComponentName } from './components.ts';
import { AirflowUnreachableError } from './http.ts';

/** Asks whether a component is in order; throws what it lacks. */
export type ComponentCheck = (since: number, signal: AbortSignal) => Promise<void>;

/** What a component lacks, in a few words: `message` is fit for a person. */
export class ComponentNotReadyError extends Error {
  readonly component: ComponentName;
  constructor(component: ComponentName, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ComponentNotReadyError';
    this.component = component;
  }
}

/**
 * A check for a component, to be called again and again with the time (in milliseconds) at which its present process was
 * started. The api-server passes once it has built its execution API, for which the first check waits (some 9 s). The
 * others are known by the heartbeats that the api-server reports: while that is away, one that had been up passes.
 */
export function componentCheck(name: ComponentName, client: AirflowClient): ComponentCheck {
  /** The process that has passed before, by its start. */
  let passed: number | undefined;
  return async (since, signal) => {
    let health: AirflowHealth;
    try {
      health = await client.health(signal);
    } catch (error) {
      if (!(error instanceof AirflowUnreachableError)) throw error;
      if (name === 'api-server') throw new ComponentNotReadyError(name, 'does not answer yet', error);
      if (passed === since) return;
      throw new ComponentNotReadyError(name, 'waits for the api-server', error);
    }
    const lack = lackOf(name, health, since);
    if (lack !== undefined) throw new ComponentNotReadyError(name, lack);
    if (name === 'api-server' && passed !== since) {
      await checkOurs(client);
      await client.warmUp(signal);
    }
    passed = since;
  };
}

/** Another Airflow may have got the port between its choice and the start: it refuses our password. */
async function checkOurs(client: AirflowClient): Promise<void> {
  try {
    await client.token(true);
  } catch (error) {
    if (!(error instanceof AirflowHttpError) || error.status !== 401) throw error;
    throw new ComponentNotReadyError('api-server', 'another Airflow answers on its port', error);
  }
}

/**
 * What a component that was started at `since` (milliseconds) lacks, by what the api-server says; undefined: nothing. A
 * heartbeat of an earlier process doesn't count: the api-server calls it healthy for a while after its death.
 */
export function lackOf(name: ComponentName, health: AirflowHealth, since: number): string | undefined {
  if (name === 'api-server') return health.database ? undefined : 'its database does not answer';
  const { healthy, heartbeat } = health[name];
  if (heartbeat === null || heartbeat < since) return 'no heartbeat yet';
  return healthy ? undefined : `no heartbeat since ${new Date(heartbeat).toISOString()}`;
}
