import type { Attribute, Resource } from '../../mesos/types.ts';
import type { AddressOptions } from '../address.ts';
import type { Credentials } from '../http/authentication.ts';

export const containerizerNames = ['docker', 'mesos'] as const;
export type ContainerizerName = (typeof containerizerNames)[number];

/** What can be set of an agent; milliseconds. */
export interface AgentOptions extends AddressOptions {
  readonly name: string;
  /** The master's address, `http://host:port`. */
  readonly master: string;
  /** Shared with the master. */
  readonly secret: string;
  readonly workDir: string;
  /** Whether tasks run as the users that they name: takes an agent that is root. */
  readonly switchUser: boolean;
  /** What runs tasks. */
  readonly containerizers: readonly ContainerizerName[];
  /** Of the Docker Engine, for `docker`: a socket's path, or an address as DOCKER_HOST has it; undefined: as Docker's client finds it. */
  readonly dockerSocket: string | undefined;
  /** Who may use the HTTP interface; undefined: everybody who can connect. */
  readonly credentials: Credentials | undefined;
  /** The Python that gives sessions a terminal; undefined: `python3` in the search path. */
  readonly terminalPython: string | undefined;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  /** First wait before an update that isn't acknowledged is sent again; doubles up to the longest. */
  readonly updateRetry: number;
  readonly longestUpdateRetry: number;
  /** Time between SIGTERM and SIGKILL where neither the task nor the kill names one. */
  readonly killGrace: number;
  /** How long a custom executor may take to subscribe. */
  readonly executorRegistrationTimeout: number;
  /** How long one may take to subscribe again to an agent that was started anew. */
  readonly executorReregistrationTimeout: number;
  /** Time between SHUTDOWN and SIGKILL where an executor names none. */
  readonly executorShutdownGrace: number;
  /** Bytes of the files that are kept because tasks' URIs name them with `cache`. */
  readonly fetcherCacheSize: number;
  /** Time without a byte after which the fetcher gives a download up. */
  readonly fetcherStallTimeout: number;
  /** The same when the agent itself ends. */
  readonly stopGrace: number;
}

export const agentDefaults = {
  host: '127.0.0.1',
  port: 5051,
  switchUser: true,
  containerizers: ['mesos'] as readonly ContainerizerName[],
  updateRetry: 10_000,
  longestUpdateRetry: 600_000,
  killGrace: 3000,
  executorRegistrationTimeout: 60_000,
  executorReregistrationTimeout: 2000,
  executorShutdownGrace: 5000,
  fetcherCacheSize: 2 * 2 ** 30,
  fetcherStallTimeout: 60_000,
  stopGrace: 2000,
} as const;
