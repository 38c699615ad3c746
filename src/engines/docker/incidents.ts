import { setMaxListeners } from 'node:events';
import type { PartReport } from '../../api/people.ts';
import { connect, findCluster } from '../../client/discover.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { howItEnded } from '../../docker/ended.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { containerEvents, type ContainerEvent } from '../../docker/events.ts';
import type { UserFolders } from '../../host/folders.ts';
import type { PartIncident } from '../engine.ts';
import { partNames } from './inside.ts';
import { labels } from './labels.ts';
import { LogTails } from './logTails.ts';
import { Reports } from './reports.ts';

/** How many lines of a dead container's log are told. */
const toldLines = 12;

/** What happens to the containers of a cluster's parts, as Docker tells it, until the signal is aborted. */
export async function* partIncidents(
  engine: DockerEngine,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<PartIncident, void, undefined> {
  const left = new AbortController();
  const until = AbortSignal.any([signal, left.signal]);
  // A request for the log of each container hangs on it.
  setMaxListeners(0, until);
  const tails = new LogTails(engine, toldLines, until);
  const events = containerEvents(engine, {
    labels: { [labels.cluster]: name },
    signal: until,
    // Where Docker cannot list them, its events break off too, and come again.
    onConnected: () => void tails.followAll(name).catch(() => undefined),
  });
  try {
    yield* incidentsAmong(events, tails);
  } finally {
    left.abort();
  }
}

async function* incidentsAmong(
  events: AsyncIterable<ContainerEvent>,
  tails: LogTails,
): AsyncGenerator<PartIncident, void, undefined> {
  /** Containers that somebody ended on purpose: Docker won't start them again. */
  const ended = new Set<string>();
  /** Those that have run out of memory in their present life. */
  const starved = new Set<string>();
  for await (const { action, exitCode = 0, id, labels: given, time } of events) {
    const part = given[labels.part];
    if (part === undefined || part === taskPart) continue;
    const at = time.getTime();
    if (action === 'kill') ended.add(id);
    if (action === 'oom') starved.add(id);
    if (action === 'start') {
      for (const set of [ended, starved]) set.delete(id);
      tails.follow(id);
      yield { part, state: 'running', detail: 'was started', lastLines: [], at };
    }
    if (action !== 'die') continue;
    if (ended.has(id)) yield { part, state: 'exited', detail: 'was stopped', lastLines: [], at };
    else {
      const detail = howItEnded({ ExitCode: exitCode, OOMKilled: starved.has(id) });
      yield { part, state: 'restarting', detail, lastLines: await tails.of(id), at };
    }
  }
}

const taskPart = 'task';

/** What a service is told of an incident. */
export function reportOf({ at, detail, lastLines, state }: PartIncident): PartReport {
  return { state, detail: [detail, ...lastLines].join('\n'), at: Math.round(at) };
}

/** Tells a cluster's service of each incident, which it cannot learn by itself, and hands them on. */
export async function* reported(
  incidents: AsyncIterable<PartIncident>,
  name: string,
  folders: UserFolders,
  signal: AbortSignal,
): AsyncGenerator<PartIncident, void, undefined> {
  const left = new AbortController();
  const reports = new Reports(() => clientOf(name, folders), AbortSignal.any([signal, left.signal]));
  try {
    for await (const incident of incidents) {
      // Of its own end the service can't be told.
      if (incident.part !== partNames.service) reports.tell(incident.part, reportOf(incident));
      yield incident;
    }
  } finally {
    left.abort();
  }
}

/** How long the service may take to answer. Milliseconds. */
const answerLimitMs = 5000;

/** Throws where the service cannot be reached just now. */
async function clientOf(name: string, folders: UserFolders): Promise<ServiceClient> {
  const cluster = await findCluster(name, folders);
  if (!cluster) throw new Error(`the folder of ${name} is gone`);
  return (await connect(cluster, AbortSignal.timeout(answerLimitMs))).client;
}
