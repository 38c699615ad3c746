import type { Framework } from '../../framework/framework.ts';
import type { AttemptRecord, TaskKey } from '../../framework/types.ts';

/** More requests for one try than this there are not: each deferral makes one. */
const mostRequests = 100;

/** All attempts of a try, oldest first, by its requests: a deferred task comes back in another sandbox. */
export function attemptsOfTry(
  framework: Pick<Framework, 'attempts' | 'tasks'>,
  deployment: string,
  key: TaskKey,
): { readonly key: TaskKey; readonly attempts: AttemptRecord[] }[] {
  const requests = framework.tasks({ deployment, ...key }, mostRequests).reverse();
  return requests.map(({ id, key: own }) => ({ key: own, attempts: framework.attempts(id) }));
}
