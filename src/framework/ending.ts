import { isOver } from './records.ts';
import type { StoredRequest } from './records.ts';
import type { KillResult, RevokeResult } from './types.ts';
import type { Work } from './work.ts';

/**
 * Asks for the end of a request. What waits ends at once; a launched one is killed, and ends when Mesos says so. With
 * `voidTicket` one that was launched but has not begun ends at once too: its ticket is void from now on, so that it
 * never will, whatever becomes of its process.
 */
export function endRequest(
  work: Work,
  request: StoredRequest,
  as: 'killed' | 'superseded',
  reason: string,
  voidTicket: boolean,
): StoredRequest {
  if (isOver(request.state)) return request;
  // Superseded wins: a kill then says nothing that Airflow could use.
  const intent = { end_as: request.end_as === 'superseded' ? request.end_as : as, end_reason: reason };
  if (request.state === 'queued')
    return work.change(request, { ...intent, state: intent.end_as, info: reason });
  const attempt = request.mesos_task_id === null ? null : work.store.attempts.get(request.mesos_task_id);
  if (attempt?.ended === null && attempt.kill === null) work.changeAttempt(attempt, { kill: work.now });
  // Mesos may have seen the process run, but without the workload Airflow's task has not begun.
  if (voidTicket && attempt?.redeemed === null) {
    return work.change(request, { ...intent, state: intent.end_as, info: reason });
  }
  return work.change(request, { ...intent, info: reason });
}

export function kill(
  work: Work,
  deployment: string | null,
  ids: readonly string[],
  reason: string,
): KillResult {
  const result: KillResult = { killing: [], unknown: [] };
  for (const id of new Set(ids)) {
    const request = work.store.requests.get(id);
    if (!request || (deployment !== null && request.deployment !== deployment)) {
      result.unknown.push(id);
      continue;
    }
    endRequest(work, request, 'killed', reason, false);
    result.killing.push(id);
  }
  return result;
}

export function revoke(work: Work, deployment: string, ids: readonly string[], reason: string): RevokeResult {
  const result: RevokeResult = { revoked: [], running: [] };
  for (const id of new Set(ids)) {
    work.store.bury(deployment, id, work.now);
    const request = work.store.requests.get(id);
    const own = request?.deployment === deployment ? request : null;
    const over = own === null || isOver(endRequest(work, own, 'killed', reason, true).state);
    (over ? result.revoked : result.running).push(id);
  }
  return result;
}
