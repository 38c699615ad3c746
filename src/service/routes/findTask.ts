import { AmbiguousId } from '../../framework/errors.ts';
import type { Framework } from '../../framework/framework.ts';
import type { AttemptRecord, TaskRecord } from '../../framework/types.ts';
import { HttpProblem, notFound } from '../http/problem.ts';

/**
 * A task run by what a person names it: a request id, a Mesos task id, or a unique beginning of one. Throws a 404 where
 * there is none, a 409 where several begin so.
 */
export function findTask(
  framework: Pick<Framework, 'task'>,
  id: string,
): { task: TaskRecord; attempt: AttemptRecord | null } {
  try {
    const found = framework.task(id);
    if (found) return found;
  } catch (error) {
    if (!(error instanceof AmbiguousId)) throw error;
    throw new HttpProblem(409, {
      error: `${id} is the beginning of several task ids`,
      why: error.candidates.join(', '),
      next: 'Give more of it.',
    });
  }
  throw notFound(`There is no task run ${id}`, 'mesos-airflow tasks lists those that there are.');
}
