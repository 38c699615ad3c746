import type { AddressOptions } from '../address.ts';
import type { Credentials } from '../http/authentication.ts';

/** What can be set of a master; milliseconds. */
export interface MasterOptions extends AddressOptions {
  /** Shared with the agents. */
  readonly secret: string;
  /** Who may use the HTTP interface; undefined: everybody who can connect. */
  readonly credentials: Credentials | undefined;
  /** Time between two offer rounds. */
  readonly allocationInterval: number;
  /** Time for an agent to answer a ping. */
  readonly agentPingTimeout: number;
  /** Pings in a row without an answer until an agent counts as unreachable. */
  readonly maxAgentPingTimeouts: number;
  /** Time for the agents of an earlier master to come back. */
  readonly agentReregisterTimeout: number;
  /** Where the registry is kept; undefined: it ends with the master. */
  readonly workDir: string | undefined;
  /** Time until an offer is taken back; undefined: never. */
  readonly offerTimeout: number | undefined;
}

/** Mesos's own defaults. */
export const masterDefaults = {
  host: '127.0.0.1',
  port: 5050,
  advertiseIp: undefined,
  hostname: undefined,
  credentials: undefined,
  allocationInterval: 1000,
  agentPingTimeout: 15_000,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeout: 600_000,
  workDir: undefined,
  offerTimeout: undefined,
} as const;

/** Not configurable in Mesos either. */
export const heartbeatInterval = 15_000;
