import type { Topic } from '../../client/subscription.ts';
import type { ClusterPicture } from '../cluster/picture.ts';
import type { Event } from '../emitter.ts';
import type { Outline } from './rows.ts';

/** What makes one view of the window: its rows from what is known, and what it needs to know. No VS Code in it. */
export interface ViewOf {
  /** As in package.json. */
  readonly id: string;
  /**
   * Its rows. `open`: the ids of expanded rows; rows below others need not be there, and the newest answer counts.
   * Without side effects.
   */
  outline(picture: ClusterPicture, now: number, open: ReadonlySet<string>): Outline;
  /** What it needs while it is visible. */
  topics(open: ReadonlySet<string>): ReadonlySet<Topic>;
  /** What stands around the rows; asked also while the view is hidden. */
  header?(picture: ClusterPicture, now: number): Header;
  /** Told where it shows something else though the cluster is the same: another filter, say. */
  readonly onDidChange?: Event<void>;
  /** It became visible, or hidden. */
  seen?(visible: boolean, picture: ClusterPicture): void;
  /** A "load more" row was clicked: `id` is the row above it. */
  loadMore?(id: string): void;
}

export interface Header {
  /** Beside the title. */
  readonly description?: string | undefined;
  /** Above the rows. */
  readonly message?: string | undefined;
  /** On the container's icon; 0: none. */
  readonly badge?: { readonly count: number; readonly tooltip: string } | undefined;
}
