import type { ClusterView } from '../api/people.ts';
import type { Progress } from './phases.ts';
import type { ClusterSettings } from './settings.ts';

export type EngineName = 'embedded';

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
  /** Ends it and removes its folder. Returns whether there was anything. */
  delete(name: string, watch: Watch): Promise<boolean>;
  /** Ends all of its processes at once, for a person who will not wait. */
  kill(name: string): Promise<void>;
}
