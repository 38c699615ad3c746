import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import type { ClusterState } from '../../cluster/state.ts';
import type { Header } from '../viewOf.ts';

const looked = z.object({
  cluster: z.string(),
  /** How many task runs had failed by then. */
  failed: z.int(),
});
type Looked = z.infer<typeof looked>;

/** How many task runs have failed since a person last saw the view. */
export class FailureBadge {
  #looked: Looked | undefined;

  /** `remembered`: what `looked` said the last time. */
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
    const before = this.#looked;
    // Fewer than before: they were deleted with the oldest, or the cluster is a new one.
    const isNew = before?.cluster !== name || counts.failed < before.failed;
    if (!isNew && !(isVisible && counts.failed !== before.failed)) return false;
    this.#looked = { cluster: name, failed: counts.failed };
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
