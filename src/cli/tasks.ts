import type { TaskRun } from '../api/people.ts';
import { ServiceProblem } from '../client/errors.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';
import { matching, parseTaskReference, referenceTo, taskName } from './taskReference.ts';

/** The one task run that a person named. Throws CommandError: usage (2) where it is no name, notFound (4) for none or several. */
export async function findTask(client: ServiceClient, text: string): Promise<TaskRun> {
  const reference = parseTaskReference(text);
  if (!reference) {
    throw new CommandError(exitCodes.usage, `${JSON.stringify(text)} names no task run`, {
      next: 'Give a Mesos task id, a unique beginning of one, or DAG/RUN/TASK[/MAP_INDEX][/TRY].',
    });
  }
  if (reference.kind === 'id') {
    try {
      return await client.task(reference.id);
    } catch (error) {
      if (!(error instanceof ServiceProblem) || (error.status !== 404 && error.status !== 409)) throw error;
      throw new CommandError(exitCodes.notFound, error.message, {
        ...(error.why === undefined ? {} : { why: error.why }),
        next: error.next ?? 'See those that there are: mesos-airflow tasks',
      });
    }
  }
  const { dag_id, run_id } = reference;
  const found = matching(reference, await runsOnMesos(client, dag_id, run_id));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (!only) {
    throw new CommandError(exitCodes.notFound, `There is no task run ${text}`, {
      why: 'either it has not been handed to Mesos yet, or there is none of that name',
      next: `See those that there are: mesos-airflow tasks --dag ${dag_id}`,
    });
  }
  throw new CommandError(exitCodes.notFound, `${text} names ${found.length} task runs`, {
    why: `it is a mapped task: ${found.slice(0, 5).map(taskName).join(', ')}${found.length > 5 ? ', …' : ''}`,
    next: `Name one, for instance: ${referenceTo(only)}`,
  });
}

/** All task runs of a DAG's run, newest first, page by page: there may be more than the service gives at once. */
export async function runsOnMesos(
  client: Pick<ServiceClient, 'tasks'>,
  dag_id: string,
  run_id: string,
): Promise<TaskRun[]> {
  const limit = 1000;
  const all: TaskRun[] = [];
  for (let before: string | undefined; ;) {
    const page = await client.tasks({ dag_id, run_id, limit, before });
    all.push(...page);
    before = page.at(-1)?.id;
    if (page.length < limit) return all;
  }
}
