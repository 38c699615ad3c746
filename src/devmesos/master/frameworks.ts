import { randomUUID } from 'node:crypto';
import type { FrameworkInfo } from '../../mesos/types.ts';
import type { EventStream } from '../http/eventStream.ts';
import type { Executors } from './executors.ts';
import { Framework, type RegisteredInfo } from './framework.ts';
import { frameworkInfoError, frameworkUpdateError, suppressedRolesError } from './frameworkValidation.ts';
import type { Offers } from './offers.ts';
import { heartbeatInterval } from './options.ts';
import type { MasterState } from './state.ts';
import type { Tasks } from './tasks.ts';
import { frameworkView } from './views.ts';

/** The life of frameworks: subscription, failover, suppression, removal. */
export class Frameworks {
  readonly #state: MasterState;
  readonly #offers: Offers;
  readonly #tasks: Tasks;
  readonly #executors: Executors;

  constructor(state: MasterState, offers: Offers, tasks: Tasks, executors: Executors) {
    this.#state = state;
    this.#offers = offers;
    this.#tasks = tasks;
    this.#executors = executors;
  }

  /** What is wrong with a subscription: told as an ERROR event, not as a status code. */
  subscriptionError(info: FrameworkInfo, suppressed: readonly string[]): string | undefined {
    const error = frameworkInfoError(info) ?? suppressedRolesError(info, suppressed);
    if (error) return error;
    const id = info.id?.value ?? '';
    if (this.#state.completedFrameworks.has(id)) return 'Framework has been removed';
    const known = this.#state.frameworks.get(id);
    return known && known.info.principal !== info.principal
      ? "Changing framework's principal is not allowed."
      : undefined;
  }

  /** Connects a scheduler that was found valid: new, returned, unknown with an id (adopted), or in place of another. */
  subscribe(info: FrameworkInfo, suppressed: readonly string[], streamId: string, stream: EventStream): void {
    const now = this.#state.clock.now();
    const id = info.id?.value ? info.id : { value: this.#state.newFrameworkId() };
    const known = this.#state.frameworks.get(id.value);
    const framework = known ?? new Framework({ ...info, id }, now);
    if (known) {
      this.#disconnect(known, 'Framework failed over');
      // A user and a checkpoint setting stay what they were, silently.
      known.info = { ...info, id, user: known.info.user, ...checkpointOf(known.info) };
      known.reregisteredTime = now;
      known.recovered = false;
    } else {
      this.#state.frameworks.set(framework.id, framework);
    }
    framework.suppressed = new Set(suppressed);
    framework.subscription = { streamId, stream };
    this.#begin(framework, stream);
    this.#state.events.send(
      known
        ? { type: 'FRAMEWORK_UPDATED', framework_updated: { framework: frameworkView(known) } }
        : { type: 'FRAMEWORK_ADDED', framework_added: { framework: frameworkView(framework) } },
    );
    this.#state.log(`framework ${framework.id} (${info.name}) subscribed`);
    // Agents send again at once what isn't acknowledged.
    for (const agent of this.#state.agents.values())
      agent.send({ type: 'framework', framework: framework.info });
    this.#offers.allocator.soon();
  }

  #begin(framework: Framework, stream: EventStream): void {
    framework.send({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: framework.info.id,
        heartbeat_interval_seconds: heartbeatInterval / 1000,
        master_info: this.#state.info,
      },
    });
    stream.send({ type: 'HEARTBEAT' });
    const beat = this.#state.clock.every(heartbeatInterval, () => stream.send({ type: 'HEARTBEAT' }));
    stream.onClosed(() => {
      beat.cancel();
      if (framework.subscription?.stream === stream) this.#lost(framework);
    });
  }

