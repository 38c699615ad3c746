import * as z from 'zod/mini';
import type { Run } from '../app.ts';

const more = z.object({ view: z.string(), row: z.string() });

/** Shows more rows where a "load more" row was clicked. */
export const loadMore: Run = ({ views }, argument) => {
  const asked = more.safeParse(argument);
  if (asked.success) views.byId.get(asked.data.view)?.loadMore(asked.data.row);
  return Promise.resolve();
};
