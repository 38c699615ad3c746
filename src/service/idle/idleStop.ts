import { usualIdleStop, type ClusterSpec, type StoppedItself } from '../../api/cluster.ts';
import { terminalRequestStates, type RequestState } from '../../framework/types.ts';
import { messageOf } from '../../host/errors.ts';
import { writePrivateFile } from '../../host/files.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import type { Core } from '../core.ts';
import type { Route } from '../http/route.ts';
import type { Logger } from '../log.ts';
import type { EngineSide } from '../sides/side.ts';
import { IdleWatch } from './idleWatch.ts';
import { neededFor } from './needed.ts';

export interface IdleStopOptions {
  readonly spec: ClusterSpec;
  readonly folder: ClusterFolder;
  readonly side: Pick<EngineSide, 'airflow'>;
  readonly core: Pick<Core, 'framework' | 'subscriptions'>;
  readonly log: Logger;
  /** Ends the cluster. */
  readonly shutdown: () => void;
}

/**
 * Ends an embedded cluster that has been idle, and leaves a notice of it, which goes at the next start. Undefined where
 * the cluster is not to end itself: then it was asked so, or its parts are containers, which the service cannot end.
 */
export function idleStop(options: IdleStopOptions): IdleWatch | undefined {
  const { core, folder, log, shutdown, side, spec } = options;
  if (spec.engine !== 'embedded') return undefined;
  const seconds = spec.service.idle_stop ?? usualIdleStop;
  if (seconds === 0) return undefined;
  const end = async (): Promise<void> => {
    log.info(`nobody has looked and nothing has run for ${seconds} s: the cluster ends itself`);
    const notice: StoppedItself = { at: Date.now(), idle_s: seconds };
    try {
      await writePrivateFile(folder.stopped, `${JSON.stringify(notice)}\n`);
    } catch (error) {
      log.error(`why it ends could not be written down for later: ${messageOf(error)}`);
    }
    shutdown();
  };
  const watch = new IdleWatch({
    limitMs: seconds * 1000,
    clients: () => core.subscriptions.size,
    unfinished: () => unfinished(core.framework.status().counts),
    needed: () => neededFor(side.airflow),
    onIdle: () => void end(),
    log,
  });
  core.framework.on('task', () => watch.touch());
  return watch;
}

/** The same routes; `look` is called whenever a person's tool asks for something. */
export function noticing(routes: readonly Route[], look: () => void): Route[] {
  return routes.map((route) => {
    if (route.access !== 'admin') return route;
    return {
      ...route,
      handle: (call) => {
        look();
        return route.handle(call);
      },
    };
  });
}

function unfinished(counts: Readonly<Record<RequestState, number>>): number {
  const states = Object.entries(counts) as [RequestState, number][];
  return states.reduce((sum, [state, count]) => (terminalRequestStates.has(state) ? sum : sum + count), 0);
}
