import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import { logTitle } from './title.ts';

export const logScheme = 'mesos-log';

/** The address of a task run's log document; its last part is the title. */
export function logUri(cluster: string, run: TaskRun): vscode.Uri {
  return vscode.Uri.from({ scheme: logScheme, path: `/${cluster}/${logTitle(run)}`, query: run.id });
}

export const partLogScheme = 'mesos-part-log';

/** The address of the log document of a part of a cluster in Docker. */
export function partLogUri(cluster: string, part: string): vscode.Uri {
  return vscode.Uri.from({ scheme: partLogScheme, path: `/${cluster}/${part} · ${cluster}`, query: part });
}

/** The cluster and the part whose log it is. */
export function partIn(uri: vscode.Uri): { cluster: string; part: string } {
  const [, cluster = ''] = uri.path.split('/');
  return { cluster, part: uri.query };
}

/** The task run's request id. */
export function taskRunIn(uri: vscode.Uri): string {
  return uri.query;
}
