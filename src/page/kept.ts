import type { AgentOrder } from './layout/groups.ts';
import { knownZoom } from './layout/timeScale.ts';

/** What a person chose on the page: kept while it is hidden, and over a reload of the window. */
export interface Kept {
  readonly zoom: number;
  /** The attribute that agents are grouped by; empty: none. */
  readonly attribute: string;
  readonly order: AgentOrder;
}

/** Of what was kept, what still makes sense. */
export function keptOf(state: unknown): Kept {
  const kept: Partial<Record<keyof Kept, unknown>> = typeof state === 'object' && state !== null ? state : {};
  return {
    zoom: knownZoom(kept.zoom),
    attribute: typeof kept.attribute === 'string' ? kept.attribute : '',
    order: kept.order === 'used' ? 'used' : 'name',
  };
}
