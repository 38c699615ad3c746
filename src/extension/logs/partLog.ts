import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../host/errors.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { Throttle } from '../throttle.ts';
import { Filtering } from './filtering.ts';
import type { Followed, ShownRow } from './followed.ts';
import { saying } from './saying.ts';
import { usualView, type LogView } from './view.ts';
import { LogWindow } from './window.ts';

/** Reads a part's log from its last lines on until the signal is aborted, or it ends; rejects with the reason. */
export type ReadPartLog = (onLine: (line: string) => void, signal: AbortSignal) => Promise<void>;

export interface PartLogOptions {
  readonly read: ReadPartLog;
  /** Its first line: what it is. */
  readonly title: string;
  /** Milliseconds between the end of a log (its container died, say) and the next look. */
  readonly againMs?: number;
}

/** Characters that a document holds in the main, half of which go when they are reached. */
export const mostCharacters = 1024 * 1024;
/** A document changes at most four times a second. */
const showMs = 250;

/** The log of a part of a cluster in Docker, followed through the command line: each time from its last lines on. */
export class PartLog extends Disposing implements Followed {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly files = [];
  readonly growsAtEnd = true;
  readonly #options: PartLogOptions;
  readonly #filtering = new Filtering();
  #view = usualView;
  #window = new LogWindow();
  #isAtEnd = true;
  #last: string | undefined;
  #following: AbortController | undefined;

  constructor(options: PartLogOptions) {
    super();
    this.#options = options;
    this.register({ dispose: () => this.pause() });
  }

  get view(): LogView {
    return this.#view;
  }

  get rows(): readonly ShownRow[] {
    const { rows, epoch, isCut } = this.#window;
    const body = this.#filtering.pass(rows, epoch).map((row) => ({ text: row.text, row }));
    const parts = [this.#options.title];
    if (isCut) parts.push(l10n.t('earlier lines are not shown'));
    const filtered = this.#filtering.words;
    if (filtered !== undefined) parts.push(filtered);
    return [saying(parts), ...body, ...(this.#last === undefined ? [] : [saying([this.#last])])];
  }

  setView(view: LogView): void {
    this.#view = view;
    this.#filtering.set(view.filter);
    this.#changed.fire();
  }

  setAtEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
  }

  follow(): void {
    if (this.#following || this.disposed) return;
    this.#following = new AbortController();
    void this.#run(this.#following.signal);
  }

  pause(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { read, againMs = 2000 } = this.#options;
    const paused = (): boolean => signal.aborted;
    while (!paused()) {
      let any = false;
      const onLine = (line: string): void => {
        if (paused()) return;
        // What was there stays in view until something newer is.
        if (!any) this.#begin();
        any = true;
        this.#add(line);
      };
      let end = l10n.t('it has ended; looking again');
      try {
        await read(onLine, signal);
      } catch (error) {
        end = l10n.t('{0}; trying again', messageOf(error));
      }
      if (paused()) return;
      this.#last = end;
      this.#show.poke();
      // Rejects only where it is aborted, which ends the pause as well.
      await delay(againMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #begin(): void {
    this.#window = new LogWindow();
    this.#filtering.set(this.#view.filter);
    this.#last = undefined;
  }

  #add(line: string): void {
    const window = this.#window;
    window.append(window.next, Buffer.from(`${line}\n`));
    if (window.characters > (this.#isAtEnd ? mostCharacters : 2 * mostCharacters)) {
      window.cutBeginning(mostCharacters / 2);
    }
    this.#show.poke();
  }
}
