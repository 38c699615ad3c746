import { Resolver } from 'node:dns/promises';
import net from 'node:net';
import { codeOf } from '../../host/errors.ts';
import { Lack } from './lack.ts';

export interface Found {
  readonly address: string;
  /** Whether the name server says so now; else it is where it was. */
  readonly current: boolean;
}

/**
 * Addresses of names on the cluster's network. Asked of the name server directly: the system's own look-up holds one of
 * Node's few threads for as long as a dead container's name is searched for in the wide world.
 */
export class Names {
  readonly #resolver = new Resolver({ timeout: 700, tries: 1 });
  readonly #last = new Map<string, string>();

  /** Throws Lack where the name is not known: its container does not run. */
  async addressOf(host: string): Promise<Found> {
    if (net.isIP(host) !== 0) return { address: host, current: true };
    try {
      const [address] = await this.#resolver.resolve4(host);
      if (address === undefined) throw new Lack('gone', `the name ${host} is not known`);
      this.#last.set(host, address);
      return { address, current: true };
    } catch (error) {
      const code = codeOf(error);
      if (error instanceof Lack) throw error;
      if (code === 'ENOTFOUND' || code === 'ENODATA') {
        throw new Lack(
          'gone',
          `the name ${host} is not known on the network: its container does not run`,
          error,
        );
      }
      // The name server itself is away, or looks further and finds nobody to ask: where it was, it may still be.
      const last = this.#last.get(host);
      if (last !== undefined) return { address: last, current: false };
      throw new Lack('gone', `the name ${host} cannot be looked up (${code ?? 'no answer'})`, error);
    }
  }
}
