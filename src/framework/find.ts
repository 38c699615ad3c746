import { AmbiguousId } from './errors.ts';
import type { StoredAttempt, StoredRequest } from './records.ts';
import type { Store } from './store.ts';

const shown = 10;

/**
 * A request by its id, a Mesos task id (`<id>.<attempt>`), or a unique beginning of either.
 * @throws AmbiguousId
 */
export function findTask(
  store: Store,
  id: string,
): { request: StoredRequest; attempt: StoredAttempt | null } | null {
  if (id === '') return null;
  const named = store.attempts.get(id);
  if (named) {
    const request = store.requests.get(named.request_id);
    return request && { request, attempt: named };
  }
  // `<id>.` is a beginning of Mesos task ids; all of them are of one request.
  const candidates = store.requests.startingWith(id.replace(/\.$/, ''), shown + 1);
  const exact = candidates.find((request) => request.id === id);
  const [request] = exact ? [exact] : candidates;
  if (!request) return null;
  if (!exact && candidates.length > 1) {
    throw new AmbiguousId(
      id,
      candidates.slice(0, shown).map((candidate) => candidate.mesos_task_id ?? candidate.id),
    );
  }
  return {
    request,
    attempt: request.mesos_task_id === null ? null : store.attempts.get(request.mesos_task_id),
  };
}
