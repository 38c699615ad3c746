import { existsSync } from 'node:fs';
import os from 'node:os';
import type { Address } from './endpoint.ts';

/** Where this program runs. */
export interface Here {
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly inContainer: boolean;
}

export function here(): Here {
  return {
    hostname: os.hostname(),
    addresses: Object.values(os.networkInterfaces()).flatMap((all) =>
      (all ?? []).map(({ address }) => address),
    ),
    inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  };
}

/**
 * Whether a daemon sees our files under their own paths, by its address and its host's name. It doesn't on another machine,
 * nor where this program is in a container and the daemon outside of it (a development container with the host's socket). A
 * virtual machine of Docker Desktop and its like counts as here: it is given the person's folders.
 */
export function isLocal({ host, kind }: Address, hostname: string, where: Here): boolean {
  if (kind === 'tcp') {
    const name = (host ?? '').toLowerCase();
    return isLoopback(name) || name === where.hostname.toLowerCase() || where.addresses.includes(name);
  }
  return !where.inContainer || hostname === where.hostname;
}

/** Whether an address can only be on this machine, as far as it tells. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '0.0.0.0' || /^127(\.\d+){3}$/.test(host);
}
