import { ReceiptRefused, TicketRefused } from './errors.ts';
import { isOver } from './records.ts';
import type { StoredRequest } from './records.ts';
import { hashOf, newSecret } from './tickets.ts';
import type { Work } from './work.ts';

/** @throws TicketRefused */
export function redeem(
  work: Work,
  ticket: string,
): { workload: Record<string, unknown>; receipt: string; request: StoredRequest } {
  const attempt = work.store.attempts.byTicket(hashOf(ticket));
  if (!attempt) throw new TicketRefused('unknown', null);
  const refuse = (why: TicketRefused['why']) => new TicketRefused(why, attempt.mesos_task_id);
  if (attempt.redeemed !== null) throw refuse('used');
  if (attempt.ended !== null || attempt.kill !== null) throw refuse('over');
  if (work.now > attempt.ticket_expires) throw refuse('expired');
  const request = work.store.requests.get(attempt.request_id);
  const text = work.store.requests.workload(attempt.request_id);
  if (!request || text === null || isOver(request.state) || request.attempt !== attempt.attempt) {
    throw refuse('over');
  }
  const receipt = newSecret();
  work.changeAttempt(attempt, { redeemed: work.now, receipt_hash: hashOf(receipt) });
  // It was given out and works nowhere else: a begun request is never launched again.
  work.store.requests.forgetWorkload(request.id);
  return {
    workload: JSON.parse(text) as Record<string, unknown>,
    receipt,
    request: work.change(request, { state: 'running', started: request.started ?? work.now, info: '' }),
  };
}

/** @throws ReceiptRefused */
export function superseded(work: Work, receipt: string): void {
  const attempt = work.store.attempts.byReceipt(hashOf(receipt));
  if (!attempt) throw new ReceiptRefused();
  if (attempt.ended === null && !attempt.superseded) work.changeAttempt(attempt, { superseded: true });
}
