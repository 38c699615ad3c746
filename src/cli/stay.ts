import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterView } from '../api/people.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { messageOf } from '../host/errors.ts';
import type { ClusterLink } from './cluster.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * Watches over a cluster until the signal is aborted (`left`) or somebody brings it down (`ended`). A service that died is
 * started again. `tell` is given a sentence for each thing that a person wants to know of.
 */
export async function stay(
  link: ClusterLink,
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<'left' | 'ended'> {
  const seen = new Restarts(tell);
  let pause = firstPauseMs;
  for (;;) {
    const lived = await untilBroken(link.client, (view) => seen.see(view), signal);
    if (signal.aborted) return 'left';
    if (lived) pause = firstPauseMs;
    try {
      await link.revive();
    } catch (error) {
      if (error instanceof CommandError && error.exitCode === exitCodes.noCluster) return 'ended';
      tell(`The service does not come back: ${messageOf(error)}. Trying again.`);
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

/** Follows the cluster until the stream breaks or the signal is aborted. Returns whether anything came. */
async function untilBroken(
  client: ServiceClient,
  see: (view: ClusterView) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const left = new AbortController();
  let any = false;
  await client
    .subscribe(
      {
        event: (event) => {
          any = true;
          if (event.type === 'snapshot' || event.type === 'cluster') see(event.cluster);
        },
        disconnected: () => left.abort(),
      },
      { signal: AbortSignal.any([signal, left.signal]), topics: ['cluster'] },
    )
    // Refused: the next connection says why.
    .catch(() => undefined);
  return any;
}

/** Tells of each part that was started again or given up. */
class Restarts {
  readonly #tell: (text: string) => void;
  readonly #known = new Map<string, { readonly restarts: number; readonly failed: boolean }>();

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  see(view: ClusterView): void {
    for (const { name, restarts, state, detail, log } of view.parts) {
      const before = this.#known.get(name);
      const failed = state === 'failed';
      this.#known.set(name, { restarts, failed });
      if (!before) continue;
      if (failed && !before.failed) this.#tell(`${name} has failed: ${detail}. Its log: ${log}`);
      else if (restarts > before.restarts)
        this.#tell(`${name} ended by itself and is started again: ${detail}`);
    }
  }
}
