import * as z from 'zod/mini';
import { cursor, instant, resources } from './common.ts';

// What Airflow's executor and a task's first process say to the service. Paths stand below /v1:
//   POST deployments/{deployment}/tasks             submitRequest      -> submitResponse
//   POST deployments/{deployment}/tasks/kill        idsRequest         -> killResponse
//   POST deployments/{deployment}/tasks/revoke      idsRequest         -> revokeResponse
//   POST deployments/{deployment}/tasks/states      idsRequest         -> statesResponse
//   GET  deployments/{deployment}/events?after=&wait=                  -> eventsResponse, 410 problem
//   GET  deployments/{deployment}/log?path=                            -> text/plain (Airflow's log file as it stands)
//   POST tickets/redeem                             redeemRequest      -> redeemResponse
//   POST attempts/outcome                           outcomeRequest     -> 204

/** Which try of which task instance a request runs: Airflow's own key. */
export const taskInstanceKey = z.object({
  dag_id: z.string().check(z.minLength(1)),
  run_id: z.string().check(z.minLength(1)),
  task_id: z.string().check(z.minLength(1)),
  /** -1 where the task is not mapped. */
  map_index: z.int().check(z.gte(-1)),
  try_number: z.int().check(z.gte(0)),
});
export type TaskInstanceKey = z.infer<typeof taskInstanceKey>;

/** Airflow's pre-assigned external executor id: a UUID, which makes submitting the same request twice harmless. */
export const requestId = z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i));

/** Of the agent's attributes (`name`, text), all of these must be equal. */
export const constraints = z.record(z.string(), z.string());

export const taskRequest = z.object({
  id: requestId,
  key: taskInstanceKey,
  /** Airflow's workload, handed on as it is to the task's first process. Holds the task's token: never shown, never logged. */
  workload: z.record(z.string(), z.unknown()),
  /** What is left out takes the cluster's default. */
  resources: z.optional(z.partial(resources)),
  constraints: z.optional(constraints),
  /** Higher first; then first come, first served. Airflow's priority_weight. */
  priority: z.optional(z.int()),
  queue: z.optional(z.string()),
});
export type TaskRequest = z.infer<typeof taskRequest>;

export const submitRequest = z.object({ tasks: z.array(z.unknown()) });
export const submitResponse = z.object({
  accepted: z.array(requestId),
  /** A request that will never run, with the reason to show: the others of the batch are not touched by it. */
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
});
export type SubmitResponse = z.infer<typeof submitResponse>;

export const idsRequest = z.object({ ids: z.array(z.string()), reason: z.optional(z.string()) });
/** Each id in exactly one list: being killed (or dead already), or not known here. */
export const killResponse = z.object({ killing: z.array(z.string()), unknown: z.array(z.string()) });
export type KillResponse = z.infer<typeof killResponse>;
/**
 * `revoked`: certain never to start, or proven ended. `running`: its process has begun; it is being killed and the end arrives as an event.
 * Unknown ids count as revoked, and are remembered so that a late submit of them is refused.
 */
export const revokeResponse = z.object({ revoked: z.array(z.string()), running: z.array(z.string()) });
export type RevokeResponse = z.infer<typeof revokeResponse>;

/**
 * What the framework tells Airflow of a request, in this order. `queued` again after `launched` means that an attempt never ran
 * and another follows, at no cost of an Airflow try. Terminal: finished, failed, killed, lost, superseded.
 */
export const requestState = z.enum([
  'queued',
  'launched',
  'starting',
  'running',
  'finished',
  'failed',
  'killed',
  'lost',
  'superseded',
]);
export type RequestState = z.infer<typeof requestState>;
export const terminalStates: ReadonlySet<RequestState> = new Set([
  'finished',
  'failed',
  'killed',
  'lost',
  'superseded',
]);

export const taskEvent = z.object({
  id: requestId,
  state: requestState,
  /** For a person: Mesos' reason and message, the agent. Empty where there is nothing to say. */
  info: z.string(),
  mesos_task_id: z.nullable(z.string()),
  agent: z.nullable(z.string()),
  at: instant,
});
export type TaskEvent = z.infer<typeof taskEvent>;

/** Events after a cursor, oldest first; waits up to `wait` seconds (at most 30) for the first. No cursor: from now on. */
export const eventsResponse = z.object({ cursor, events: z.array(taskEvent) });
export type EventsResponse = z.infer<typeof eventsResponse>;

/** The present state of each known id, and the cursor from which events continue it. */
export const statesResponse = z.object({ cursor, tasks: z.array(taskEvent), unknown: z.array(z.string()) });
export type StatesResponse = z.infer<typeof statesResponse>;

/**
 * A ticket works once, for a launched attempt, for a short time. Its second use is refused (409) and reported, unless it
 * comes with the receipt of the first, soon after it: the answer to that may have been lost with the service.
 */
export const redeemRequest = z.object({
  ticket: z.string().check(z.minLength(1)),
  /** 32 random bytes of the caller's, base64url; without it the service makes the receipt, and no request can be repeated. */
  receipt: z.optional(z.string().check(z.regex(/^[\w-]{43}$/))),
});
export const redeemResponse = z.object({
  workload: z.record(z.string(), z.unknown()),
  /** Variables for the task that no state endpoint may show: the workspace's .env. */
  env: z.record(z.string(), z.string()),
  /** With it the attempt may report its own outcome; nothing else can be done with it. */
  receipt: z.string(),
});
export type RedeemResponse = z.infer<typeof redeemResponse>;

/** `superseded`: Airflow's /run answered 409, the task already runs elsewhere; the attempt is over and means nothing. */
export const outcomeRequest = z.object({
  receipt: z.string().check(z.minLength(1)),
  outcome: z.enum(['superseded']),
});
