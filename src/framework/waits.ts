import { explain } from './explain.ts';
import type { SeenAgents } from './explain.ts';
import type { Master } from './master.ts';
import { shapeOf, thousandths } from './matching.ts';
import type { StoredRequest } from './records.ts';
import type { Explanation } from './types.ts';

/** Why requests wait, in sentences. Those of one shape wait for the same: worked out once for each `Waits`. */
export class Waits {
  readonly #master: Master;
  readonly #seen: SeenAgents;
  readonly #now: number;
  readonly #summaries = new Map<string, string>();

  constructor(master: Master, seen: SeenAgents, now: number) {
    this.#master = master;
    this.#seen = seen;
    this.#now = now;
  }

  /** Null if it doesn't wait. */
  of(request: StoredRequest): string | null {
    if (request.state !== 'queued') return null;
    const other = this.#notForOffers(request);
    if (other !== null) return other;
    const needs = thousandths(request.resources);
    const shape = shapeOf(needs, request.constraints);
    const known = this.#summaries.get(shape);
    if (known !== undefined) return known;
    const { summary } = explain({ needs, constraints: request.constraints }, this.#seen.all());
    this.#summaries.set(shape, summary);
    return summary;
  }

  explain(request: StoredRequest): Explanation | null {
    if (request.state !== 'queued') return null;
    const needs = thousandths(request.resources);
    const full = explain({ needs, constraints: request.constraints }, this.#seen.all());
    return { ...full, summary: this.#notForOffers(request) ?? full.summary };
  }

  #notForOffers(request: StoredRequest): string | null {
    if (request.after !== null) return 'Waits for the end of an earlier run of the same task instance.';
    if (request.not_before !== null && request.not_before > this.#now) {
      return `Waits a moment before it is launched again. ${request.info}`;
    }
    if (this.#master.state !== 'subscribed') return 'Waits for the connection to the Mesos master.';
    return null;
  }
}
