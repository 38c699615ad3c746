import type { AttemptRecord, RequestState, TaskRecord } from './types.ts';
import { terminalRequestStates } from './types.ts';

/** A request as the store keeps it, without its workload. Immutable: a change is a new record. */
export interface StoredRequest extends Omit<TaskRecord, 'waits'> {
  /** Order of arrival: first come, first served. */
  seq: number;
  /** Attempts so far that never ran. */
  relaunches: number;
  /** Not launched again before this instant. */
  not_before: number | null;
  /** Agent on which the last attempt never ran: another is taken first. */
  avoid: string | null;
  /** Id of an older request for the same task instance and try, which has begun: this one waits until it is over. */
  after: string | null;
  /** Its end was asked for, and how it is to be told: killed by somebody, or superseded by a newer request. */
  end_as: 'killed' | 'superseded' | null;
  /** Who asked, and why; '' if nobody did. */
  end_reason: string;
  /** When `state` changed last. */
  changed: number;
}

/** An attempt as the store keeps it. Of its secrets, only hashes. */
export interface StoredAttempt extends AttemptRecord {
  /** When TASK_RUNNING was seen. */
  running: number | null;
  ticket_hash: string;
  ticket_expires: number;
  receipt_hash: string | null;
  /** It reported that Airflow runs the task elsewhere. */
  superseded: boolean;
  /** Since when it is to be killed. */
  kill: number | null;
}

export function isOver(state: RequestState): boolean {
  return terminalRequestStates.has(state);
}

/** Whether the task may have begun to run: Mesos saw its process, or its process took the workload. */
export function hasBegun(attempt: StoredAttempt): boolean {
  return attempt.running !== null || attempt.redeemed !== null;
}

export function publicAttempt(attempt: StoredAttempt): AttemptRecord {
  const { mesos_task_id, request_id, agent_id, agent, agent_address, framework_id, executor_id } = attempt;
  const { container_id, state, ended, reason, source, message, launched, redeemed } = attempt;
  return {
    mesos_task_id,
    request_id,
    attempt: attempt.attempt,
    agent_id,
    agent,
    agent_address,
    framework_id,
    executor_id,
    container_id,
    state,
    ended,
    reason,
    source,
    message,
    launched,
    redeemed,
  };
}

export function publicTask(request: StoredRequest, waits: string | null): TaskRecord {
  const { id, deployment, key, state, mesos_task_id, attempt, agent_id, agent, resources } = request;
  const { constraints, priority, queue, info, queued, launched, started, ended } = request;
  return {
    id,
    deployment,
    key,
    state,
    mesos_task_id,
    attempt,
    agent_id,
    agent,
    resources,
    constraints,
    priority,
    queue,
    waits,
    info,
    queued,
    launched,
    started,
    ended,
  };
}
