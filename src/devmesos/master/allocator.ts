import type { Timer } from '../clock.ts';
import type { Resources } from '../resources.ts';
import { RunTimes } from '../runTimes.ts';
import type { Agent } from './agent.ts';
import { Choices, Shares, type Claimant } from './fairness.ts';
import { RefusalFilters } from './filters.ts';
import type { MasterState } from './state.ts';

/** Less than this of both is not worth an offer (Mesos's MIN_CPUS and MIN_MEM). */
const leastCpus = 0.01;
const leastMem = 32;

/** What a framework gets of an agent. */
export interface Allocation extends Claimant {
  readonly agent: Agent;
  readonly resources: Resources;
}

/**
 * Decides who is offered what: all that is free on an agent goes to the role, and in it to the framework, with the least
 * dominant share that wants it; what is reserved, to the role that it is reserved for, or one below that. Runs each allocation interval, and at once when something changed.
 */
export class Allocator {
  readonly filters: RefusalFilters;
  readonly runs = new RunTimes();
  readonly #state: MasterState;
  readonly #offer: (allocations: readonly Allocation[]) => void;
  readonly #choices = new Choices();
  readonly #dirty = new Set<string>();
  #soon: Timer | undefined;
  #rounds: Timer | undefined;

  constructor(state: MasterState, offer: (allocations: readonly Allocation[]) => void) {
    this.#state = state;
    this.#offer = offer;
    this.filters = new RefusalFilters(state.clock, state.options.allocationInterval);
  }

  start(): void {
    this.#rounds = this.#state.clock.every(this.#state.options.allocationInterval, () =>
      this.#allocate([...this.#state.agents.values()]),
    );
  }

  stop(): void {
    this.#rounds?.cancel();
    this.#soon?.cancel();
  }

  /** Offers what is free on these agents (all: on every one) as soon as this turn's work is done. */
  soon(agentIds: Iterable<string> = this.#state.agents.keys()): void {
    for (const id of agentIds) this.#dirty.add(id);
    this.#soon ??= this.#state.clock.after(0, () => {
      this.#soon = undefined;
      const agents = [...this.#dirty].flatMap((id) => this.#state.agents.get(id) ?? []);
      this.#dirty.clear();
      this.#allocate(agents);
    });
  }

  #allocate(agents: readonly Agent[]): void {
    this.runs.measure(() => this.#run(agents));
  }

  #run(agents: readonly Agent[]): void {
    const claimants = [...this.#state.frameworks.values()]
      .filter(({ isConnected }) => isConnected)
      .flatMap((framework) => framework.roles.map((role) => ({ framework, role })))
      .filter(({ framework, role }) => !framework.suppressed.has(role));
    if (claimants.length === 0) return;
    // Who is alone needs no comparison.
    const shares = claimants.length > 1 ? new Shares(this.#state, this.#choices) : undefined;
    let inOrder = shares?.inOrder(claimants) ?? claimants;
    const allocations: Allocation[] = [];
    for (const agent of agents) {
      if (!agent.isConnected) continue;
      const before = allocations.length;
      for (const { framework, role } of inOrder) {
        // An agent with GPUs is kept for those who know how to use them.
        if (agent.total.scalar('gpus') > 0 && !framework.can('GPU_RESOURCES')) continue;
        const resources = agent.free.offerableTo(role);
        if (!isWorthOffering(resources)) continue;
        if (this.filters.refuses(framework.id, role, agent.id, resources)) continue;
        agent.free = agent.free.minus(resources);
        shares?.allocate({ framework, role }, resources);
        allocations.push({ framework, role, agent, resources });
      }
      if (shares && allocations.length > before) inOrder = shares.inOrder(claimants);
    }
    if (allocations.length > 0) this.#offer(allocations);
  }
}

function isWorthOffering(resources: Resources): boolean {
  return resources.scalar('cpus') >= leastCpus || resources.scalar('mem') >= leastMem;
}
