import type { ClusterView } from '../../api/people.ts';
import type { Connection } from '../../client/discover.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { lastLogLines } from '../../docker/logs.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { UserFolders } from '../../host/folders.ts';
import type { PartIncident } from '../engine.ts';
import { followStart, type PartLogs } from '../followStart.ts';
import type { Phases } from '../phases.ts';
import { partIncidents, reported } from './incidents.ts';
import { resourceName } from './labels.ts';

/** A part that ended this often by itself while the cluster came up won't come. */
const endedTooOften = 3;

/** A part's container ends again and again, or was stopped by somebody, while the cluster comes up. */
export class PartDoesNotStay extends ExplainedError {
  override readonly name = 'PartDoesNotStay';
}

/**
 * Follows a starting cluster until it is ready, telling its service meanwhile what Docker says of the containers. Throws
 * PartFailedError, or PartDoesNotStay as soon as a container has ended too often.
 */
export async function followParts(
  engine: DockerEngine,
  connection: Connection,
  folders: UserFolders,
  phases: Phases,
  signal: AbortSignal,
): Promise<ClusterView> {
  const { name } = connection.cluster;
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const logs: PartLogs = {
    lines: (part, lines) =>
      lastLogLines(
        engine.docker.getContainer(part.container ?? resourceName(name, part.name)),
        lines,
        signal,
      ),
    place: (part) => logCommand(name, part.name),
  };
  const watched = watchDeaths(reported(partIncidents(engine, name, until), name, folders, until), name);
  try {
    // The watch ends only by an error, or because the other one did.
    const view = await Promise.race([
      followStart(connection, phases, until, logs),
      watched.then(() => new Promise<never>(() => undefined)),
    ]);
    return view;
  } finally {
    over.abort();
    await watched.catch(() => undefined);
  }
}

async function watchDeaths(incidents: AsyncIterable<PartIncident>, name: string): Promise<void> {
  const ends = new Map<string, number>();
  for await (const { detail, lastLines, part, state } of incidents) {
    if (state === 'running') continue;
    const count = (ends.get(part) ?? 0) + 1;
    ends.set(part, count);
    if (state === 'exited') {
      throw new PartDoesNotStay(`${part} ended while the cluster came up`, {
        why: `its container ${detail}`,
        next: `Start the cluster again: mesos-airflow up --name ${name}`,
      });
    }
    if (count >= endedTooOften) {
      throw new PartDoesNotStay(`${part} does not start`, {
        why: [`its container ${detail}, ${count} times`, ...lastLines.map((line) => `  ${line}`)].join('\n'),
        next: `Its log: ${logCommand(name, part)}`,
      });
    }
  }
}

/** Shows the log of a part: of its container, or what the roll-back has saved of that. */
function logCommand(name: string, part: string): string {
  return `mesos-airflow logs --part ${part} --name ${name}`;
}
