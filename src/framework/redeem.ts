import { ReceiptRefused, TicketRefused } from './errors.ts';
import { isOver } from './records.ts';
import type { StoredRequest } from './records.ts';
import type { Store } from './store.ts';
import { hashOf, newSecret } from './tickets.ts';
import { debugDeployment } from './types.ts';
import type { Work } from './work.ts';

/**
 * `receipt`: the caller's own choice; with it the same caller may ask again, as its first answer may have been lost.
 * @throws TicketRefused
 */
export function redeem(
  work: Work,
  ticket: string,
  receipt: string | null,
): { workload: Record<string, unknown>; receipt: string; request: StoredRequest } {
  const attempt = work.store.attempts.byTicket(hashOf(ticket));
  if (!attempt) throw new TicketRefused('unknown', null);
  const refuse = (why: TicketRefused['why']) => new TicketRefused(why, attempt.mesos_task_id);
  const again = attempt.redeemed !== null;
  if (again && (receipt === null || attempt.receipt_hash !== hashOf(receipt))) throw refuse('used');
  if (attempt.ended !== null || attempt.kill !== null) throw refuse('over');
  const request = work.store.requests.get(attempt.request_id);
  if (!request || isOver(request.state) || request.attempt !== attempt.attempt) throw refuse('over');
  const text = work.store.requests.workload(attempt.request_id);
  if (text === null) throw refuse(again ? 'expired' : 'over');
  if (!again && work.now > attempt.ticket_expires) throw refuse('expired');
  const workload = JSON.parse(text) as Record<string, unknown>;
  if (again && receipt !== null) return { workload, receipt, request };
  // A receipt of another attempt's would let this one report for it.
  if (receipt !== null && work.store.attempts.byReceipt(hashOf(receipt))) throw refuse('used');
  const given = receipt ?? newSecret();
  work.changeAttempt(attempt, { redeemed: work.now, receipt_hash: hashOf(given) });
  // The workload was given out and works nowhere else: a begun request is never launched again. It is kept for a while,
  // since this answer may get lost (`Ledger.prune`).
  const begun = work.change(request, { state: 'running', started: request.started ?? work.now, info: '' });
  return { workload, receipt: given, request: begun };
}

/** @throws ReceiptRefused */
export function superseded(work: Work, receipt: string): void {
  const attempt = work.store.attempts.byReceipt(hashOf(receipt));
  if (!attempt) throw new ReceiptRefused();
  if (attempt.ended === null && !attempt.superseded) work.changeAttempt(attempt, { superseded: true });
}

/** @throws ReceiptRefused */
export function runningCopy(store: Store, receipt: string): StoredRequest {
  const attempt = store.attempts.byReceipt(hashOf(receipt));
  const request = attempt?.ended === null ? store.requests.get(attempt.request_id) : null;
  if (request?.deployment !== debugDeployment) throw new ReceiptRefused();
  return request;
}
