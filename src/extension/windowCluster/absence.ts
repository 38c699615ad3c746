import type { StoppedItself } from '../../api/cluster.ts';
import { listClusters, type KnownCluster } from '../../client/discover.ts';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';

/** What there is where the window's cluster does not run. */
export interface WhatElse {
  /** It was there: it can be started again, with all that it has stored. */
  readonly stopped: boolean;
  /** Where it stopped itself because nobody used it. */
  readonly itself?: StoppedItself;
  /** The names of others that run. */
  readonly others: readonly string[];
}

export const nothingElse: WhatElse = { stopped: false, others: [] };

type Model = Pick<ClusterModel, 'name' | 'picture' | 'onDidChange'>;

/**
 * Looks what else there is while the window's cluster does not run: at files of this machine, when that begins, and when
 * somebody asks (`look`); nothing is polled.
 */
export class Absence extends Disposing {
  readonly #model: Model;
  readonly #list: () => Promise<readonly KnownCluster[]>;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  #now = nothingElse;
  #absent: string | undefined;

  /** `list`: default, the clusters of this user. */
  constructor(model: Model, list: () => Promise<readonly KnownCluster[]> = listClusters) {
    super();
    this.#model = model;
    this.#list = list;
    this.register(model.onDidChange(() => this.#modelChanged()));
  }

  get now(): WhatElse {
    return this.#now;
  }

  /** Looks anew, where there is something to look for. */
  async look(): Promise<void> {
    const name = this.#absent;
    if (name === undefined) return;
    const clusters = await this.#list();
    // Meanwhile it may have come, or the window turned to another.
    if (this.#absent === name && !this.disposed) this.#set(whatElse(name, clusters));
  }

  #modelChanged(): void {
    const { name, picture } = this.#model;
    const { phase } = picture.connection;
    const absent = !picture.starting && (phase === 'absent' || phase === 'ended') ? name : undefined;
    if (absent === this.#absent) return;
    this.#absent = absent;
    if (absent === undefined) this.#set(nothingElse);
    else void this.look();
  }

  #set(now: WhatElse): void {
    if (JSON.stringify(now) === JSON.stringify(this.#now)) return;
    this.#now = now;
    this.#changed.fire();
  }
}

export function whatElse(name: string, clusters: readonly KnownCluster[]): WhatElse {
  const own = clusters.find((cluster) => cluster.name === name);
  return {
    stopped: Boolean(own?.spec),
    ...(own?.stoppedItself ? { itself: own.stoppedItself } : {}),
    others: clusters
      .filter((cluster) => cluster.name !== name && cluster.state === 'running')
      .map((one) => one.name),
  };
}
