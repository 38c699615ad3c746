import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import type { ClusterView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import type { Header } from '../viewOf.ts';

const looked = z.object({
  cluster: z.string(),
  /** How many task runs have failed that the person saw; below 0 where the service forgot of some. */
  failed: z.int(),
  /** How many had failed when it was told of last. */
  known: z.optional(z.int()),
});
type Looked = z.infer<typeof looked>;

/** How many task runs have failed since a person last saw the view. */
export class FailureBadge {
  #looked: Looked | undefined;

  /** `remembered`: what `looked` said the last time, in this window or before a reload. */
  constructor(remembered: unknown) {
    const parsed = z.safeParse(looked, remembered);
    this.#looked = parsed.success ? parsed.data : undefined;
  }

  /** To be remembered. */
  get looked(): Looked | undefined {
    return this.#looked;
  }

  /** Takes what is known now. Returns whether there is something else to remember. */
  know(state: ClusterState | undefined, isVisible: boolean): boolean {
    if (!state) return false;
    const { name, counts } = state.cluster;
    const before = this.#looked?.cluster === name ? this.#looked : undefined;
    const failed = before && !isVisible ? seenOf(before, counts) : counts.failed;
    if (before?.failed === failed && before.known === counts.failed) return false;
    this.#looked = { cluster: name, failed, known: counts.failed };
    return true;
  }

  badge(state: ClusterState | undefined): NonNullable<Header['badge']> {
    const before = this.#looked;
    const count =
      state && before?.cluster === state.cluster.name
        ? Math.max(0, state.cluster.counts.failed - before.failed)
        : 0;
    const tooltip =
      count === 1
        ? l10n.t('1 task run has failed since you last looked')
        : l10n.t('{0} task runs have failed since you last looked', count);
    return { count, tooltip };
  }
}

/** How many of those that are counted now the person has seen. */
function seenOf({ failed, known = failed }: Looked, counts: ClusterView['counts']): number {
  if (counts.failed >= known) return failed;
  // A new cluster of that name has had nothing yet.
  if (Object.values(counts).every((count) => count === 0)) return 0;
  // The service was started again, or old task runs were deleted: what was not seen before is not seen now either.
  return counts.failed - (known - failed);
}
