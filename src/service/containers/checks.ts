import type { AirflowHealth } from '../../airflow/answers.ts';
import type { AirflowClient } from '../../airflow/client.ts';
import { componentNames, type ComponentName } from '../../airflow/components.ts';
import { componentCheck, ComponentNotReadyError, lackOf } from '../../airflow/health.ts';
import { AirflowUnreachableError } from '../../airflow/http.ts';
import type { DockerSpec, PartCheck } from '../../api/cluster.ts';
import { ExplainedError } from '../../host/errors.ts';
import { Lack } from './lack.ts';
import { Names } from './names.ts';
import { answersOk, canConnect, isThere, placeOf } from './reach.ts';

/** How a part is looked after. Both throw Lack. */
export interface ContainerCheck {
  /** Whether it is in order, for a life that began at `since`. Gives when it certainly was, in milliseconds since the epoch. */
  inOrder(since: number, signal: AbortSignal): Promise<number>;
  /** Whether it is still there, as fast and cheaply as can be told. */
  isThere(signal: AbortSignal): Promise<void>;
}

/** The checks of a cluster's parts, by name. Throws ExplainedError for a component of Airflow that there is not. */
export function checksOf(spec: DockerSpec, airflow: AirflowClient): Map<string, ContainerCheck> {
  const names = new Names();
  const health = new SharedHealth(airflow, (signal) => canConnect(placeOf(spec.airflow.url), names, signal));
  return new Map(
    spec.parts.map(({ name, check }) => [name, checkOf(check, spec, airflow, health, names)] as const),
  );
}

function checkOf(
  check: PartCheck,
  spec: DockerSpec,
  airflow: AirflowClient,
  health: SharedHealth,
  names: Names,
): ContainerCheck {
  if (check.kind === 'http') {
    const place = placeOf(check.url);
    return {
      inOrder: (_since, signal) => begunAt(() => answersOk(check.url, names, signal)),
      isThere: (signal) => canConnect(place, names, signal),
    };
  }
  if (check.kind === 'tcp') {
    return {
      inOrder: (_since, signal) => begunAt(() => canConnect(check, names, signal)),
      isThere: (signal) => canConnect(check, names, signal),
    };
  }
  const component = componentNames.find((name) => name === check.component);
  if (!component) {
    throw new ExplainedError(
      `cluster.json names a component of Airflow that there is not: ${check.component}`,
    );
  }
  if (component === 'api-server') return apiServerCheck(spec.airflow.url, airflow, names);
  const { host } = check;
  return {
    inOrder: (since, signal) => heartbeatOf(component, health, since, signal),
    isThere: (signal) => (host === undefined ? Promise.resolve() : isThere(host, names, signal)),
  };
}

/** What has just answered was in order when it was asked, if not later. */
async function begunAt(check: () => Promise<void>): Promise<number> {
  const at = Date.now();
  await check();
  return at;
}

function apiServerCheck(url: string, airflow: AirflowClient, names: Names): ContainerCheck {
  const place = placeOf(url);
  const check = componentCheck('api-server', airflow);
  return {
    inOrder: async (since, signal) => {
      await canConnect(place, names, signal);
      return begunAt(() => check(since, signal).catch(asLack));
    },
    isThere: (signal) => canConnect(place, names, signal),
  };
}

/** The others beat into Airflow's database, which the api-server reads out: the beat is the sign of life, not its answer. */
async function heartbeatOf(
  component: Exclude<ComponentName, 'api-server'>,
  health: SharedHealth,
  since: number,
  signal: AbortSignal,
): Promise<number> {
  const seen = await health.now(signal).catch(asLack);
  const lack = lackOf(component, seen, since);
  if (lack !== undefined) throw new Lack('silent', lack);
  return seen[component].heartbeat ?? since;
}

function asLack(error: unknown): never {
  if (error instanceof AirflowUnreachableError) throw new Lack('unknown', 'waits for the api-server', error);
  if (error instanceof ComponentNotReadyError) throw new Lack('silent', error.message, error);
  throw error;
}

/** What the api-server says of all components, asked once for all that want to know at the same time. */
class SharedHealth {
  readonly #airflow: AirflowClient;
  readonly #canConnect: (signal: AbortSignal) => Promise<void>;
  #asking: Promise<AirflowHealth> | undefined;

  /** `canConnect` is asked first, since it cannot hang: the system's look-up of a name that nobody knows can. */
  constructor(airflow: AirflowClient, canConnect: (signal: AbortSignal) => Promise<void>) {
    this.#airflow = airflow;
    this.#canConnect = canConnect;
  }

  now(signal: AbortSignal): Promise<AirflowHealth> {
    this.#asking ??= this.#ask(signal).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(signal: AbortSignal): Promise<AirflowHealth> {
    await this.#canConnect(signal).catch((error: unknown) => {
      throw new Lack('unknown', 'waits for the api-server', error);
    });
    return this.#airflow.health(signal);
  }
}
