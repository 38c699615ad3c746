import { connect as connectTo, findCluster, type Connection } from '../client/discover.ts';
import { ServiceUnreachable } from '../client/errors.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { ensureService } from '../client/start.ts';
import { checkName } from '../engines/settings.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';

/**
 * The service of a running cluster, for a command that asks it something. One that died is started again, and said so on
 * standard error. Throws CommandError (3) where there is no such cluster, or it was brought down.
 */
export async function connect(context: Context, name: string): Promise<ServiceClient> {
  return (await connection(context, name)).client;
}

export async function connection(context: Context, name: string): Promise<Connection> {
  const { folders } = context;
  const cluster = await findCluster(checkName(name), folders);
  if (!cluster) throw noSuchCluster(name);
  if (cluster.state === 'dead') {
    context.err.line(`The service of ${name} had ended by itself; it is started again.`);
    return ensureService(name, { folders, signal: context.interrupts.signal });
  }
  if (cluster.state !== 'running') {
    throw new CommandError(exitCodes.noCluster, `The cluster ${name} is not running`, {
      next: `Start it: mesos-airflow up${forName(name)}`,
    });
  }
  return connectTo(cluster, context.interrupts.signal);
}

export function noSuchCluster(name: string): CommandError {
  return new CommandError(exitCodes.noCluster, `There is no cluster called ${name}`, {
    next: `Start one: mesos-airflow up${forName(name)}. Those that there are: mesos-airflow list`,
  });
}

/** ` --name NAME` where a command needs it. */
export function forName(name: string): string {
  return name === 'default' ? '' : ` --name ${name}`;
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
