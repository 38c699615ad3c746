import { ExplainedError } from '../host/errors.ts';

/** The file is something else, or its beginning is damaged. */
export class NotARecording extends ExplainedError {
  constructor(what: string, why: string) {
    super(`${what} is not a recording of Mesos Airflow`, {
      why,
      next: 'Recordings are made by `mesos-airflow record`, and end in .mesos-airflow.jsonl.gz.',
    });
    this.name = 'NotARecording';
  }
}

/** A newer version of the program wrote it. */
export class NewerRecording extends ExplainedError {
  constructor(what: string, program: string) {
    super(`${what} was written by a newer Mesos Airflow (${program})`, {
      why: 'this version does not know its format',
      next: 'Update Mesos Airflow.',
    });
    this.name = 'NewerRecording';
  }
}

/** There is nothing in it of the time that was asked for. */
export class NothingRecorded extends ExplainedError {
  constructor(what: string, why: string) {
    super(`${what} has nothing to show`, {
      why,
      next: 'Ask for a longer time: --since 1d. A journal goes back some days at most, and less where very much happens.',
    });
    this.name = 'NothingRecorded';
  }
}
