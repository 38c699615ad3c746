import * as z from 'zod/mini';
import type { App } from '../app.ts';
import { targetOf } from '../tree/target.ts';

/** What a key binding of package.json gives a command: the view whose selected row is meant. */
const bound = z.object({ selectionOf: z.string() });

/** What a command is to act on. `nothing`: a key was pressed on a row that names nothing, where nobody expects a picker. */
export function argumentFor(
  { views }: Pick<App, 'views'>,
  given: unknown,
): { readonly argument: unknown } | 'nothing' {
  const key = bound.safeParse(given);
  if (!key.success) return { argument: views.targetOf(given) };
  const [row] = views.byId.get(key.data.selectionOf)?.selection ?? [];
  const argument = views.targetOf(row);
  return Object.keys(targetOf(argument)).length === 0 ? 'nothing' : { argument };
}
