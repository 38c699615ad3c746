import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterView, PartView } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { PartIncident } from '../../engines/engine.ts';
import { messageOf } from '../../host/errors.ts';
import { lastLines } from '../../host/logFiles.ts';
import type { ClusterLink } from '../cluster.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Watcher, WatchEnd } from './watch.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;
const linesShown = 8;

/** Watches by the service's events, and starts the service again where it dies. */
export async function watchEmbedded(
  link: ClusterLink,
  signal: AbortSignal,
  watcher: Watcher,
): Promise<WatchEnd> {
  const changes = new PartChanges();
  let told = Promise.resolve();
  const see = (view: ClusterView): void => {
    for (const { part, ...change } of changes.of(view)) {
      told = told.then(async () => {
        const lines = change.state === 'running' ? [] : await lastLines(part.log, linesShown);
        watcher.incident({ ...change, part: part.name, lastLines: lines });
      });
    }
  };
  let pause = firstPauseMs;
  let failures = 0;
  for (;;) {
    const lived = await untilBroken(link.client, see, signal);
    await told;
    if (signal.aborted) return 'left';
    if (lived) {
      pause = firstPauseMs;
      failures = 0;
    }
    try {
      await link.revive();
    } catch (error) {
      if (error instanceof CommandError && error.exitCode === exitCodes.noCluster) return 'ended';
      failures += 1;
      // Once is what an orderly end looks like in its last moment.
      if (failures > 1) watcher.notice(`The service does not come back: ${messageOf(error)}. Trying again.`);
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

interface PartChange extends Pick<PartIncident, 'state' | 'detail' | 'at'> {
  readonly part: PartView;
}

/** Tells from views, one after the other, which parts died, were given up, and came back. */
export class PartChanges {
  readonly #known = new Map<
    string,
    { readonly restarts: number; readonly failed: boolean; readonly away: boolean }
  >();

  of(view: ClusterView, now = Date.now()): PartChange[] {
    // A cluster that is brought down ends its parts.
    if (view.state === 'stopping') return [];
    return view.parts.flatMap((part): PartChange[] => {
      const before = this.#known.get(part.name);
      const failed = part.state === 'failed';
      const died = before !== undefined && part.restarts > before.restarts;
      const away = part.state !== 'ready' && (died || before?.away === true || failed);
      this.#known.set(part.name, { restarts: part.restarts, failed, away });
      if (!before) return [];
      const { detail } = part;
      if (failed && !before.failed) return [{ part, state: 'exited', detail, at: now }];
      if (died && !failed) return [{ part, state: 'restarting', detail, at: now }];
      if (before.away && part.state === 'ready') return [{ part, state: 'running', detail, at: now }];
      return [];
    });
  }
}
