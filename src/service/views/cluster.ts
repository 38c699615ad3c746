import type { ClusterSpec } from '../../api/cluster.ts';
import type { ClusterView, PartView } from '../../api/people.ts';
import { adminName } from '../../airflow/setup.ts';
import type { FrameworkStatus } from '../../framework/types.ts';
import type { LeaderFacts } from '../leader.ts';
import type { EngineSide } from '../sides/side.ts';

export interface ClusterFacts {
  readonly spec: ClusterSpec;
  readonly version: string;
  readonly parts: readonly PartView[];
  readonly framework: FrameworkStatus;
  /** Task runs that are finished on Mesos and failed in Airflow, as far as the service saw them end. */
  readonly failedInAirflow: number;
  readonly leader: LeaderFacts;
  readonly shown: EngineSide['shown'];
  readonly trouble: EngineSide['trouble'];
  /** All parts have been ready together since the service started. */
  readonly wasReady: boolean;
  readonly isStopping: boolean;
  /** Milliseconds since the epoch. */
  readonly started: number;
}

export function clusterViewOf(facts: ClusterFacts): ClusterView {
  const { spec, parts, framework, shown, failedInAirflow } = facts;
  const { counts } = framework;
  const apiServer = parts.find((part) => part.name === 'api-server');
  return {
    name: spec.name,
    engine: spec.engine,
    ...(shown.mesos ? { mesos: shown.mesos } : {}),
    version: facts.version,
    ...stateOf(facts),
    parts: [...parts],
    master: {
      url: shown.master,
      version: framework.master?.version ?? null,
      connected: framework.state === 'subscribed',
      ...facts.leader,
    },
    framework: {
      id: framework.framework_id,
      name: spec.framework.name,
      role: spec.framework.role,
      state: framework.state,
      suppressed: framework.suppressed,
    },
    airflow: {
      url: shown.airflow,
      username: adminName,
      healthy: apiServer?.state === 'ready',
    },
    counts: {
      waiting: counts.queued,
      launched: counts.launched + counts.starting,
      running: counts.running,
      failed: counts.failed + counts.lost + failedInAirflow,
      finished: Math.max(0, counts.finished - failedInAirflow),
    },
    dags_folder: spec.airflow.dags_folder,
    ...(spec.engine === 'docker' ? { dags_mount: spec.tasks.dags_folder } : {}),
    started: facts.started,
  };
}

/** Whether nothing stands between a DAG and its run. */
export function isReady(parts: readonly PartView[], framework: FrameworkStatus): boolean {
  return parts.every((part) => part.state === 'ready') && framework.state === 'subscribed';
}

function stateOf(facts: ClusterFacts): Pick<ClusterView, 'state' | 'problem'> {
  const { parts, framework, wasReady } = facts;
  if (facts.isStopping) return { state: 'stopping', problem: null };
  const failed = parts.filter((part) => part.state === 'failed');
  if (failed.length > 0) {
    const problem = failed.map((part) => `${part.name}: ${part.detail}`).join('; ');
    return { state: wasReady ? 'degraded' : 'failed', problem };
  }
  // Before the master is up it is no wonder that the framework has trouble with it.
  const { problem } = framework;
  const partsReady = parts.every((part) => part.state === 'ready');
  if (problem !== null && wasReady) return { state: 'degraded', problem };
  if (problem !== null && partsReady) return { state: 'failed', problem };
  if (isReady(parts, framework)) {
    return facts.trouble === undefined
      ? { state: 'ready', problem: null }
      : { state: 'degraded', problem: facts.trouble };
  }
  if (!wasReady) return { state: 'starting', problem: null };
  const missing = parts
    .filter((part) => part.state !== 'ready')
    .map((part) => `${part.name} is ${part.state}`);
  if (framework.state !== 'subscribed') {
    const why = framework.disconnection === null ? '' : ` (${framework.disconnection})`;
    missing.push(`the framework is not connected to the master${why}`);
  }
  return { state: 'degraded', problem: missing.join('; ') };
}
