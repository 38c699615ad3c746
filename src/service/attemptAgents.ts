import type { AttemptRecord } from '../framework/types.ts';
import { messageOf } from '../host/errors.ts';
import { AgentAway } from './agentAway.ts';

export interface AttemptAgentsOptions {
  /** `ip:port` by the master's word now; undefined where it does not know the agent. Rejects where it does not answer. */
  readonly addressOf: (agentId: string) => Promise<string | undefined>;
  /** An agent may come back at another address: what its offer told is not worth trying. */
  readonly agentsMove: boolean;
}

/** Where the agents that hold sandboxes are: by the master's word and, where it does not answer, as they were known last. */
export class AttemptAgents {
  readonly #options: AttemptAgentsOptions;
  /** By the agent's id. */
  readonly #known = new Map<string, string>();

  constructor(options: AttemptAgentsOptions) {
    this.#options = options;
  }

  /** `ip:port`, without asking anybody. */
  known({ agent_id, agent_address }: AttemptRecord): string | undefined {
    return this.#known.get(agent_id) ?? (this.#options.agentsMove ? undefined : (agent_address ?? undefined));
  }

  /** `ip:port` as it is now. Throws AgentAway; `why`: what is known of why it is not where it was. */
  async now(attempt: AttemptRecord, why?: string): Promise<string> {
    let address: string | undefined;
    try {
      address = await this.#options.addressOf(attempt.agent_id);
    } catch (error) {
      // Nothing better is known than what is known already.
      const known = this.known(attempt);
      if (known === undefined) throw new AgentAway(attempt, true, messageOf(error));
      return known;
    }
    if (address === undefined) throw new AgentAway(attempt, false, why);
    this.#known.set(attempt.agent_id, address);
    return address;
  }
}
