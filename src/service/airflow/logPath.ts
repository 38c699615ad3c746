import type { TaskKey } from '../../framework/types.ts';

/**
 * The try that an Airflow log file belongs to, by the path that `[logging] log_filename_template` gives it by default
 * (Airflow 3.3): `dag_id=…/run_id=…/task_id=…/[map_index=…/]attempt=….log`. Undefined for any other path.
 */
export function keyOfLogPath(file: string): TaskKey | undefined {
  const match =
    /^dag_id=([^/]+)\/run_id=([^/]+)\/task_id=([^/]+)\/(?:map_index=(\d+)\/)?attempt=(\d+)\.log$/.exec(file);
  const [, dag_id, run_id, task_id, mapIndex, attempt] = match ?? [];
  if (dag_id === undefined || run_id === undefined || task_id === undefined) return undefined;
  return {
    dag_id,
    run_id,
    task_id,
    map_index: mapIndex === undefined ? -1 : Number(mapIndex),
    try_number: Number(attempt),
  };
}
