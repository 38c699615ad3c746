import * as l10n from '@vscode/l10n';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { Throttle } from '../throttle.ts';
import type { Followed, ShownRow } from '../logs/followed.ts';
import { usualView, type LogView } from '../logs/view.ts';
import { FollowedFile, type FollowFile } from './followedFile.ts';

/** The instant at a line's beginning: no two tries have the same. */
const instant = /^\[?\d{4}-\d\d-\d\d[T ,]+\d\d:\d\d:\d\d(?:[.,]\d+)? ?(?:Z|UTC|[+-]\d\d:?\d\d)?\]?[ ,]*/;

/** A line of a log without what is another in each try. */
export function withoutInstant(text: string): string {
  return text.replace(instant, '');
}

export interface OneLogOptions {
  readonly follow: FollowFile;
  /** What its first line says that it is. */
  readonly title: string;
  /** Lines are shown without their instants, so that those of another log that say the same are the same. */
  readonly isTimeless: boolean;
  /** Characters that are shown, in the main. */
  readonly most: number;
}

/** A document changes at most four times a second. */
const showMs = 250;

/** The end of one file of a sandbox, followed: a try's log for a comparison with another's, or a file that is too large. */
export class OneLog extends Disposing implements Followed {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly files = [];
  view: LogView = usualView;
  /** Resolves once there is something to be seen, or that nothing is can be said. */
  readonly ready: Promise<void>;
  readonly #log: FollowedFile;
  readonly #options: OneLogOptions;

  constructor(options: OneLogOptions) {
    super();
    const log = this.register(new FollowedFile(options));
    this.#log = log;
    this.#options = options;
    this.ready = new Promise((resolve) => {
      log.onDidChange(() => {
        if (log.isCaughtUp || log.trouble !== undefined) resolve();
        this.#show.poke();
      });
    });
  }

  setView(view: LogView): void {
    this.view = view;
  }

  follow(): void {
    this.#log.follow();
  }

  pause(): void {
    this.#log.pause();
  }

  setAtEnd(): void {
    // What is read is bounded anyway.
  }

  get rows(): readonly ShownRow[] {
    const { rows, isCut, trouble } = this.#log;
    const { isTimeless, title } = this.#options;
    const parts = [title];
    if (isCut) parts.push(l10n.t('the end of the log'));
    return [
      { text: `── ${parts.join(' · ')} ──` },
      ...rows.map((row) => {
        const text = isTimeless ? withoutInstant(row.text) : row.text;
        // Its styles and links count from the row's beginning: a line that begins later has none.
        return text.length === row.text.length ? { text, row } : { text };
      }),
      ...(trouble === undefined ? [] : [{ text: `── ${l10n.t('{0}; trying again', trouble)} ──` }]),
    ];
  }
}
