import { outcomeRequest, redeemRequest } from '../../api/airflow.ts';
import { ReceiptRefused, TicketRefused } from '../../framework/errors.ts';
import type { Framework } from '../../framework/framework.ts';
import { FailureLimit } from '../http/failureLimit.ts';
import { HttpProblem } from '../http/problem.ts';
import { json, type Route } from '../http/route.ts';
import { valid } from '../http/validate.ts';

const notTheirs: ReadonlySet<TicketRefused['why']> = new Set(['unknown', 'foreign']);

/**
 * What a task's first process asks, with a ticket or receipt as its only credential. `env`: the variables that a task
 * gets and no state endpoint may show.
 */
export function attemptRoutes(framework: Framework, env: Readonly<Record<string, string>>): Route[] {
  const limit = new FailureLimit(40, 10);
  return [
    {
      method: 'POST',
      path: '/v1/tickets/redeem',
      access: 'open',
      bodyLimit: 4096,
      handle: (call) =>
        limit.attempt(async () => {
          const { ticket, receipt: chosen } = valid(redeemRequest, call.body);
          try {
            const { workload, receipt } = await framework.redeem(ticket, call.from ?? null, chosen ?? null);
            return json({ workload, env, receipt });
          } catch (error) {
            if (!(error instanceof TicketRefused)) throw error;
            // Used, too old, over: it was a ticket once, and the matter is closed.
            throw new HttpProblem(notTheirs.has(error.why) ? 403 : 409, {
              error: 'The ticket is refused',
              why: error.message,
            });
          }
        }),
    },
    {
      method: 'POST',
      path: '/v1/attempts/outcome',
      access: 'open',
      bodyLimit: 4096,
      handle: (call) =>
        limit.attempt(async () => {
          const { receipt, outcome } = valid(outcomeRequest, call.body);
          try {
            await framework.outcome(receipt, outcome);
          } catch (error) {
            if (!(error instanceof ReceiptRefused)) throw error;
            throw new HttpProblem(403, { error: 'The receipt is refused', why: error.message });
          }
          return { kind: 'empty', status: 204 };
        }),
    },
  ];
}
