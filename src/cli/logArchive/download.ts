import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { localName } from '../sandbox/localName.ts';
import { putInPlace } from '../sandbox/place.ts';
import { matching, parseTaskReference } from '../taskReference.ts';
import { findTask, runsOnMesos } from '../tasks.ts';
import { collectLogs, type CollectedTry } from './collect.ts';
import { packFolder } from './pack.ts';

export interface DownloadedLogs {
  readonly file: string;
  readonly bytes: number;
  readonly tries: readonly CollectedTry[];
}

export interface DownloadOptions {
  readonly file: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

const suffix = /\.(tar\.gz|tgz)$/;

/**
 * Writes the logs of a run (`DAG/RUN`: all tries of all tasks) or of a task (its named or newest try) to a .tar.gz. Throws
 * CommandError: usage (2), notFound (4), failed (1) where no log of it can be had.
 */
export async function downloadLogs(
  client: ServiceClient,
  text: string,
  { file, force, signal }: DownloadOptions,
): Promise<DownloadedLogs> {
  if (!suffix.test(file)) {
    throw new CommandError(exitCodes.usage, `${file} is no name of an archive`, {
      next: 'Let it end in .tar.gz or .tgz: --download logs.tar.gz',
    });
  }
  const runs = await runsOf(client, text);
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'mesos-airflow-logs-'));
  try {
    return await putInPlace(file, force, async (temporary) => {
      const tries = await collectLogs(client, runs, scratch, signal);
      if (tries.every((one) => one.files.length === 0)) throw nothing(text, tries);
      await fs.writeFile(path.join(scratch, 'index.json'), `${JSON.stringify(tries, null, 2)}\n`);
      await packFolder(scratch, localName(path.basename(file).replace(suffix, '')), temporary, signal);
      return { file, bytes: (await fs.stat(temporary)).size, tries };
    });
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/** The run's task runs, or those of the try that is named. A run id may hold slashes: then it is a run where it is no task. */
async function runsOf(client: ServiceClient, text: string): Promise<readonly TaskRun[]> {
  const [dag_id = '', ...rest] = text.split('/');
  const reference = rest.length >= 2 ? parseTaskReference(text) : undefined;
  if (reference?.kind === 'key') {
    const all = await runsOnMesos(client, reference.dag_id, reference.run_id);
    const [first, ...others] = matching(reference, all);
    if (first && others.length > 0) return findTask(client, text).then((run) => [run]);
    // All of its try: a deferred task was in several sandboxes.
    if (first) return all.filter(({ key }) => isSameTry(key, first.key));
  }
  if (rest.length === 0) return [await findTask(client, text)];
  const run_id = rest.join('/');
  const all = dag_id === '' || run_id === '' ? [] : await runsOnMesos(client, dag_id, run_id);
  if (all.length > 0) return all;
  throw new CommandError(exitCodes.notFound, `No task of ${text} has been on Mesos`, {
    next: `See those that have: mesos-airflow tasks${dag_id === '' ? '' : ` --dag ${dag_id}`}`,
  });
}

function isSameTry(a: TaskRun['key'], b: TaskRun['key']): boolean {
  return a.task_id === b.task_id && a.map_index === b.map_index && a.try_number === b.try_number;
}

function nothing(text: string, tries: readonly CollectedTry[]): CommandError {
  const why = tries.flatMap(({ lacks }) => lacks).at(0);
  return new CommandError(exitCodes.failed, `There is no log of ${text}`, {
    why: why ?? 'nothing was written, or Mesos has removed the sandboxes',
  });
}
