import type { Engine, PartIncident } from '../../engines/engine.ts';
import { ClusterLink } from '../cluster.ts';
import type { Context } from '../context.ts';
import { watchDocker } from './docker.ts';
import { watchEmbedded } from './embedded.ts';

/** Is told what happens to a cluster. */
export interface Watcher {
  incident(incident: PartIncident): void;
  /** A sentence for a person that is of no part. */
  notice(text: string): void;
}

/** `left`: the signal was aborted. `ended`: the cluster was brought down, or deleted. */
export type WatchEnd = 'left' | 'ended';

/**
 * Watches over a running cluster until the context's signal is aborted or somebody brings it down. In Docker what happens is
 * told to the service, which cannot see it itself; a dead embedded service is started again. `link`: a way to the service
 * that the caller has already.
 */
export async function watchCluster(
  context: Context,
  engine: Engine,
  name: string,
  watcher: Watcher,
  link?: ClusterLink,
): Promise<WatchEnd> {
  // Bound: it is a method.
  const incidents = engine.incidents?.bind(engine);
  if (incidents) {
    return watchDocker(context, { incidents, list: (signal) => engine.list(signal) }, name, watcher);
  }
  return watchEmbedded(link ?? (await ClusterLink.to(context, name)), context.interrupts.signal, watcher);
}