  /** The scheduler is gone: it has its failover timeout to come back. */
  #lost(framework: Framework): void {
    this.#state.log(`framework ${framework.id} disconnected`);
    framework.subscription = undefined;
    this.#offers.withdrawAllOf(framework);
    this.#offers.allocator.filters.clear(framework.id);
    const update = { framework: frameworkView(framework) };
    this.#state.events.send({ type: 'FRAMEWORK_UPDATED', framework_updated: update });
    this.expire(framework);
  }

  /** Removes a framework unless its scheduler is back before its failover timeout (or `least` milliseconds, if that is more). */
  expire(framework: Framework, least = 0): void {
    const timeout = Math.max(least, (framework.info.failover_timeout ?? 0) * 1000);
    framework.failover?.cancel();
    framework.failover = this.#state.clock.after(timeout, () => {
      if (!framework.isConnected) this.remove(framework);
    });
  }

  /** Ends a living connection in favour of another one. */
  #disconnect(framework: Framework, reason: string): void {
    framework.failover?.cancel();
    framework.failover = undefined;
    const { subscription } = framework;
    framework.subscription = undefined;
    subscription?.stream.send({ type: 'ERROR', error: { message: reason } });
    subscription?.stream.end();
    // The offers it had are not rescinded, just forgotten; they are made again for the new connection.
    this.#offers.withdrawAllOf(framework);
    this.#offers.allocator.filters.clear(framework.id);
  }

  /** Ends a framework for good, with its tasks. */
  remove(framework: Framework): void {
    this.#state.log(`framework ${framework.id} removed`);
    framework.failover?.cancel();
    const { subscription } = framework;
    framework.subscription = undefined;
    subscription?.stream.end();
    this.#offers.withdrawAllOf(framework);
    this.#offers.allocator.filters.clear(framework.id);
    for (const agent of this.#state.agents.values()) {
      agent.send({ type: 'shutdown-framework', frameworkId: framework.info.id });
    }
    for (const task of [...framework.tasks.values()]) {
      this.#tasks.end(framework, this.#state.agents.get(task.agentId), task, {
        state: 'TASK_KILLED',
        message: `Framework ${framework.id} removed`,
        reason: 'REASON_FRAMEWORK_REMOVED',
        agent_id: task.view.agent_id,
      });
      framework.complete(task);
    }
    for (const executor of framework.executors) this.#executors.remove(executor);
    framework.unregisteredTime = this.#state.clock.now();
    this.#state.complete(framework);
    const removed = { framework_info: framework.info };
    this.#state.events.send({ type: 'FRAMEWORK_REMOVED', framework_removed: removed });
  }

  /** UPDATE_FRAMEWORK. Returns what is wrong with it, if anything. */
  update(framework: Framework, info: FrameworkInfo, suppressed: readonly string[]): string | undefined {
    const error =
      frameworkInfoError(info) ??
      suppressedRolesError(info, suppressed) ??
      frameworkUpdateError(framework.info, info);
    if (error) return error;
    framework.info = { ...info, id: framework.info.id };
    framework.suppressed = new Set(suppressed);
    for (const open of [...framework.offers.values()]) {
      if (!framework.roles.includes(open.role)) this.#offers.rescind(framework, open);
    }
    for (const agent of this.#state.agents.values())
      agent.send({ type: 'framework', framework: framework.info });
    const updated = { framework: frameworkView(framework) };
    this.#state.events.send({ type: 'FRAMEWORK_UPDATED', framework_updated: updated });
    this.#offers.allocator.soon();
    return undefined;
  }

  /** No roles: all. Unknown ones are ignored. */
  suppress(framework: Framework, roles: readonly string[] = []): void {
    for (const role of this.#ownRoles(framework, roles)) framework.suppressed.add(role);
  }

  /** Wants offers again, and at once, also of what it declined. */
  revive(framework: Framework, roles: readonly string[] = []): void {
    const own = this.#ownRoles(framework, roles);
    for (const role of own) framework.suppressed.delete(role);
    this.#offers.allocator.filters.clear(framework.id, roles.length === 0 ? undefined : new Set(own));
    this.#offers.allocator.soon();
  }

  #ownRoles(framework: Framework, roles: readonly string[]): string[] {
    return framework.roles.filter((role) => roles.length === 0 || roles.includes(role));
  }
}

export function newStreamId(): string {
  return randomUUID();
}

function checkpointOf(info: RegisteredInfo): { checkpoint?: boolean } {
  return info.checkpoint === undefined ? {} : { checkpoint: info.checkpoint };
}
