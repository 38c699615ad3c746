import type { StoredAttempt, StoredRequest } from './records.ts';
import { isOver } from './records.ts';
import type { Store } from './store.ts';
import { debugDeployment, type RequestState } from './types.ts';

/**
 * One transaction's changes, gathered so that they are told only once they are on the disk. Made inside
 * `store.transaction` and read after it.
 */
export class Work {
  readonly store: Store;
  readonly now: number;
  /** Requests added or changed, as they are now. */
  readonly requests = new Map<string, StoredRequest>();
  /** Attempts added or changed, as they are now. */
  readonly attempts = new Map<string, StoredAttempt>();
  /** Deployments that have new events. */
  readonly deployments = new Set<string>();
  /** By how much the number of requests in a state changed. */
  readonly counts = new Map<RequestState, number>();

  constructor(store: Store, now: number) {
    this.store = store;
    this.now = now;
  }

  add(request: Omit<StoredRequest, 'seq'>, workload: Record<string, unknown>): StoredRequest {
    const stored = this.store.requests.insert(request, JSON.stringify(workload));
    this.requests.set(stored.id, stored);
    this.#count(stored, 1);
    return stored;
  }

  /** A change of state is an event; an end forgets the workload and sets `ended`. */
  change(request: StoredRequest, patch: Partial<StoredRequest>): StoredRequest {
    const moved = patch.state !== undefined && patch.state !== request.state;
    const next: StoredRequest = { ...request, ...patch };
    if (moved) next.changed = this.now;
    if (moved && isOver(next.state)) {
      next.ended = this.now;
      this.store.requests.forgetWorkload(next.id);
    }
    this.store.requests.update(next);
    this.requests.set(next.id, next);
    if (moved && isOver(next.state)) {
      for (const waiter of this.store.requests.waitingFor(next.id)) this.change(waiter, { after: null });
    }
    if (moved) {
      this.#count(request, -1);
      this.#count(next, 1);
      const { id, state, info, mesos_task_id, agent } = next;
      this.store.events.add(next.deployment, { id, state, info, mesos_task_id, agent, at: this.now });
      this.deployments.add(next.deployment);
    }
    return next;
  }

  launch(attempt: StoredAttempt): void {
    this.store.attempts.insert(attempt);
    this.attempts.set(attempt.mesos_task_id, attempt);
  }

  changeAttempt(attempt: StoredAttempt, patch: Partial<StoredAttempt>): StoredAttempt {
    const next: StoredAttempt = { ...attempt, ...patch };
    this.store.attempts.update(next);
    this.attempts.set(next.mesos_task_id, next);
    return next;
  }

  #count({ deployment, state }: StoredRequest, by: number): void {
    if (deployment === debugDeployment && isOver(state)) return;
    this.counts.set(state, (this.counts.get(state) ?? 0) + by);
  }
}
