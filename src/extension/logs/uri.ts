import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import { logScheme, partLogScheme } from './schemes.ts';
import { logTitle } from './title.ts';

/** The address of a task run's log document; its last part is the title. */
export function logUri(cluster: string, run: TaskRun): vscode.Uri {
  return vscode.Uri.from({ scheme: logScheme, path: `/${cluster}/${logTitle(run)}`, query: run.id });
}

/** The address of the log document of a part of a cluster in Docker. */
export function partLogUri(cluster: string, part: string): vscode.Uri {
  return vscode.Uri.from({ scheme: partLogScheme, path: `/${cluster}/${part} · ${cluster}`, query: part });
}

/** The cluster and the part whose log it is. */
export function partIn(uri: vscode.Uri): { cluster: string; part: string } {
  const [, cluster = ''] = uri.path.split('/');
  return { cluster, part: uri.query };
}

/** The cluster, and the task run's request id. */
export function taskRunIn(uri: vscode.Uri): { cluster: string; id: string } {
  const [, cluster = ''] = uri.path.split('/');
  return { cluster, id: uri.query };
}
