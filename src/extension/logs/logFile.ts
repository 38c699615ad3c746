import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { textOf, type Followed, type ShownRow } from './followed.ts';
import { lineEdits, type LineEdit } from './lineEdits.ts';

/** A document that may be open. Answers false where it is to be read again instead. */
export interface Editable {
  change(
    before: readonly ShownRow[],
    after: readonly ShownRow[],
    edits: readonly LineEdit[],
  ): Promise<boolean>;
}

/** So many earlier texts an editor may still have. */
const mostEarlier = 2;

/** A log as a file, and in the document that was made of it: what stands in it changes only while somebody looks at it. */
export class LogFile extends Disposing {
  readonly #log: Followed;
  readonly #document: Editable;
  readonly #changed = this.register(new Emitter<void>());
  /** It is to be read again. */
  readonly onDidChange = this.#changed.event;
  /** Resolves once there is something to be seen, or that takes long. */
  readonly ready: Promise<void>;
  #isReady: () => void = () => undefined;
  #rows: readonly ShownRow[];
  #earlier: readonly (readonly ShownRow[])[] = [];
  #bytes: Uint8Array | undefined;
  #modified = Date.now();
  #isChanging = false;
  /** How often a look at the log was asked for. */
  #wanted = 0;

  /** Follows the log. `readyMs`: nobody waits longer for its first lines. */
  constructor(log: Followed, document: Editable, readyMs: number) {
    super();
    this.#log = this.register(log);
    this.#document = document;
    this.#rows = log.rows;
    this.ready = new Promise((resolve) => {
      const limit = setTimeout(resolve, readyMs);
      this.#isReady = (): void => {
        clearTimeout(limit);
        resolve();
      };
      this.register({ dispose: this.#isReady });
    });
    this.register(log.onDidChange(() => void this.#look()));
    log.follow();
  }

  get log(): Followed {
    return this.#log;
  }

  /** What stands in it, by lines, and what stood in it before: an editor may not have it yet. Newest first. */
  get lately(): readonly (readonly ShownRow[])[] {
    return [this.#rows, ...this.#earlier];
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(textOf(this.#rows));
    return this.#bytes;
  }

  /** In milliseconds since 1970; later with each change. */
  get modified(): number {
    return this.#modified;
  }

  /** The document is being changed just now. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  setVisible(isVisible: boolean): void {
    if (isVisible) this.#log.follow();
    else this.#log.pause();
  }

  /** Has it read again. */
  reread(): void {
    this.#touch();
    this.#changed.fire();
  }

  #touch(): void {
    this.#modified = Math.max(Date.now(), this.#modified + 1);
  }

  async #look(): Promise<void> {
    this.#wanted += 1;
    if (this.#isChanging) return;
    let seen: number;
    do {
      seen = this.#wanted;
      await this.#change();
    } while (seen !== this.#wanted && !this.disposed);
  }

  async #change(): Promise<void> {
    const before = this.#rows;
    const after = this.#log.rows;
    const edits = lineEdits(before, after);
    this.#rows = after;
    if (edits.length === 0) return;
    this.#earlier = [before, ...this.#earlier].slice(0, mostEarlier);
    this.#bytes = undefined;
    this.#touch();
    this.#isReady();
    this.#isChanging = true;
    const isDone = await this.#document.change(before, after, edits);
    this.#isChanging = false;
    if (!isDone && !this.disposed) this.#changed.fire();
  }
}
