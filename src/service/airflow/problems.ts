import { AirflowHttpError } from '../../airflow/client.ts';
import { AirflowUnreachableError } from '../../airflow/http.ts';
import type { Problem } from '../../api/common.ts';
import { messageOf } from '../../host/errors.ts';
import { HttpProblem } from '../http/problem.ts';

/** Runs a question to Airflow; what Airflow refuses, or that it isn't up, becomes a problem for a person. */
export async function askAirflow<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw problemOf(error);
  }
}

/** What a person is told where Airflow was asked by nobody in particular, with the status that a caller would have got. */
export function explained(error: unknown): { readonly status: number; readonly problem: Problem } {
  const known = problemOf(error);
  if (known instanceof HttpProblem) return { status: known.status, problem: known.problem };
  return { status: 500, problem: { error: 'Airflow could not be asked', why: messageOf(error) } };
}

function problemOf(error: unknown): unknown {
  if (error instanceof AirflowUnreachableError) {
    return new HttpProblem(
      503,
      {
        error: 'Airflow does not answer',
        why: 'its api-server is not up yet, or is being started again',
        next: 'Wait until it is ready; mesos-airflow status shows how far it is.',
      },
      { 'Retry-After': '2' },
    );
  }
  if (!(error instanceof AirflowHttpError)) return error;
  const status = [400, 404, 409, 422].includes(error.status) ? error.status : 502;
  return new HttpProblem(status === 422 ? 400 : status, { error: 'Airflow refuses', why: error.detail });
}
