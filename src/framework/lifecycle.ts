import type { TaskState, TaskStatus } from '../mesos/types.ts';
import { terminalTaskStates } from '../mesos/types.ts';
import { neverRan } from './neverRan.ts';
import type { Settings } from './options.ts';
import { hasBegun, isOver } from './records.ts';
import type { StoredAttempt, StoredRequest } from './records.ts';
import type { RequestState } from './types.ts';

/** What is known beside the status itself, and makes some of what it says worth nothing. */
export interface Doubts {
  /** Its ACCEPT is not answered yet, or only just. */
  inFlight: boolean;
  /** The master is new: agents are still registering with it. */
  newMaster: boolean;
  /** Reconciliation said that it ended, and the agent's own update with the reason did not come for a while. */
  waitedForOriginal: boolean;
}

export type AttemptPatch = Partial<
  Pick<StoredAttempt, 'state' | 'reason' | 'source' | 'message' | 'container_id' | 'running' | 'ended'>
>;
export type RequestPatch = Partial<
  Pick<
    StoredRequest,
    'state' | 'info' | 'relaunches' | 'not_before' | 'avoid' | 'agent' | 'agent_id' | 'started'
  >
>;

/** What a status means. */
export type Step =
  /** Known already, or overtaken by a later one. */
  | { kind: 'nothing' }
  /** Proves nothing: ask again later. */
  | { kind: 'doubt' }
  /** An attempt that is over for us lives: it must be killed. */
  | { kind: 'alive' }
  /** `request` null: the attempt is no longer the request's business. */
  | { kind: 'change'; attempt: AttemptPatch; request: RequestPatch | null };

// How far an attempt has come. TASK_UNREACHABLE is aside: any living state follows it.
const progress: Partial<Record<TaskState, number>> = {
  TASK_UNREACHABLE: -1,
  TASK_STAGING: 0,
  TASK_STARTING: 1,
  TASK_RUNNING: 2,
  TASK_KILLING: 3,
};

const promotions: Partial<Record<TaskState, RequestState>> = {
  TASK_STARTING: 'starting',
  TASK_RUNNING: 'running',
};
const order: readonly RequestState[] = ['queued', 'launched', 'starting', 'running'];

/**
 * The life cycle of an attempt and its request, as one function of what is stored and what Mesos says. Updates may come
 * twice, late and in any order. `now` in milliseconds.
 */
export function step(
  request: StoredRequest | null,
  attempt: StoredAttempt,
  status: TaskStatus,
  doubts: Doubts,
  now: number,
  settings: Settings,
): Step {
  if (attempt.ended !== null) return isAlive(status.state) ? { kind: 'alive' } : { kind: 'nothing' };
  if (isDoubtful(status, doubts)) return { kind: 'doubt' };
  const current = request !== null && !isOver(request.state) && request.attempt === attempt.attempt;
  if (status.state === 'TASK_UNKNOWN' || terminalTaskStates.has(status.state)) {
    return {
      kind: 'change',
      attempt: { ...said(attempt, status), ended: now },
      request: current ? endOf(request, attempt, status, now, settings) : null,
    };
  }
  return advance(current ? request : null, attempt, status, now);
}

export function isAlive(state: TaskState): boolean {
  return state === 'TASK_STAGING' || state === 'TASK_STARTING' || state === 'TASK_RUNNING';
}

function isDoubtful(status: TaskStatus, doubts: Doubts): boolean {
  const reconciled = status.reason === 'REASON_RECONCILIATION';
  switch (status.state) {
    case 'TASK_UNKNOWN':
      return doubts.inFlight || doubts.newMaster;
    case 'TASK_LOST':
      return reconciled && (doubts.inFlight || doubts.newMaster);
    case 'TASK_GONE':
      return reconciled && doubts.inFlight;
    // The copy that reconciliation sends has lost message and reason; the original follows, with both.
    case 'TASK_FINISHED':
    case 'TASK_FAILED':
    case 'TASK_KILLED':
      return reconciled && !doubts.waitedForOriginal;
    default:
      return false;
  }
}

function advance(
  request: StoredRequest | null,
  attempt: StoredAttempt,
  status: TaskStatus,
  now: number,
): Step {
  const from = progress[attempt.state] ?? 0;
  const to = progress[status.state] ?? 0;
  const isNews = attempt.state !== status.state && (to > from || status.state === 'TASK_UNREACHABLE');
  const patch: AttemptPatch = isNews ? said(attempt, status) : containerOf(attempt, status);
  if (status.state === 'TASK_RUNNING' && attempt.running === null) patch.running = now;
  const change: RequestPatch = {};
  if (request) {
    const state = promotions[status.state];
    if (state && order.indexOf(state) > order.indexOf(request.state)) change.state = state;
    if (change.state === 'running' && request.started === null) change.started = now;
    if (isNews) change.info = status.state === 'TASK_UNREACHABLE' ? describe(status, attempt) : '';
    if (change.info === request.info) delete change.info;
  }
  if (Object.keys(patch).length === 0 && Object.keys(change).length === 0) return { kind: 'nothing' };
  return { kind: 'change', attempt: patch, request: Object.keys(change).length > 0 ? change : null };
}

function said(attempt: StoredAttempt, status: TaskStatus): AttemptPatch {
  return {
    ...containerOf(attempt, status),
    state: status.state,
    reason: status.reason ?? null,
    source: status.source ?? null,
    message: status.message ?? null,
  };
}

function containerOf(attempt: StoredAttempt, status: TaskStatus): AttemptPatch {
  const container = status.container_status?.container_id?.value;
  return container !== undefined && attempt.container_id === null ? { container_id: container } : {};
}

const ends: Partial<Record<TaskState, RequestState>> = {
  TASK_FINISHED: 'finished',
  TASK_FAILED: 'failed',
  TASK_ERROR: 'failed',
  TASK_KILLED: 'killed',
};

function endOf(
  request: StoredRequest,
  attempt: StoredAttempt,
  status: TaskStatus,
  now: number,
  settings: Settings,
): RequestPatch {
  const info = describe(status, attempt);
  if (attempt.superseded || request.end_as === 'superseded') {
    return { state: 'superseded', info: request.end_reason || 'Airflow runs this task elsewhere.' };
  }
  const state = ends[status.state] ?? 'lost';
  if (request.end_as === 'killed') {
    return state === 'finished'
      ? { state, info }
      : { state: 'killed', info: `${request.end_reason} ${info}`.trim() };
  }
  if (hasBegun(attempt) || !neverRan(status)) return { state, info };
  if (request.relaunches >= settings.relaunches) {
    return { state, info: `Never ran, launched ${request.relaunches + 1} times. Last: ${info}` };
  }
  const pause = Math.min(settings.relaunchBackoffMs * 2 ** request.relaunches, 30_000);
  return {
    state: 'queued',
    info: `Never ran, to be launched again. ${info}`,
    relaunches: request.relaunches + 1,
    not_before: now + pause,
    avoid: attempt.agent_id,
    agent: null,
    agent_id: null,
  };
}

/** For a person: `TASK_FAILED on agent-2: Command exited with status 1 (REASON_…)`. */
export function describe(status: TaskStatus, attempt: StoredAttempt): string {
  const message = status.message ? `: ${status.message}` : '';
  const reason = status.reason ? ` (${status.reason})` : '';
  return `${status.state} on ${attempt.agent}${message}${reason}`;
}
