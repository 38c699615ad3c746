import { emptyOutline } from '../rows.ts';
import type { ViewOf } from '../viewOf.ts';

const topics = new Set(['cluster', 'dags'] as const);

/** The view "DAGs". */
export const dagsView: ViewOf = {
  id: 'mesosAirflow.dags',
  outline: () => emptyOutline,
  topics: () => topics,
};
