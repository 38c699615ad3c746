import { connect as connectTo, findCluster, type Connection, type KnownCluster } from '../client/discover.ts';
import { ServiceUnreachable } from '../client/errors.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { whyNoDocker } from '../engines/docker/unavailable.ts';
import type { Engine } from '../engines/engine.ts';
import { checkName } from '../engines/settings.ts';
import { stoppedItselfText } from '../words/stoppedItself.ts';
import type { Context } from './context.ts';
import { engineOf, noSuchCluster } from './engine.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';
import { forName } from './names.ts';

/**
 * The service of a running cluster, for a command that asks it something. One that died is started again, and said so on
 * standard error. Throws CommandError (3) where there is no such cluster, or it was brought down.
 */
export async function connect(context: Context, name: string): Promise<ServiceClient> {
  return (await connection(context, name)).client;
}

export async function connection(context: Context, name: string): Promise<Connection> {
  const { signal } = context.interrupts;
  const cluster = await findCluster(checkName(name), context.folders);
  if (cluster?.runtime?.recording) return connectTo(cluster, signal);
  if (cluster?.container) {
    // Docker is not asked, nor loaded, as long as the service answers where it was.
    try {
      return await connectTo(cluster, signal);
    } catch (error) {
      if (!(error instanceof ServiceUnreachable)) throw error;
    }
  }
  const engine = await engineOf(context, name);
  if (engine.name === 'docker') return connectInDocker(engine, name, cluster, signal);
  if (cluster?.state === 'dead') {
    context.err.line(`The service of ${name} had ended by itself; it is started again.`);
  } else if (cluster?.state !== 'running') {
    throw notRunning(name, cluster);
  }
  return engine.connect(name, signal);
}

async function connectInDocker(
  engine: Engine,
  name: string,
  cluster: KnownCluster | undefined,
  signal: AbortSignal,
): Promise<Connection> {
  try {
    return await engine.connect(name, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (whyNoDocker(error)) throw cluster?.state === 'stopped' ? notRunning(name) : error;
    const listed = (await engine.list(signal)).find((cluster) => cluster.name === name);
    if (!listed) throw noSuchCluster(name);
    if (listed.state === 'stopped') throw notRunning(name);
    throw error;
  }
}

function notRunning(name: string, cluster?: KnownCluster): CommandError {
  const itself = cluster?.stoppedItself;
  return new CommandError(exitCodes.noCluster, `The cluster ${name} is not running`, {
    ...(itself ? { why: `it ${stoppedItselfText(itself)}; its runs are kept` } : {}),
    next: `Start it: mesos-airflow up${forName(name)}`,
  });
}

/** A way to a cluster's service for what takes long: a service that ends meanwhile is started again. */
export class ClusterLink {
  readonly name: string;
  readonly #context: Context;
  #client: ServiceClient;

  private constructor(context: Context, name: string, client: ServiceClient) {
    this.#context = context;
    this.name = name;
    this.#client = client;
  }

  static async to(context: Context, name: string): Promise<ClusterLink> {
    return new ClusterLink(context, name, await connect(context, name));
  }

  get client(): ServiceClient {
    return this.#client;
  }

  /** Asks; where the service does not answer, sees to it that it runs and asks once more. */
  async ask<T>(question: (client: ServiceClient) => Promise<T>): Promise<T> {
    try {
      return await question(this.#client);
    } catch (error) {
      if (!(error instanceof ServiceUnreachable) || this.#context.interrupts.signal.aborted) throw error;
      await this.revive();
      return question(this.#client);
    }
  }

  /** Starts the service again if it died. Throws where the cluster was brought down meanwhile. */
  async revive(): Promise<void> {
    this.#client = await connect(this.#context, this.name);
  }
}
