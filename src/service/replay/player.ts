import type { RecordingRequest, RecordingView } from '../../api/people.ts';
import type { RecordedState } from '../../journal/state.ts';
import type { History, Reader } from '../../journal/history.ts';
import type { ReplayClock } from './clock.ts';

export interface PlayerEvents {
  /** These keys are otherwise now. */
  changed(keys: ReadonlySet<string>): void;
  /** It is another time: anything may be otherwise. */
  startOver(): void;
  /** The clock goes on, or was told something. */
  ticked(): void;
}

/** While it plays, the clock's time is told so often. Milliseconds. */
const tickMs = 1000;
/** And the recording looked at not more often than this. */
const soonestMs = 50;

/** Plays a recording: what is known at the clock's time, and a word of each change. */
export class Player {
  readonly clock: ReplayClock;
  readonly #history: History;
  readonly #events: PlayerEvents;
  #reader: Reader;
  /** The time that is shown. */
  #at: number;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(history: History, clock: ReplayClock, events: PlayerEvents) {
    this.#history = history;
    this.clock = clock;
    this.#events = events;
    this.#at = clock.at;
    this.#reader = history.at(this.#at);
  }

  get state(): RecordedState {
    return this.#reader.state;
  }

  get view(): RecordingView {
    const { from, to, at, speed, paused } = this.clock;
    // As far as it was looked at: the views are of that time.
    return { from, to, at: this.#at, speed, paused: paused && this.#at === at };
  }

  start(): void {
    this.#plan();
  }

  /** What a person wants of it: another time, another speed, a pause. */
  control({ at, speed, paused }: RecordingRequest): RecordingView {
    const { clock } = this;
    const before = this.#at;
    if (speed !== undefined) clock.setSpeed(speed);
    if (at !== undefined) clock.seek(at);
    if (paused === true) clock.pause();
    if (paused === false) clock.play();
    // Played again from its end it begins anew.
    if (at !== undefined || clock.at < before) {
      this.#at = clock.at;
      this.#reader = this.#history.at(this.#at);
      this.#events.startOver();
    } else {
      this.#look();
    }
    this.#plan();
    return this.view;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    this.#at = this.clock.at;
    const changed = this.#reader.advance(this.#at);
    if (changed.size > 0) this.#events.changed(changed);
    this.#events.ticked();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const { clock } = this;
    if (this.#closed) return;
    // It came to its end since it was looked at.
    if (clock.paused && this.#at !== clock.at) this.#look();
    if (clock.paused) return;
    const next = Math.min(this.#reader.nextAt ?? clock.to, clock.to);
    const ms = Math.min(tickMs, Math.max(soonestMs, (next - clock.at) / clock.speed));
    this.#timer = setTimeout(() => {
      this.#look();
      this.#plan();
    }, ms);
  }
}
