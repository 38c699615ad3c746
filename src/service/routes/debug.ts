import type { AirflowClient } from '../../airflow/client.ts';
import {
  debugRequest,
  readRequest,
  type DebugCopy,
  type ReadRequest,
  type ReadResponse,
} from '../../api/debug.ts';
import { ReceiptRefused } from '../../framework/errors.ts';
import type { Framework } from '../../framework/framework.ts';
import { askAirflow } from '../airflow/problems.ts';
import { makeCopy } from '../debug/copies.ts';
import { FailureLimit } from '../http/failureLimit.ts';
import { badRequest, HttpProblem, notFound } from '../http/problem.ts';
import { json, param, type Route } from '../http/route.ts';
import { valid } from '../http/validate.ts';
import type { LiveViews } from '../liveViews.ts';
import type { DebugSide } from '../sides/side.ts';
import { findTask } from './findTask.ts';

/** Debug copies of tasks: src/api/debug.ts. */
export function debugRoutes(
  framework: Framework,
  views: LiveViews,
  airflow: AirflowClient,
  side: DebugSide,
): Route[] {
  // A copy may ask for many things, and only what it cannot have counts.
  const limit = new FailureLimit(40, 10);
  return [
    {
      method: 'POST',
      path: '/v1/tasks/{id}/debug',
      access: 'admin',
      handle: async (call) => {
        const { patience } = valid(debugRequest, call.body ?? {});
        const { task } = findTask(framework, param(call, 'id'));
        const copy = await askAirflow(() =>
          makeCopy({ framework, airflow, side }, task, { patience, signal: call.signal }),
        );
        const answer: DebugCopy = { task: views.taskRun(copy), relay: [...side.relay] };
        return json(answer, 201);
      },
    },
    {
      method: 'POST',
      path: '/v1/attempts/read',
      access: 'open',
      bodyLimit: 16_384,
      handle: async (call) => {
        const wanted = valid(readRequest, call.body);
        await limit.attempt(() => {
          checkReceipt(framework, wanted.receipt);
        });
        return json(await askAirflow(() => read(airflow, wanted, call.signal)));
      },
    },
  ];
}

function checkReceipt(framework: Framework, receipt: string): void {
  try {
    framework.copyOf(receipt);
  } catch (error) {
    if (!(error instanceof ReceiptRefused)) throw error;
    throw new HttpProblem(403, { error: 'The receipt is refused', why: 'no running debug copy has it' });
  }
}

async function read(
  airflow: AirflowClient,
  { xcom, variable, connection }: ReadRequest,
  signal: AbortSignal,
): Promise<ReadResponse> {
  if (xcom) {
    const { key, ...task } = xcom;
    return { xcoms: await airflow.xcoms(task, key, signal) };
  }
  if (variable !== undefined) {
    const value = await airflow.variable(variable, signal);
    if (value === undefined) throw notFound(`Airflow tells no variable ${variable}`);
    return { variable: value };
  }
  if (connection === undefined) throw badRequest('it names nothing to be read');
  const found = await airflow.connection(connection, signal);
  if (!found) throw notFound(`Airflow tells no connection ${connection}`);
  return { connection: { ...found } };
}
