import type { EventEmitter } from 'node:events';
import type { AirflowClient } from '../../airflow/client.ts';
import type { Problem } from '../../api/common.ts';
import type { ClusterView, PartReport, PartView } from '../../api/people.ts';
import type { Launcher } from '../../framework/types.ts';
import type { Authorization } from '../../mesos/authorization.ts';
import type { Doors } from '../http/doors.ts';
import type { RequestHandler } from '../http/handler.ts';

/** The parts of a cluster, whoever keeps them running. `part` tells of each change. */
export interface Parts extends EventEmitter<{ part: [PartView] }> {
  /** In the order of their start. */
  views(): PartView[];
  /** Begins to watch over them. Returns at once. */
  start(): void;
  /** Looks away: the parts live on. */
  letGo(): Promise<void>;
}

/** Where requests come in. */
export interface Entrance {
  /** The service's address for a browser on the person's machine. */
  readonly url: string;
  /** For the log. */
  readonly told: string;
  /** Takes no more requests and cuts those that are open. */
  close(): Promise<void>;
}

/** How debug copies of tasks are run, and reached. */
export interface DebugSide {
  /** Sees to it that debugpy is there. Throws ExplainedError. */
  prepare(signal: AbortSignal): Promise<void>;
  /** The command that leads to a copy, for a session in its sandbox. */
  readonly relay: readonly string[];
  /** Why there are none, where a copy could not be reached. */
  readonly lack?: Problem;
}

/** What of the service differs by the engine that runs the cluster; all else is the same. */
export interface EngineSide {
  readonly parts: Parts;
  readonly doors: Doors;
  readonly airflow: AirflowClient;
  readonly mesos: {
    /** Where the service reaches the master. */
    readonly master: string;
    readonly authorization: Authorization;
    /** Whether an agent may come back at another address: then only the master knows where it is. */
    readonly agentsMove: boolean;
    /** Whether tasks call from their agent's own address. */
    readonly tasksShareAddress: boolean;
  };
  /** As a person on this machine finds them. */
  readonly shown: {
    readonly master: string;
    readonly airflow: string;
    readonly mesos?: NonNullable<ClusterView['mesos']>;
  };
  /** What the cluster goes without since the service started, in a sentence or two. */
  readonly trouble?: string;
  readonly launcher: Launcher;
  readonly debug: DebugSide;
  /** What a task gets for its ticket, and no state endpoint may show. */
  readonly taskVariables: Readonly<Record<string, string>>;
  /** Opens the doors, and lets clients find them. Throws ExplainedError where the port is taken. */
  open(handler: RequestHandler): Promise<Entrance>;
  /** Ends the parts for good; without it they are not the service's to end. */
  bringDown?(): Promise<void>;
  /** Takes a report about a part in; without it nobody knows more of the parts than the service. */
  readonly report?: (part: string, report: PartReport) => void;
}
