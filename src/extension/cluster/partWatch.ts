import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../host/errors.ts';
import { Disposing } from '../dispose.ts';
import type { PartIncident } from '../commandLine/progress.ts';
import type { ClusterModel } from './model.ts';

/**
 * Tells what happens to the containers of a cluster until the signal is aborted. Resolves before that where the cluster was
 * brought down, and rejects where it cannot watch.
 */
export type Watch = (
  cluster: string,
  tell: (incident: PartIncident) => void,
  signal: AbortSignal,
) => Promise<void>;

export interface PartWatchOptions {
  readonly watch: Watch;
  /** Why a watch ended, for the log. */
  readonly onEnd: (why: string) => void;
  /** Milliseconds between the end of a watch and the next: the first time; doubled each time, up to a minute. */
  readonly firstPauseMs?: number;
}

const longestPauseMs = 60_000;

/**
 * Watches the containers of a cluster in Docker while this window is connected to it: one watch a window, started again
 * with growing pauses where it fails.
 */
export class PartWatch extends Disposing {
  readonly #model: ClusterModel;
  readonly #options: PartWatchOptions;
  #watched: string | undefined;
  /** When the service was started whose cluster was brought down: it may answer for some seconds still. */
  #ended: number | undefined;
  #stop = new AbortController();

  constructor(model: ClusterModel, options: PartWatchOptions) {
    super();
    this.#model = model;
    this.#options = options;
    this.register(model.onDidChange(() => this.#look()));
    this.register({ dispose: () => this.#stop.abort() });
  }

  #look(): void {
    const { connection, state } = this.#model.picture;
    // Of a recording there is nothing to watch.
    const inDocker = state?.cluster.engine === 'docker' && !state.cluster.recording;
    // While the connection is lost it goes on: it is what tells why.
    const connected = connection.phase === 'live' || (connection.phase === 'lost' && this.#watched);
    const ended = state?.cluster.started === this.#ended;
    const wanted = inDocker && connected && !ended ? this.#model.name : undefined;
    if (wanted === this.#watched) return;
    this.#stop.abort();
    this.#watched = wanted;
    if (wanted === undefined) return;
    this.#stop = new AbortController();
    void this.#run(wanted, this.#stop.signal);
  }

  async #run(cluster: string, signal: AbortSignal): Promise<void> {
    const { watch, onEnd, firstPauseMs = 1000 } = this.#options;
    const tell = (incident: PartIncident): void => {
      if (!signal.aborted) this.#model.note(incident);
    };
    const stopped = (): boolean => signal.aborted;
    let pause = firstPauseMs;
    while (!stopped()) {
      const began = performance.now();
      let why: string;
      try {
        await watch(cluster, tell, signal);
        if (stopped()) return;
        // Brought down: to watch it anew would start its service again.
        this.#ended = this.#model.picture.state?.cluster.started;
        this.#look();
        return;
      } catch (error) {
        why = messageOf(error);
      }
      if (stopped()) return;
      // One that lived a while did its work: its end is another matter than that of the one before.
      if (performance.now() - began > longestPauseMs) pause = firstPauseMs;
      onEnd(why);
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }
}
