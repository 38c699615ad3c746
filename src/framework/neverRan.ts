import type { StatusSource, TaskState, TaskStatus } from '../mesos/types.ts';

export interface NeverRanRule {
  state: TaskState;
  /** Null: any reason, or none. */
  reason: string | null;
  /** Null: any source. */
  source: StatusSource | null;
  why: string;
}

/**
 * The ends that are the cluster's doing. An attempt that ends so, without TASK_RUNNING ever seen and with its ticket
 * never redeemed, *never ran*: the request is launched again at no cost of an Airflow try, a bounded number of times.
 * Any other end counts. The ticket of an ended attempt is void, so that even a process that Mesos wrongly reported dead
 * cannot take the workload: nothing runs twice.
 *
 * Not here, on purpose: TASK_UNREACHABLE (no end; Airflow's heartbeat decides), TASK_ERROR (the same description would
 * be refused again), TASK_FAILED from the executor or for REASON_CONTAINER_LIMITATION_* (the task's own doing),
 * TASK_FINISHED, and terminal states that come by reconciliation, which have lost their reason.
 *
 * Sources: Apache Mesos docs/task-state-reasons.md and include/mesos/v1/mesos.proto (1.11).
 */
export const neverRanRules: readonly NeverRanRule[] = [
  rule('TASK_DROPPED', null, null, 'Mesos says that its executor never started: a passing fault.'),
  rule('TASK_GONE', null, null, 'The agent is there and the task is not.'),
  rule('TASK_GONE_BY_OPERATOR', null, null, 'An operator says that the agent is gone for good.'),
  rule('TASK_UNKNOWN', null, null, 'The master knows nothing of it, long enough after launch and failover.'),
  ...['REASON_AGENT_DRAINING', 'REASON_FRAMEWORK_REMOVED', 'REASON_TASK_KILLED_DURING_LAUNCH'].map((reason) =>
    rule('TASK_KILLED', reason, null, 'Killed by the cluster before it began; nobody here asked for it.'),
  ),
  ...[
    'REASON_CONTAINER_LAUNCH_FAILED',
    'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
    'REASON_EXECUTOR_TERMINATED',
    'REASON_CONTAINER_UPDATE_FAILED',
    'REASON_CONTAINER_PREEMPTED',
    'REASON_IO_SWITCHBOARD_EXITED',
    'REASON_AGENT_RESTARTED',
    'REASON_GC_ERROR',
  ].map((reason) =>
    rule(
      'TASK_FAILED',
      reason,
      'SOURCE_AGENT',
      'The agent could not start it, or lost what should have run it.',
    ),
  ),
  // TASK_LOST: to frameworks that are not PARTITION_AWARE, or do not checkpoint.
  ...[
    'REASON_INVALID_OFFERS',
    'REASON_AGENT_DISCONNECTED',
    'REASON_MASTER_DISCONNECTED',
    'REASON_RESOURCES_UNKNOWN',
    'REASON_FRAMEWORK_REMOVED',
    'REASON_RECONCILIATION',
  ].map((reason) => rule('TASK_LOST', reason, 'SOURCE_MASTER', 'The master could not hand it to its agent.')),
  ...[
    'REASON_AGENT_RESTARTED',
    'REASON_GC_ERROR',
    'REASON_EXECUTOR_TERMINATED',
    'REASON_CONTAINER_UPDATE_FAILED',
    'REASON_CONTAINER_PREEMPTED',
  ].map((reason) => rule('TASK_LOST', reason, 'SOURCE_AGENT', 'The agent dropped it before it started.')),
];

function rule(
  state: TaskState,
  reason: string | null,
  source: StatusSource | null,
  why: string,
): NeverRanRule {
  return { state, reason, source, why };
}

/** The rule by which an end is the cluster's doing, for an attempt that has not begun; undefined: it counts. */
export function neverRan(status: TaskStatus): NeverRanRule | undefined {
  return neverRanRules.find(
    ({ state, reason, source }) =>
      state === status.state &&
      (reason === null || reason === status.reason) &&
      (source === null || source === status.source),
  );
}
