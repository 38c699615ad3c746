import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { textOf, type Followed, type ShownRow } from './followed.ts';

/** So many earlier texts an editor may still have. */
const mostEarlier = 2;

/** A log as a file: what stands in it changes only while somebody looks at it. */
export class LogFile extends Disposing {
  readonly #log: Followed;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  /** Resolves once there is something to be seen, or that takes long. */
  readonly ready: Promise<void>;
  #rows: readonly ShownRow[];
  #earlier: readonly (readonly ShownRow[])[] = [];
  #text: string;
  #bytes: Uint8Array | undefined;
  #modified = Date.now();

  /** Follows the log. `readyMs`: nobody waits longer for its first lines. */
  constructor(log: Followed, readyMs: number) {
    super();
    this.#log = this.register(log);
    this.#rows = log.rows;
    this.#text = textOf(this.#rows);
    this.ready = new Promise((resolve) => {
      const limit = setTimeout(resolve, readyMs);
      const end = (): void => {
        clearTimeout(limit);
        resolve();
      };
      this.register({ dispose: end });
      this.onDidChange(end);
    });
    this.register(log.onDidChange(() => this.#look()));
    log.follow();
  }

  get log(): Followed {
    return this.#log;
  }

  /** What stands in it, by lines, and what stood in it before: an editor may not have read it again yet. Newest first. */
  get lately(): readonly (readonly ShownRow[])[] {
    return [this.#rows, ...this.#earlier];
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(this.#text);
    return this.#bytes;
  }

  /** In milliseconds since 1970; later with each change. */
  get modified(): number {
    return this.#modified;
  }

  setVisible(isVisible: boolean): void {
    if (isVisible) this.#log.follow();
    else this.#log.pause();
  }

  #look(): void {
    const { rows } = this.#log;
    const text = textOf(rows);
    if (text === this.#text) return;
    this.#earlier = [this.#rows, ...this.#earlier].slice(0, mostEarlier);
    this.#rows = rows;
    this.#text = text;
    this.#bytes = undefined;
    this.#modified = Math.max(Date.now(), this.#modified + 1);
    this.#changed.fire();
  }
}
