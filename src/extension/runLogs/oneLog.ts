import * as l10n from '@vscode/l10n';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { bytes } from '../format.ts';
import { Filtering } from '../logs/filtering.ts';
import type { Followed, LogMoving, ShownRow } from '../logs/followed.ts';
import { FollowedFile, type FollowFile } from '../logs/followedFile.ts';
import { saying, type Offer } from '../logs/saying.ts';
import { usualView, type LogView } from '../logs/view.ts';
import { Throttle } from '../throttle.ts';

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

/** One file of a sandbox, followed: a try's log for a comparison with another's, or a file that is too large. */
export class OneLog extends Disposing implements Followed, LogMoving {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly #filtering = new Filtering();
  readonly files = [];
  readonly moving = this;
  /** Resolves once there is something to be seen, or that nothing is can be said. */
  readonly ready: Promise<void>;
  #isReady: () => void = () => undefined;
  #view = usualView;
  #log: FollowedFile;
  #isFollowed = false;
  readonly #options: OneLogOptions;

  constructor(options: OneLogOptions) {
    super();
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
    this.#log = this.#read();
    this.register({ dispose: () => this.#log.dispose() });
  }

  get view(): LogView {
    return this.#view;
  }

  get size(): number {
    return this.#log.size;
  }

  get growsAtEnd(): boolean {
    return this.#log.end !== 'reading';
  }

  setView(view: LogView): void {
    const { from } = this.#view;
    this.#view = view;
    if (view.from !== from) {
      this.#log.dispose();
      this.#log = this.#read();
      if (this.#isFollowed) this.#log.follow();
    }
    this.#filtering.set(view.filter);
    this.#show.poke();
  }

  follow(): void {
    this.#isFollowed = true;
    this.#log.follow();
  }

  pause(): void {
    this.#isFollowed = false;
    this.#log.pause();
  }

  setAtEnd(isAtEnd: boolean): void {
    this.#log.setAtEnd(isAtEnd);
  }

  loadEarlier(): Promise<boolean> {
    return this.#log.loadEarlier();
  }

  get rows(): readonly ShownRow[] {
    const { isTimeless } = this.#options;
    const { rows, epoch, pending } = this.#log.window;
    const body = this.#filtering.pass(rows, epoch, pending).map((row) => {
      const text = isTimeless ? withoutInstant(row.text) : row.text;
      // Its styles and links count from the row's beginning: a line that begins later has none.
      return text.length === row.text.length ? { text, row } : { text };
    });
    const last = this.#lastRow();
    return [this.#firstRow(), ...body, ...(last ? [last] : [])];
  }

  #firstRow(): ShownRow {
    const { isCut, window } = this.#log;
    const { title, isTimeless } = this.#options;
    const parts = [title];
    if (isCut && isTimeless) parts.push(l10n.t('the end of the log'));
    else if (window.from > 0) parts.push(l10n.t('the first {0} are not shown', bytes(window.from)));
    const filtered = this.#filtering.words;
    if (filtered !== undefined) parts.push(filtered);
    // Two sides of a comparison are the same where their logs are.
    const isMovable = window.hasEarlier && !isTimeless;
    return saying(parts, isMovable ? [{ text: l10n.t('Load Earlier'), command: 'loadEarlierLog' }] : []);
  }

  #lastRow(): ShownRow | undefined {
    const { trouble, end, size, window } = this.#log;
    if (trouble !== undefined) return saying([l10n.t('{0}; trying again', trouble)]);
    const toEnd: Offer = { text: l10n.t('Go to End'), command: 'goToLogEnd' };
    if (end === 'reading') return saying([l10n.t('{0} more follow', bytes(size - window.next))], [toEnd]);
    if (end === 'full') return saying([l10n.t('more was written since you scrolled up')], [toEnd]);
    return undefined;
  }

  #read(): FollowedFile {
    const log = new FollowedFile({ ...this.#options, from: this.#view.from });
    log.onDidChange(() => {
      if (log.isKnown || log.trouble !== undefined) this.#isReady();
      this.#show.poke();
    });
    return log;
  }
}
