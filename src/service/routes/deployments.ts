import * as z from 'zod/mini';
import { idsRequest, requestId, submitRequest, taskRequest, type SubmitResponse } from '../../api/airflow.ts';
import { cursor } from '../../api/common.ts';
import { CursorTooOld } from '../../framework/errors.ts';
import type { Framework } from '../../framework/framework.ts';
import type { NewRequest } from '../../framework/types.ts';
import { HttpProblem } from '../http/problem.ts';
import { json, param, type Call, type Route } from '../http/route.ts';
import { faultOf, valid, wholeNumber } from '../http/validate.ts';

/** A workload has some kilobytes, a batch some hundreds of them. */
const batchLimit = 32 * 1024 * 1024;
const longestWaitSeconds = 30;

/** What Airflow's executor asks: src/api/airflow.ts. */
export function deploymentRoutes(framework: Framework): Route[] {
  const ids = (call: Call): { ids: string[]; reason: string } => {
    const { ids, reason } = valid(idsRequest, call.body);
    return { ids, reason: reason ?? '' };
  };
  return [
    {
      method: 'POST',
      path: '/v1/deployments/{deployment}/tasks',
      access: 'deployment',
      bodyLimit: batchLimit,
      handle: async (call) => json(await submit(framework, param(call, 'deployment'), call.body)),
    },
    {
      method: 'POST',
      path: '/v1/deployments/{deployment}/tasks/kill',
      access: 'deployment',
      handle: async (call) => {
        const asked = ids(call);
        const reason = asked.reason || 'Killed by Airflow.';
        return json(await framework.kill(param(call, 'deployment'), asked.ids, reason));
      },
    },
    {
      method: 'POST',
      path: '/v1/deployments/{deployment}/tasks/revoke',
      access: 'deployment',
      handle: async (call) => {
        const asked = ids(call);
        const reason = asked.reason || 'Revoked by Airflow';
        return json(await framework.revoke(param(call, 'deployment'), asked.ids, reason));
      },
    },
    {
      method: 'POST',
      path: '/v1/deployments/{deployment}/tasks/states',
      access: 'deployment',
      handle: (call) => json(framework.states(param(call, 'deployment'), ids(call).ids)),
    },
    {
      method: 'GET',
      path: '/v1/deployments/{deployment}/events',
      access: 'deployment',
      handle: async (call) => {
        const after = call.query.get('after');
        const wait = wholeNumber(call.query, 'wait', { least: 0, most: longestWaitSeconds, otherwise: 0 });
        const from = after === null || after === '' ? null : valid(cursor, after);
        try {
          const deployment = param(call, 'deployment');
          if (wait === 0) return json(framework.events(deployment, from));
          return json(
            await framework.waitForEvents(deployment, from, { ms: wait * 1000, signal: call.signal }),
          );
        } catch (error) {
          if (!(error instanceof CursorTooOld)) throw error;
          throw new HttpProblem(410, {
            error: 'The events after this cursor are no longer kept',
            why: 'it is older than what is kept, or of another history',
            next: 'Ask for the present states (tasks/states) and go on from the cursor of that answer.',
          });
        }
      },
    },
  ];
}

/** Each request of the batch is judged by itself: a faulty one is refused, the others are not touched by it. */
async function submit(framework: Framework, deployment: string, body: unknown): Promise<SubmitResponse> {
  const requests: NewRequest[] = [];
  const refused: SubmitResponse['refused'] = [];
  for (const task of valid(submitRequest, body).tasks) {
    const result = taskRequest.safeParse(task);
    if (result.success) requests.push(result.data);
    else
      refused.push({
        id: idOf(task),
        reason: `The request is not understood: ${faultOf(taskRequest, task) ?? ''}`,
      });
  }
  const answer = await framework.submit(deployment, requests);
  return { accepted: answer.accepted, refused: [...refused, ...answer.refused] };
}

const withId = z.object({ id: requestId });

/** Of a request that is not understood: its id, if that much is there. */
function idOf(task: unknown): string {
  const result = withId.safeParse(task);
  return result.success ? result.data.id : '';
}
