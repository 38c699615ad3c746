import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import { runLogScheme } from '../logs/schemes.ts';
import { logTitle } from '../logs/title.ts';
import { runName } from '../tree/states.ts';

// Addresses of log documents that are not of one task run as it stands. All that they are stands in them.

/** A DAG's run, of which all logs are shown. */
export interface RunAddress {
  readonly dag_id: string;
  readonly run_id: string;
}

export function runLogUri(cluster: string, { dag_id, run_id }: RunAddress, now: number): vscode.Uri {
  const title = `${dag_id} · ${runName(run_id, now)}`.replaceAll('/', '∕');
  const query = new URLSearchParams({ dag_id, run_id }).toString();
  return vscode.Uri.from({ scheme: runLogScheme, path: `/${cluster}/${title}`, query });
}

/** Undefined for the address of another log. */
export function runOfUri(uri: vscode.Uri): RunAddress | undefined {
  const query = new URLSearchParams(uri.query);
  const [dag_id, run_id] = [query.get('dag_id'), query.get('run_id')];
  return dag_id === null || run_id === null ? undefined : { dag_id, run_id };
}

/** One side of a comparison of two tries. */
export function comparedUri(cluster: string, run: TaskRun): vscode.Uri {
  const title = `${logTitle(run)} · ${l10n.t('compared')}`;
  const query = new URLSearchParams({ compared: run.mesos_task_id ?? run.id }).toString();
  return vscode.Uri.from({ scheme: runLogScheme, path: `/${cluster}/${title}`, query });
}

/** The task's id on Mesos; undefined for the address of another log. */
export function comparedOfUri(uri: vscode.Uri): string | undefined {
  return new URLSearchParams(uri.query).get('compared') ?? undefined;
}

/** A file of a sandbox, of which the end is shown. `title`: of the sandbox. */
export function sandboxLogUri(cluster: string, task: string, title: string, file: string): vscode.Uri {
  const path = `/${cluster}/${`${file} · ${title}`.replaceAll('/', '∕')}`;
  const query = new URLSearchParams({ task, file }).toString();
  return vscode.Uri.from({ scheme: runLogScheme, path, query });
}

/** Undefined for the address of another log. */
export function fileOfUri(uri: vscode.Uri): { readonly task: string; readonly file: string } | undefined {
  const query = new URLSearchParams(uri.query);
  const [task, file] = [query.get('task'), query.get('file')];
  return task === null || file === null ? undefined : { task, file };
}
