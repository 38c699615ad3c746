import type { AttemptRecord } from '../framework/types.ts';
import { HttpProblem } from './http/problem.ts';

/** The agent that holds a sandbox cannot be asked now. */
export class AgentAway extends HttpProblem {
  /** Whether the master knows it: then it is expected back. */
  readonly isKnown: boolean;

  constructor(attempt: AttemptRecord, isKnown: boolean, why?: string) {
    super(503, {
      error: `The agent ${attempt.agent} is not there`,
      why: why ?? 'it holds the sandbox of the task, and the master does not know it now',
      next: 'mesos-airflow agents shows the agents that are.',
    });
    this.name = 'AgentAway';
    this.isKnown = isKnown;
  }
}
