import { StoreUnavailable } from '../../framework/errors.ts';
import { MesosHttpError, MesosUnreachableError, NoAnswerError } from '../../mesos/errors.ts';
import { HttpProblem } from '../http/problem.ts';

/** What can go wrong around the service and is worth another try: undefined for any other error. */
export function passingFailure(error: unknown): HttpProblem | undefined {
  if (error instanceof StoreUnavailable) {
    return new HttpProblem(503, {
      error: 'The cluster’s store cannot be written',
      why: error.message,
      next: 'Free some disk space; it is tried again by itself.',
    });
  }
  if (error instanceof MesosUnreachableError || error instanceof NoAnswerError) {
    return new HttpProblem(503, {
      error: 'Mesos does not answer',
      why: error.message,
      next: 'The agent may be down, or being started again: mesos-airflow agents shows it.',
    });
  }
  if (error instanceof MesosHttpError) {
    return new HttpProblem(502, { error: 'Mesos refuses', why: error.message });
  }
  return undefined;
}
