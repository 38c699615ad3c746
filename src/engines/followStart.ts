import type { ClusterView, PartView } from '../api/people.ts';
import type { Connection } from '../client/discover.ts';
import { eventsOf } from '../client/subscription.ts';
import { ExplainedError } from '../host/errors.ts';
import { lastLines } from '../host/logFiles.ts';
import type { Phases } from './phases.ts';
import { PartFailedError, StartWatch, type PhaseStatus } from './readiness.ts';

/** Where a person and an error find what parts have written. */
export interface PartLogs {
  /** The last lines. */
  lines(part: PartView, lines: number): Promise<readonly string[]>;
  /** Where all of them are, once the start has failed. */
  place(part: PartView): string;
}

const logFiles: PartLogs = {
  lines: (part, lines) => lastLines(part.log, lines),
  place: (part) => part.log,
};

/** Thrown where somebody ends the cluster while it is being started: that start was cancelled, or it was brought down. */
export class StoppedMeanwhile extends ExplainedError {
  constructor(name: string) {
    super(`The cluster ${name} was stopped while it was being started`, {
      why: 'another window or terminal cancelled its start, or brought it down',
      next: 'Start it again.',
    });
    this.name = 'StoppedMeanwhile';
  }
}

/**
 * Shows the parts of a starting cluster as phases until all are ready. Throws PartFailedError where one is not. `logs`:
 * default, files of this machine.
 */
export async function followStart(
  connection: Connection,
  phases: Phases,
  signal: AbortSignal,
  logs: PartLogs = logFiles,
): Promise<ClusterView> {
  const { client, cluster } = connection;
  const agents = cluster.spec?.mesos.agents ?? [];
  const watch = new StartWatch(phases, (status) => detailOf(status, agents));
  const events = eventsOf(
    (handlers, until) => client.subscribe(handlers, { signal: until, topics: ['cluster'] }),
    signal,
  );
  for await (const event of events) {
    if (event.type !== 'snapshot' && event.type !== 'cluster') continue;
    const { ready, failed } = watch.see(event.cluster);
    if (failed) throw await partFailed(failed, logs);
    if (event.cluster.state === 'stopping') throw new StoppedMeanwhile(event.cluster.name);
    if (event.cluster.state === 'failed') {
      throw new ExplainedError(`The cluster ${event.cluster.name} is ${event.cluster.state}`, {
        ...(event.cluster.problem === null ? {} : { why: event.cluster.problem }),
      });
    }
    if (ready) return event.cluster;
  }
  signal.throwIfAborted();
  throw new ExplainedError('The cluster’s service stopped telling how it is');
}

async function partFailed(part: PartView, logs: PartLogs): Promise<PartFailedError> {
  const lines = await logs.lines(part, 8);
  // What the part's own view says of them already is not said twice.
  return new PartFailedError(
    part,
    lines.filter((line) => !part.detail.includes(line.trim())),
    logs.place(part),
  );
}

function detailOf(
  { name, detail }: PhaseStatus,
  agents: readonly { readonly cpus: number; readonly mem: number }[],
): string {
  if (name !== 'Mesos agents') return detail;
  const cpus = agents.reduce((sum, agent) => sum + agent.cpus, 0);
  const gigabytes = agents.reduce((sum, agent) => sum + agent.mem, 0) / 1024;
  return `${detail} · ${Number(cpus.toFixed(1))} cpus, ${Number(gigabytes.toFixed(1))} GB`;
}
