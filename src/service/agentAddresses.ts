import type { AgentEntry } from '../mesos/types.ts';
import { ownAddressOf } from './views/mesos.ts';

/** The master is not asked more often than this. Milliseconds. */
const freshMs = 1000;

/** Where agents are, by the address that the master itself has of each: the hostname that one advertises may lead anywhere. */
export class AgentAddresses {
  readonly #agents: () => Promise<readonly AgentEntry[]>;
  #known: Promise<ReadonlyMap<string, string>> | undefined;
  #askedAt = -Infinity;

  constructor(agents: () => Promise<readonly AgentEntry[]>) {
    this.#agents = agents;
  }

  /** `ip:port` of an agent; undefined where the master does not know it now. Rejects where the master doesn't answer. */
  async of(agentId: string): Promise<string | undefined> {
    return (await this.#current()).get(agentId);
  }

  /** The agents that have this IP address, by id. Rejects where the master doesn't answer. */
  async at(ip: string): Promise<string[]> {
    return [...(await this.#current())]
      .filter(([, address]) => ipOf(address) === ip)
      .map(([agentId]) => agentId);
  }

  async #current(): Promise<ReadonlyMap<string, string>> {
    const now = performance.now();
    if (this.#known && now - this.#askedAt < freshMs) return this.#known;
    this.#askedAt = now;
    const asked = this.#ask();
    this.#known = asked;
    // The next to ask tries again.
    asked.catch(() => {
      if (this.#known === asked) this.#known = undefined;
    });
    return asked;
  }

  async #ask(): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, string>();
    for (const entry of await this.#agents()) {
      const address = ownAddressOf(entry);
      if (entry.agent_info.id && address !== undefined) known.set(entry.agent_info.id.value, address);
    }
    return known;
  }
}

/** The IP address of `ip:port`; an IPv6 address stands in brackets, or is mapped from IPv4. */
export function ipOf(address: string): string {
  return plainIp(address.replace(/:\d+$/, ''));
}

/** `::ffff:10.0.0.1` and `[::1]` as `10.0.0.1` and `::1`. */
export function plainIp(ip: string): string {
  return ip
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase();
}
