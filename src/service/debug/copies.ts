import { randomUUID } from 'node:crypto';
import type { AirflowClient } from '../../airflow/client.ts';
import { usualPatience } from '../../api/debug.ts';
import type { Framework } from '../../framework/framework.ts';
import { debugDeployment, type TaskRecord } from '../../framework/types.ts';
import { HttpProblem } from '../http/problem.ts';
import type { DebugSide } from '../sides/side.ts';

export interface CopyParts {
  readonly framework: Pick<Framework, 'submit' | 'request'>;
  readonly airflow: Pick<AirflowClient, 'dagSource' | 'runForCopy'>;
  readonly side: DebugSide;
}

/**
 * Asks for a debug copy of a task run, with the same resources on an agent of the same kind. An older copy of the same
 * instance gives way to it. Throws HttpProblem where there can be none, and what Airflow or the installer throw.
 */
export async function makeCopy(
  { framework, airflow, side }: CopyParts,
  task: TaskRecord,
  {
    patience = usualPatience,
    signal,
  }: { readonly patience?: number | undefined; readonly signal: AbortSignal },
): Promise<TaskRecord> {
  if (side.lack) throw new HttpProblem(409, side.lack);
  if (task.deployment === debugDeployment) {
    throw new HttpProblem(409, {
      error: 'A debug copy cannot be copied',
      next: 'Name the task run that it is a copy of.',
    });
  }
  const { key } = task;
  const [source, run] = await Promise.all([
    airflow.dagSource(key.dag_id, signal),
    airflow.runForCopy(key.dag_id, key.run_id, signal),
    side.prepare(signal),
  ]);
  const { bundle_name: bundle, relative_fileloc: file } = source;
  if (!bundle || !file) {
    throw new HttpProblem(409, {
      error: `The file of ${key.dag_id} is not known`,
      why: 'Airflow has read it from no folder of DAGs',
      next: 'Save the file: it is read again within seconds.',
    });
  }
  const id = randomUUID();
  const workload = { key, run, bundle, dag_rel_path: file, patience, max_tries: key.try_number };
  const { resources, constraints, priority, queue } = task;
  const request = { id, key, workload, resources, constraints, priority, queue: queue ?? undefined };
  const { refused } = await framework.submit(debugDeployment, [request]);
  const copy = framework.request(id);
  if (refused[0] || !copy) {
    throw new HttpProblem(409, {
      error: 'The debug copy cannot be run',
      ...(refused[0] ? { why: refused[0].reason } : {}),
    });
  }
  return copy;
}
