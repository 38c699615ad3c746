import * as l10n from '@vscode/l10n';
import os from 'node:os';
import type * as vscode from 'vscode';
import type { LogEvent } from '../api/logs.ts';
import type { TaskRun } from '../api/people.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { ExplainedError } from '../host/errors.ts';
import { partLogArguments, type Program } from './commandLine/arguments.ts';
import { runChild } from './commandLine/child.ts';
import { CommandLineError } from './commandLine/errors.ts';
import { runLogOf } from './runLogs/open.ts';
import { tryAfter } from './runLogs/tries.ts';
import { clientOf } from './sandbox/connect.ts';
import type { Open } from './logs/documents.ts';
import { PartLog } from './logs/partLog.ts';
import { logScheme, partLogScheme, runLogScheme } from './logs/schemes.ts';
import { TaskLog, type RetryPlan } from './logs/taskLog.ts';
import type { TrySource } from './logs/tryLog.ts';
import { partIn, taskRunIn } from './logs/uri.ts';

/** How many of its last lines a part's log is opened with. */
const partLogLines = 1000;
/** A window that was just opened is waited for so long before its log says that the cluster is away. Milliseconds. */
const connectMs = 3000;

/** A document holds so much of a file, in characters. */
const mostCharacters = 2 * 1024 * 1024;

type Clusters = Parameters<typeof clientOf>[0];

/** Where each kind of log comes from: a task run's from the service, a part's through the command line. */
export function logSources(model: Clusters, program: () => Program): ReadonlyMap<string, Open> {
  return new Map<string, Open>([
    [logScheme, (uri) => taskLog(uri, model)],
    [partLogScheme, (uri) => partLog(uri, program)],
    [runLogScheme, (uri) => runLogOf(uri, () => connectedBy(model))],
  ]);
}

function taskLog(uri: vscode.Uri, model: Clusters): TaskLog {
  const { cluster, id } = taskRunIn(uri);
  const connected = async (): Promise<ServiceClient> => clientOf(model, cluster, connectMs);
  const tryOf = (run: string): TrySource => ({
    async *follow(file, offset, signal, whole): AsyncGenerator<LogEvent> {
      yield* (await connected()).followLog(run, { file, offset, signal, whole });
    },
    place: async (file, signal) =>
      (await (await connected()).log(run, { file, offset: -1 }, { signal })).source,
    taskRun: async (signal) => (await connected()).task(run, { signal }),
  });
  const nextTry = async (run: TaskRun, signal: AbortSignal): Promise<TaskRun | undefined> => {
    const { dag_id, run_id } = run.key;
    return tryAfter(await (await connected()).tasks({ dag_id, run_id, limit: 1000 }, { signal }), run);
  };
  const retryPlan = async ({ key }: TaskRun, signal: AbortSignal): Promise<RetryPlan | undefined> => {
    const { tasks } = await (await connected()).dagRun(key.dag_id, key.run_id, { signal });
    return tasks.find((task) => task.task_id === key.task_id && task.map_index === key.map_index)?.retry;
  };
  return new TaskLog({ source: { tryOf, nextTry, retryPlan }, id, most: mostCharacters });
}

function connectedBy({ client }: Clusters): ServiceClient {
  if (!client) throw new ExplainedError(l10n.t('The cluster is not running'));
  return client;
}

function partLog(uri: vscode.Uri, program: () => Program): PartLog {
  const { cluster, part } = partIn(uri);
  const read = async (onLine: (line: string) => void, signal: AbortSignal): Promise<void> => {
    const words: string[] = [];
    const { code, how } = await runChild(program(), partLogArguments(cluster, part, partLogLines), {
      cwd: os.homedir(),
      onOut: onLine,
      onError: (line) => words.push(line),
      signal,
    });
    if (code === 0 || signal.aborted) return;
    const said = words.map((line) => line.trim()).filter((line) => line !== '');
    throw new CommandLineError({ error: said.join(' ') || `mesos-airflow logs ${how}` });
  };
  return new PartLog({ title: l10n.t('{0} of {1}', part, cluster), read });
}
