import { AirflowHttpError } from '../../airflow/client.ts';
import { AirflowUnreachableError } from '../../airflow/http.ts';
import { HttpProblem } from '../http/problem.ts';

/** Runs a question to Airflow; what Airflow refuses, or that it isn't up, becomes a problem for a person. */
export async function askAirflow<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw problemOf(error);
  }
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
