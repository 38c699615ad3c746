import path from 'node:path';
import type { TaskKey } from '../../framework/types.ts';
import { badRequest } from '../http/problem.ts';

/** The path inside a sandbox as a person may name it. Throws a 400 for one that leads out of it. */
export function pathInside(name: string): string {
  if (name === '') throw badRequest('the file has no name');
  const inside = folderInside(name);
  if (inside === '') throw badRequest('the path names the sandbox itself, not a file in it');
  return inside;
}

/** As `pathInside`, of a folder: empty for the sandbox itself. */
export function folderInside(name: string): string {
  if (name.includes('\0')) throw badRequest('the path has a character that no path has');
  if (name.startsWith('/') || name.includes('\\')) {
    throw badRequest('the file is named by a path inside the sandbox, with / between its parts');
  }
  if (name.split('/').includes('..')) throw badRequest('the path leads out of the sandbox');
  const normal = path.posix.normalize(name).replace(/\/$/, '');
  return normal === '.' ? '' : normal;
}

/** Below it a task writes Airflow's own logs (cluster/airflow/airflow_mesos/sandbox.py). */
export const airflowLogs = 'logs';

/** Where Airflow's own log of a try is, by what `[logging] log_filename_template` gives it by default (Airflow 3.3). */
export function airflowLogPath(key: TaskKey): string {
  const mapped = key.map_index >= 0 ? `map_index=${key.map_index}/` : '';
  const task = `dag_id=${key.dag_id}/run_id=${key.run_id}/task_id=${key.task_id}`;
  return `${airflowLogs}/${task}/${mapped}attempt=${key.try_number}.log`;
}
