import type { Attribute, Offer } from '../../mesos/types.ts';
import { refusalOf } from '../duration.ts';
import type { Agent } from './agent.ts';
import { Allocator, type Allocation } from './allocator.ts';
import type { Framework, OpenOffer } from './framework.ts';
import type { MasterState } from './state.ts';

/** Makes offers of what the allocator decides, and takes them back. */
export class Offers {
  readonly allocator: Allocator;
  readonly #state: MasterState;

  constructor(state: MasterState) {
    this.#state = state;
    this.allocator = new Allocator(state, (allocations) => this.#make(allocations));
  }

  find(offerId: string): { framework: Framework; agent: Agent; open: OpenOffer } | undefined {
    for (const framework of this.#state.frameworks.values()) {
      const open = framework.offers.get(offerId);
      const agent = open && this.#state.agents.get(open.offer.agent_id.value);
      if (agent) return { framework, agent, open };
    }
    return undefined;
  }

  /** Forgets an offer without giving its resources back: the caller has them. */
  take(framework: Framework, open: OpenOffer): void {
    const { id, agent_id } = open.offer;
    framework.offers.delete(id.value);
    this.#state.agents.get(agent_id.value)?.offers.delete(id.value);
  }

  /** Gives an offer's resources back, without telling the framework. */
  withdraw(framework: Framework, open: OpenOffer): void {
    this.take(framework, open);
    const agent = this.#state.agents.get(open.offer.agent_id.value);
    if (agent) agent.free = agent.free.plus(open.resources);
  }

  /** Gives an offer's resources back, and tells the framework that it is no longer valid. */
  rescind(framework: Framework, open: OpenOffer): void {
    this.withdraw(framework, open);
    framework.send({ type: 'RESCIND', rescind: { offer_id: open.offer.id } });
  }

  rescindAllOf(agent: Agent): void {
    for (const open of [...agent.offers.values()]) {
      const framework = this.#state.frameworks.get(open.offer.framework_id.value);
      if (framework) this.rescind(framework, open);
    }
  }

  withdrawAllOf(framework: Framework): void {
    const agents = [...framework.offers.values()].map(({ offer }) => offer.agent_id.value);
    for (const open of [...framework.offers.values()]) this.withdraw(framework, open);
    if (agents.length > 0) this.allocator.soon(agents);
  }

  /** Gives offers back and keeps the framework from getting the same again for `refuseSeconds` (default 5). */
  decline(framework: Framework, offerIds: readonly string[], refuseSeconds: number | undefined): void {
    for (const id of offerIds) {
      const open = framework.offers.get(id);
      if (!open) continue;
      this.withdraw(framework, open);
      const refusal = refusalOf(refuseSeconds);
      this.allocator.filters.add(framework.id, open.role, open.offer.agent_id.value, open.resources, refusal);
    }
  }

  #make(allocations: readonly Allocation[]): void {
    const byFramework = new Map<Framework, Offer[]>();
    for (const { framework, role, agent, resources } of allocations) {
      const offer = this.#offerOf({ framework, role, agent, resources });
      const open: OpenOffer = { offer, role, resources };
      framework.offers.set(offer.id.value, open);
      agent.offers.set(offer.id.value, open);
      byFramework.set(framework, [...(byFramework.get(framework) ?? []), offer]);
      const { offerTimeout } = this.#state.options;
      if (offerTimeout !== undefined) {
        this.#state.clock.after(offerTimeout, () => {
          if (framework.offers.get(offer.id.value) === open) this.rescind(framework, open);
        });
      }
    }
    for (const [framework, offers] of byFramework) framework.send({ type: 'OFFERS', offers: { offers } });
  }

  #offerOf({ framework, role, agent, resources }: Allocation): Offer {
    const { hostname } = agent.info;
    const [ip = hostname, port = '0'] = agent.pid.replace(/^.*@/, '').split(/:(?=\d+$)/);
    const multiRole = framework.can('MULTI_ROLE');
    const style = {
      reservations: framework.can('RESERVATION_REFINEMENT') ? 'reservations' : 'role',
      allocation: multiRole,
    } as const;
    const attributes: Attribute[] = agent.info.attributes ?? [];
    const executors = [...agent.executors.values()]
      .filter(({ frameworkId }) => frameworkId === framework.id)
      .map(({ info }) => info.executor_id);
    return {
      id: { value: this.#state.newOfferId() },
      framework_id: framework.info.id,
      agent_id: agent.info.id,
      hostname,
      url: { scheme: 'http', address: { hostname, ip, port: Number(port) }, path: '/slave(1)' },
      resources: resources.allocatedTo(role).toJson(style),
      ...(attributes.length > 0 ? { attributes } : {}),
      ...(executors.length > 0 ? { executor_ids: executors } : {}),
      ...(multiRole ? { allocation_info: { role } } : {}),
    };
  }
}
