import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../host/errors.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { Throttle } from '../throttle.ts';
import type { Followed, ShownRow } from './followed.ts';
import { usualView, type LogView } from './view.ts';

/** Reads a part's log from its last lines on until the signal is aborted, or it ends; rejects with the reason. */
export type ReadPartLog = (onLine: (line: string) => void, signal: AbortSignal) => Promise<void>;

export interface PartLogOptions {
  readonly read: ReadPartLog;
  /** Its first line: what it is. */
  readonly title: string;
  /** Milliseconds between the end of a log (its container died, say) and the next look. */
  readonly againMs?: number;
}

/** Characters that a document holds at most, half of which go when they are reached. */
export const mostCharacters = 1024 * 1024;
/** A document changes at most four times a second. */
const showMs = 250;

/** The log of a part of a cluster in Docker, followed through the command line: each time from its last lines on. */
export class PartLog extends Disposing implements Followed {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly files = [];
  view: LogView = usualView;
  readonly #options: PartLogOptions;
  #lines: string[] = [];
  #length = 0;
  #cut = false;
  #last: string | undefined;
  #following: AbortController | undefined;

  constructor(options: PartLogOptions) {
    super();
    this.#options = options;
    this.register({ dispose: () => this.pause() });
  }

  get rows(): readonly ShownRow[] {
    const { title } = this.#options;
    const first = this.#cut ? l10n.t('{0} · earlier lines are not shown', title) : title;
    const last = this.#last === undefined ? [] : [`── ${this.#last} ──`];
    return [`── ${first} ──`, ...this.#lines, ...last].map((text) => ({ text }));
  }

  setView(view: LogView): void {
    this.view = view;
  }

  setAtEnd(): void {
    // What is read is bounded anyway.
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
    this.#lines = [];
    this.#length = 0;
    this.#cut = false;
    this.#last = undefined;
  }

  #add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
    if (this.#length > mostCharacters) {
      this.#lines = this.#lines.slice(Math.ceil(this.#lines.length / 2));
      this.#length = this.#lines.reduce((sum, { length }) => sum + length + 1, 0);
      this.#cut = true;
    }
    this.#show.poke();
  }
}
