import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogEvent } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { ServiceUnreachable } from '../../client/errors.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import type { Event } from '../emitter.ts';
import { outcomeOf, waitingFor } from '../logs/outcome.ts';
import { ColourText } from '../../logtext/colourText.ts';
import { drawn } from './pace.ts';
import { Screen } from './screen.ts';

export interface LogOrigin {
  /** From one connection; `offset` in bytes, negative from the end. Rejects with ServiceUnreachable where it breaks. */
  follow(file: string, offset: number, signal: AbortSignal): AsyncIterable<LogEvent>;
  taskRun(signal: AbortSignal): Promise<TaskRun>;
}

/** So much of what was written before is shown: more than a terminal keeps. Bytes. */
const tailBytes = 256 * 1024;
/** So much is drawn at once. */
const pieceBytes = 64 * 1024;
const firstPauseMs = 250;
const longestPauseMs = 5000;
/** How often, and after what time each, Airflow's word for a task that has ended is asked for until it has one. */
const outcomeTries = 5;
const outcomeMs = 1000;

/** A log in a terminal, in the colours in which it was written: follows to the end, and says how the task ended. */
export class LogTerminal extends Disposing {
  readonly #screen = this.register(new Screen());
  readonly onDidWrite: Event<string> = this.#screen.onDidWrite;
  readonly #origin: LogOrigin;
  readonly #title: string;
  readonly #reading = new AbortController();

  /** `title`: what the log is of, as its first line says. */
  constructor(origin: LogOrigin, title: string) {
    super();
    this.#origin = origin;
    this.#title = title;
    this.register({ dispose: () => this.#reading.abort() });
  }

  open(): void {
    this.#screen.say(this.#title);
    void this.#run(this.#reading.signal);
  }

  close(): void {
    this.dispose();
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      const wrote = await this.#follow('stdout', signal);
      // A task that could not even begin says why on standard error alone.
      if (!wrote) await this.#follow('stderr', signal);
      await this.#end(signal);
    } catch (error) {
      if (!signal.aborted) this.#screen.say(sentences(explain(error)));
    }
  }

  /** Follows a file to the task's end, over connections that break; says whether there was anything. */
  async #follow(file: string, signal: AbortSignal): Promise<boolean> {
    const reader = new FileReader(this.#screen, () => this.#sayWaiting(signal));
    let pause = firstPauseMs;
    let away = false;
    for (;;) {
      try {
        for await (const event of this.#origin.follow(file, reader.next, signal)) {
          if (away) this.#screen.say(l10n.t('connected again'));
          away = false;
          pause = firstPauseMs;
          await reader.take(event, signal);
          if (event.type === 'ended') return reader.wrote;
        }
      } catch (error) {
        if (signal.aborted || !(error instanceof ServiceUnreachable)) throw error;
        if (!away) this.#screen.say(l10n.t('The cluster’s service does not answer; trying again'));
        away = true;
      }
      await delay(pause, undefined, { signal });
      pause = Math.min(longestPauseMs, pause * 2);
    }
  }

  async #sayWaiting(signal: AbortSignal): Promise<void> {
    this.#screen.say(waitingFor(await this.#origin.taskRun(signal)));
  }

  async #end(signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const run = await this.#origin.taskRun(signal);
      if (run.state !== 'finished' || run.airflow_state !== null || tries === outcomeTries) {
        this.#screen.say(outcomeOf(run, Date.now()));
        return;
      }
      await delay(outcomeMs, undefined, { signal });
    }
  }
}

/** What one file has shown so far. */
class FileReader {
  /** Where to read on. */
  next = -tailBytes;
  wrote = false;
  readonly #screen: Screen;
  readonly #whenEmpty: () => Promise<void>;
  #characters = new TextDecoder();
  readonly #colours = new ColourText();
  #looked = false;

  /** `whenEmpty` says what is waited for; called once, where nothing is there at first. */
  constructor(screen: Screen, whenEmpty: () => Promise<void>) {
    this.#screen = screen;
    this.#whenEmpty = whenEmpty;
  }

  async take(event: LogEvent, signal: AbortSignal): Promise<void> {
    if (event.type === 'data') {
      await this.#show(event, signal);
    } else if (event.type === 'note') {
      this.#screen.say(event.text);
      // What comes is not the rest of a character.
      if (event.note !== 'agent-away' && event.note !== 'agent-back') this.#characters = new TextDecoder();
      if (event.note === 'began-anew' || event.note === 'rotated') this.next = 0;
    } else if (event.type === 'quiet' && !this.#looked) {
      if (!this.wrote) await this.#whenEmpty();
      this.#looked = true;
    }
  }

  async #show({ data, offset }: Extract<LogEvent, { type: 'data' }>, signal: AbortSignal): Promise<void> {
    this.next = offset + data.length;
    let rest = data;
    if (!this.wrote && offset > 0) {
      this.#screen.say(l10n.t('what was written before is in the log’s document'));
      // The rest of a line whose beginning is not there.
      rest = data.subarray(data.indexOf(0x0a) + 1);
    }
    this.wrote ||= data.length > 0;
    while (rest.length > 0) {
      const piece = rest.subarray(0, pieceBytes);
      rest = rest.subarray(piece.length);
      this.#screen.write(this.#colours.write(this.#characters.decode(piece, { stream: true })));
      await drawn(piece.length, signal);
    }
  }
}
