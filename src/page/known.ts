import type {
  Changes,
  PageAgent,
  PageClock,
  PageCluster,
  PageForeignTask,
  PageFramework,
  PageOffer,
  PageTask,
  Update,
} from './protocol.ts';

/** What the page knows, by id. */
export interface Known {
  readonly clock: PageClock;
  readonly cluster: PageCluster;
  readonly agents: ReadonlyMap<string, PageAgent>;
  readonly frameworks: ReadonlyMap<string, PageFramework>;
  readonly tasks: ReadonlyMap<string, PageTask>;
  readonly foreign: ReadonlyMap<string, PageForeignTask>;
  readonly offers: ReadonlyMap<string, PageOffer>;
}

/** What is known after an update: lists in which nothing changed stay the same object. */
export function after(known: Known | undefined, update: Update): Known {
  return {
    clock: update.clock,
    cluster: update.cluster,
    agents: applied(known?.agents, update.agents),
    frameworks: applied(known?.frameworks, update.frameworks),
    tasks: applied(known?.tasks, update.tasks),
    foreign: applied(known?.foreign, update.foreign),
    offers: applied(known?.offers, update.offers),
  };
}

function applied<T extends { readonly id: string }>(
  before: ReadonlyMap<string, T> | undefined,
  { anew, changed, gone }: Changes<T>,
): ReadonlyMap<string, T> {
  if (before && !anew && changed.length === 0 && gone.length === 0) return before;
  const next = new Map(anew ? [] : before);
  for (const id of gone) next.delete(id);
  for (const one of changed) next.set(one.id, one);
  return next;
}
