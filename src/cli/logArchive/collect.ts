import fs from 'node:fs/promises';
import path from 'node:path';
import { airflowLog, type LogEvent } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { ServiceProblem } from '../../client/errors.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { messageOf } from '../../host/errors.ts';
import { localName } from '../sandbox/localName.ts';

/** The files of each try: as they are called in the service's API, and in the archive. */
const files = [
  { file: 'stdout', name: 'stdout.log' },
  { file: 'stderr', name: 'stderr.log' },
  { file: airflowLog, name: 'airflow.jsonl' },
] as const;

/** How many tries are read at the same time. */
const atOnce = 4;

/** What was written of one try, and what could not be had. */
export interface CollectedTry {
  readonly task_id: string;
  readonly map_index: number;
  readonly try_number: number;
  readonly mesos_task_id: string;
  readonly agent: string | null;
  readonly state: string;
  /** In the archive. */
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Why logs of it are missing, or not whole. */
  readonly lacks: readonly string[];
}

export type LogReader = Pick<ServiceClient, 'followLog'>;

/** Writes the logs of task runs below a folder, each as it stands now. Rejects where the service does not answer. */
export async function collectLogs(
  client: LogReader,
  runs: readonly TaskRun[],
  folder: string,
  signal: AbortSignal,
): Promise<CollectedTry[]> {
  const waiting = placesOf(runs).entries();
  const collected: CollectedTry[] = [];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const collectNext = async (): Promise<void> => {
    for (const [index, placed] of waiting)
      collected[index] = await collectTry(client, placed, folder, either);
  };
  const all = Array.from({ length: atOnce }, () =>
    collectNext().catch((error: unknown) => {
      stop.abort(error);
    }),
  );
  // All have ended by then: nobody writes into the folder any more.
  await Promise.all(all);
  either.throwIfAborted();
  return collected;
}

interface PlacedRun {
  readonly run: TaskRun;
  /** Its id on Mesos. */
  readonly task: string;
  readonly place: string;
}

/** Those that were on an agent, oldest first: `load/try-1`; a deferred one comes back in another sandbox: `load/try-1-2`. */
export function placesOf(runs: readonly TaskRun[]): PlacedRun[] {
  const seen = new Map<string, number>();
  return [...runs]
    .sort((a, b) => a.queued - b.queued)
    .flatMap((run) => {
      if (run.mesos_task_id === null) return [];
      const { task_id, map_index, try_number } = run.key;
      const task = localName(map_index < 0 ? task_id : `${task_id}[${map_index}]`);
      const place = `${task}/try-${try_number}`;
      const times = (seen.get(place) ?? 0) + 1;
      seen.set(place, times);
      return [{ run, task: run.mesos_task_id, place: times === 1 ? place : `${place}-${times}` }];
    });
}

async function collectTry(
  client: LogReader,
  { run, task, place }: PlacedRun,
  folder: string,
  signal: AbortSignal,
): Promise<CollectedTry> {
  const target = path.join(folder, ...place.split('/'));
  await fs.mkdir(target, { recursive: true });
  const written: { name: string; bytes: number }[] = [];
  const lacks: string[] = [];
  for (const { file, name } of files) {
    try {
      const events = client.followLog(task, { file, whole: true, signal });
      const { bytes, notes } = await writeLog(events, path.join(target, name));
      lacks.push(...notes.map((note) => `${name}: ${note}`));
      written.push({ name, bytes });
    } catch (error) {
      // One that has no such file, or whose agent is away: the others' logs are worth having.
      if (!(error instanceof ServiceProblem)) throw error;
      if (error.status !== 404) lacks.push(`${name}: ${messageOf(error)}`);
    }
  }
  const { key, agent, airflow_state, state } = run;
  return {
    task_id: key.task_id,
    map_index: key.map_index,
    try_number: key.try_number,
    mesos_task_id: task,
    agent,
    state: airflow_state ?? state,
    folder: place,
    files: written.filter(({ bytes }) => bytes > 0),
    lacks,
  };
}

/** The log up to where it was read first; what is written meanwhile is left out. */
async function writeLog(
  events: AsyncIterable<LogEvent>,
  file: string,
): Promise<{ bytes: number; notes: string[] }> {
  const notes: string[] = [];
  let handle: fs.FileHandle | undefined;
  let bytes = 0;
  let end: number | undefined;
  try {
    for await (const event of events) {
      if (event.type === 'quiet' || event.type === 'ended') break;
      if (event.type === 'note') {
        notes.push(event.text);
        if (event.note === 'agent-away') break;
        continue;
      }
      end ??= event.size;
      handle ??= await fs.open(file, 'wx', 0o600);
      const data = event.data.subarray(0, Math.max(0, end - event.offset));
      await handle.writeFile(data);
      bytes += data.length;
      if (event.offset + event.data.length >= end) break;
    }
  } finally {
    await handle?.close();
  }
  return { bytes, notes };
}
