import { megabytes } from './megabytes.ts';

/** One message of a pull's answer. */
export interface PullMessage {
  readonly status?: string | undefined;
  readonly id?: string | undefined;
  readonly progressDetail?:
    { readonly current?: number | undefined; readonly total?: number | undefined } | undefined;
}

interface Layer {
  /** Bytes fetched, and to fetch where that is known. */
  fetched: number;
  total: number | undefined;
  state: 'waiting' | 'fetched' | 'unpacking' | 'done';
}

/** Sums up what a pull says of its layers in one line: `3 of 7 layers · 41 of 187 MB`. */
export class Layers {
  readonly #layers = new Map<string, Layer>();

  /** Takes a message; those that are about no layer change nothing. */
  take({ id, progressDetail, status }: PullMessage): void {
    if (id === undefined || status === undefined) return;
    const layer = this.#layers.get(id);
    switch (status) {
      case 'Pulling fs layer':
      case 'Waiting':
        if (!layer) this.#layers.set(id, { fetched: 0, total: undefined, state: 'waiting' });
        return;
      case 'Already exists':
        this.#layers.set(id, { fetched: 0, total: 0, state: 'done' });
        return;
    }
    if (!layer) return;
    switch (status) {
      case 'Downloading':
        layer.fetched = progressDetail?.current ?? layer.fetched;
        // A daemon that fetches again begins again.
        layer.state = 'waiting';
        if (progressDetail?.total !== undefined && progressDetail.total > 0)
          layer.total = progressDetail.total;
        return;
      case 'Download complete':
        // Small layers come without a word about their size.
        layer.total ??= layer.fetched;
        layer.fetched = layer.total;
        layer.state = 'fetched';
        return;
      case 'Extracting':
        layer.state = 'unpacking';
        return;
      case 'Pull complete':
        layer.state = 'done';
        return;
    }
  }

  /** Whether all bytes are here: what follows is unpacking, which can be silent for long. */
  get isFetched(): boolean {
    return this.#layers.size > 0 && [...this.#layers.values()].every(({ state }) => state !== 'waiting');
  }

  /** Undefined before the first layer. */
  get line(): string | undefined {
    const layers = [...this.#layers.values()];
    if (layers.length === 0) return undefined;
    const done = layers.filter(({ state }) => state === 'done').length;
    const parts = [`${String(done)} of ${String(layers.length)} layers`];
    const total = layers.reduce((sum, layer) => sum + (layer.total ?? 0), 0);
    if (total > 0) {
      const fetched = layers.reduce((sum, layer) => sum + layer.fetched, 0);
      const more = layers.some((layer) => layer.total === undefined) ? '+' : '';
      parts.push(`${String(megabytes(fetched))} of ${String(megabytes(total))}${more} MB`);
    }
    if (this.isFetched && done < layers.length) parts.push('unpacking');
    return parts.join(' · ');
  }
}
