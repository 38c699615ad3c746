import type { EventEmitter } from 'node:events';
import type {
  Clock,
  FrameworkEvents,
  FrameworkStatus,
  Log,
  Notice,
  OffersRecord,
  TaskRecord,
  Timer,
} from './types.ts';

export type Emitter = EventEmitter<FrameworkEvents>;

export interface TellerSources {
  offers(): OffersRecord;
  status(): FrameworkStatus;
  /** The first requests of the queue, with the reasons for which they wait. */
  waiting(): TaskRecord[];
}

const statusEveryMs = 100;

/** Tells listeners what changed, and nothing twice. A listener that throws harms nobody else. */
export class Teller {
  readonly #emitter: Emitter;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sources: TellerSources;
  #lastStatus = '';
  #statusTimer: Timer | null = null;
  /** Of waiting requests, the reason told last. */
  readonly #waits = new Map<string, string>();

  constructor(emitter: Emitter, clock: Clock, log: Log, sources: TellerSources) {
    this.#emitter = emitter;
    this.#clock = clock;
    this.#log = log;
    this.#sources = sources;
  }

  task(task: TaskRecord): void {
    if (task.waits === null) this.#waits.delete(task.id);
    else this.#waits.set(task.id, task.waits);
    this.#safely(() => this.#emitter.emit('task', task));
  }

  event(deployment: string): void {
    this.#safely(() => this.#emitter.emit('event', { deployment }));
  }

  notice(notice: Notice): void {
    this.#safely(() => this.#emitter.emit('notice', notice));
  }

  offers(): void {
    if (this.#emitter.listenerCount('offers') === 0) return;
    this.#safely(() => this.#emitter.emit('offers', this.#sources.offers()));
  }

  /** After a matching round: the offers, and those requests that wait for another reason than before. */
  round(): void {
    this.offers();
    this.status();
    if (this.#emitter.listenerCount('task') === 0) return;
    for (const task of this.#sources.waiting()) {
      if (this.#waits.get(task.id) !== task.waits) this.task(task);
    }
  }

  /** Soon, and only if it is another than the last. */
  status(): void {
    if (this.#emitter.listenerCount('status') === 0) return;
    this.#statusTimer ??= this.#clock.after(statusEveryMs, () => {
      this.#statusTimer = null;
      const status = this.#sources.status();
      const text = JSON.stringify(status);
      if (text === this.#lastStatus) return;
      this.#lastStatus = text;
      this.#safely(() => this.#emitter.emit('status', status));
    });
  }

  stop(): void {
    this.#statusTimer?.cancel();
  }

  #safely(emit: () => void): void {
    try {
      emit();
    } catch (error) {
      this.#log('error', `A listener of the framework failed: ${String(error)}`);
    }
  }
}
