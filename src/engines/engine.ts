import type { ClusterView } from '../api/people.ts';
import type { Connection } from '../client/discover.ts';
import type { Progress } from './phases.ts';
import type { ListedCluster } from './list.ts';
import type { ClusterSettings } from './settings.ts';

export type EngineName = 'embedded' | 'docker';

/** What an engine can do, for those who offer choices to a person. */
export interface EngineCapabilities {
  /** It starts Mesos itself, so the number and size of agents can be chosen. */
  readonly startsMesos: boolean;
  /** It starts Airflow itself, so the DAG folder can be chosen. */
  readonly startsAirflow: boolean;
}

export interface UpRequest {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** The person's folder: its requirements.txt and .env are taken for the cluster where the DAG folder lies inside it. */
  readonly workspace: string;
  /** A Python interpreter that the person has chosen; without it one is looked for. */
  readonly python?: string;
}

export interface Watch {
  readonly progress: Progress;
  /** Aborted: what is under way is given up and rolled back. */
  readonly signal: AbortSignal;
}

export interface UpResult {
  readonly cluster: ClusterView;
  /** It ran already, and nothing was started. */
  readonly joined: boolean;
}

/** What a person is told before a cluster is deleted. */
export interface Holdings {
  /** A line for each kind of thing that goes, with its size where it is known. */
  readonly goes: readonly string[];
  /** A line for each that stays. */
  readonly stays: readonly string[];
}

/** What was made for clusters and outlives them, so that the next one starts sooner. */
export interface Leftover {
  readonly name: string;
  readonly bytes: number;
}

/** What became of one part, as it happens. */
export interface PartIncident {
  readonly part: string;
  readonly state: 'running' | 'restarting' | 'exited';
  /** How it ended, in a sentence: exit status, memory, signal. */
  readonly detail: string;
  readonly lastLines: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface DeleteOptions {
  /** Images that were built for clusters stay, for the next one. Default: those that no other cluster uses go. */
  readonly keepImages?: boolean;
}

/**
 * Brings clusters up and down. Every call can be repeated: `up` of a running cluster joins it, `down` and `delete` of one
 * that is down or gone do nothing. A failed or aborted `up` ends everything that it started and keeps the logs.
 */
export interface Engine {
  readonly name: EngineName;
  readonly capabilities: EngineCapabilities;
  up(request: UpRequest, watch: Watch): Promise<UpResult>;
  /** Ends the cluster in order. Returns whether anything ran. */
  down(name: string, watch: Watch): Promise<boolean>;
  /** Ends it and removes all that it has. Returns whether there was anything. */
  delete(name: string, watch: Watch, options?: DeleteOptions): Promise<boolean>;
  /** Ends all of its processes at once, for a person who will not wait. */
  kill(name: string): Promise<void>;
  /**
   * Why this engine can start no cluster here, for who may take another one: a sentence without its full stop. Undefined:
   * nothing that shows at a glance; a missing method: it always can.
   */
  lack?(signal: AbortSignal): Promise<string | undefined>;
  /** The clusters of this engine, running or not. Throws where the engine cannot be asked. */
  list(signal: AbortSignal): Promise<ListedCluster[]>;
  /** What `delete` with these options would remove; undefined where there is no such cluster. */
  holdings(name: string, signal: AbortSignal, options?: DeleteOptions): Promise<Holdings | undefined>;
  /** What would be left of what this engine keeps for the next cluster once those in `gone` were deleted; missing: nothing. */
  leftovers?(gone: ReadonlySet<string>, signal: AbortSignal): Promise<readonly Leftover[]>;
  /** Removes what no cluster that there is needs. Returns how many things went. */
  removeLeftovers?(signal: AbortSignal): Promise<number>;
  /** Connects to the cluster's service, and starts it again where it died by itself. One that was brought down stays down. */
  connect(name: string, signal: AbortSignal): Promise<Connection>;
  /** Sees to it that a dead service comes back though nobody watches the cluster; undefined: it does so by itself. */
  leave?(name: string): Promise<void>;
  /** What happens to the parts until the signal is aborted, each within a second; undefined: the service alone knows. */
  incidents?(name: string, signal: AbortSignal): AsyncIterable<PartIncident>;
  /** The last lines of a part's log, then new ones as they come where `follow`. */
  partLog(
    name: string,
    part: string,
    options: { lines: number; follow: boolean; signal: AbortSignal },
  ): AsyncIterable<string>;
}
