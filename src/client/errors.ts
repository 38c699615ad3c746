import { protocolVersion, type Problem } from '../api/common.ts';
import { ExplainedError } from '../host/errors.ts';

/** The service answered that it cannot do what was asked: a status of 400 or above, with its explanation. */
export class ServiceProblem extends ExplainedError {
  readonly status: number;

  constructor(status: number, problem: Problem) {
    super(problem.error, {
      ...(problem.why === undefined ? {} : { why: problem.why }),
      ...(problem.next === undefined ? {} : { next: problem.next }),
    });
    this.name = 'ServiceProblem';
    this.status = status;
  }
}

/** Nobody answered at the service's address, or the connection broke. */
export class ServiceUnreachable extends ExplainedError {
  readonly address: string;

  constructor(address: string, why: string, cause?: unknown) {
    super('The cluster’s service does not answer', {
      why: `${why} (${address})`,
      next: 'It is started again by `mesos-airflow up`; logs/service.log in the cluster’s folder may say why it ended.',
      cause,
    });
    this.name = 'ServiceUnreachable';
    this.address = address;
  }
}

/** The service speaks another version of the API. */
export class ProtocolMismatch extends ExplainedError {
  readonly ours = protocolVersion;
  readonly theirs: number;

  constructor(theirs: number, version: string) {
    const older = theirs < protocolVersion;
    super(`The cluster was started by ${older ? 'an older' : 'a newer'} Mesos Airflow (${version})`, {
      why: `its service speaks version ${theirs} of the API, this program version ${protocolVersion}`,
      next: older
        ? 'Bring the cluster down and up again: its tasks and runs are kept.'
        : 'Update this program, or use the one that started the cluster.',
    });
    this.name = 'ProtocolMismatch';
    this.theirs = theirs;
  }
}

/** The service answered with something that this version of the API does not have. */
export class UnexpectedAnswer extends ExplainedError {
  constructor(request: string, why: string) {
    super(`The service’s answer to ${request} is not understood`, { why });
    this.name = 'UnexpectedAnswer';
  }
}
