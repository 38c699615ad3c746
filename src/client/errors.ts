import { protocolVersion, type Problem } from '../api/common.ts';
import { ExplainedError } from '../host/errors.ts';
import type { ServiceAddress } from './transport.ts';

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
  /** The container that the service is in, where it is in one. */
  readonly container: string | undefined;

  constructor(at: ServiceAddress, why: string, cause?: unknown) {
    const address = 'socket' in at ? at.socket : at.url;
    const container = 'socket' in at ? undefined : at.container;
    super('The cluster’s service does not answer', {
      why: `${why} (${address})`,
      next:
        container === undefined
          ? 'It is started again by `mesos-airflow up`; logs/service.log in the cluster’s folder may say why it ended.'
          : `Is Docker running? It keeps the service’s container running; \`mesos-airflow up\` starts it again, and \`docker logs ${container}\` may say why it ended.`,
      cause,
    });
    this.name = 'ServiceUnreachable';
    this.address = address;
    this.container = container;
  }
}

/** Another program, or another cluster's service, answers where the service of this cluster was. Nothing secret was sent to it. */
export class ForeignService extends ExplainedError {
  readonly address: string;

  constructor(cluster: string, address: string, why: string, cause?: unknown) {
    super(`It is not the service of the cluster “${cluster}” that answers at ${address}`, {
      why,
      next: '`mesos-airflow up` starts the cluster again, at another port where this one is taken.',
      cause,
    });
    this.name = 'ForeignService';
    this.address = address;
  }
}

/** The service is a container: its engine starts it, no client can. */
export class ServiceInContainer extends ExplainedError {
  constructor(cluster: string) {
    super(`The service of “${cluster}” cannot be started from here`, {
      why: 'it is a container, which Docker keeps running; it was stopped, or removed',
      next: 'Start the cluster: mesos-airflow up.',
    });
    this.name = 'ServiceInContainer';
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
