import { shapeOf, thousandths } from './matching.ts';
import type { Waiting } from './matching.ts';
import type { StoredRequest } from './records.ts';

interface Entry extends Waiting {
  readonly seq: number;
  readonly priority: number;
  readonly notBefore: number;
  readonly after: string | null;
}

/** The requests that wait, in memory; the store has them too. Higher priority first, then first come, first served. */
export class Queue {
  readonly #entries = new Map<string, Entry>();
  #sorted: Entry[] | null = null;

  get size(): number {
    return this.#entries.size;
  }

  put(request: StoredRequest): void {
    const needs = thousandths(request.resources);
    this.#entries.set(request.id, {
      id: request.id,
      needs,
      constraints: request.constraints,
      shape: shapeOf(needs, request.constraints),
      avoid: request.avoid,
      seq: request.seq,
      priority: request.priority,
      notBefore: request.not_before ?? 0,
      after: request.after,
    });
    this.#sorted = null;
  }

  delete(id: string): void {
    if (this.#entries.delete(id)) this.#sorted = null;
  }

  get(id: string): Waiting | undefined {
    return this.#entries.get(id);
  }

  /** Those that may be launched now. */
  ready(now: number): Waiting[] {
    return this.#inOrder().filter((entry) => entry.notBefore <= now && entry.after === null);
  }

  /** All, in order. */
  all(): readonly Waiting[] {
    return this.#inOrder();
  }

  /** When the next one becomes ready by the passing of time; null: none will. */
  nextReady(now: number): number | null {
    let next: number | null = null;
    for (const { notBefore } of this.#entries.values()) {
      if (notBefore > now && (next === null || notBefore < next)) next = notBefore;
    }
    return next;
  }

  #inOrder(): Entry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => b.priority - a.priority || a.seq - b.seq);
    return this.#sorted;
  }
}
