import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import { logTitle } from './title.ts';

export const logScheme = 'mesos-log';

/** The address of a task run's log document; its last part is the title. */
export function logUri(cluster: string, run: TaskRun): vscode.Uri {
  return vscode.Uri.from({ scheme: logScheme, path: `/${cluster}/${logTitle(run)}`, query: run.id });
}

/** The task run's request id. */
export function taskRunIn(uri: vscode.Uri): string {
  return uri.query;
}
