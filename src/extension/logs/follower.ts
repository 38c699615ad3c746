import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogChunk, TaskRun } from '../../api/people.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import { Throttle } from '../throttle.ts';
import { explain } from '../cluster/connection.ts';
import type { Followed } from './followed.ts';
import { outcomeOf, waitingFor } from './outcome.ts';
import { addChunk, documentText, tailBytes, type LogWindow } from './window.ts';

export type LogFile = 'stdout' | 'stderr';

/** Where a task run's log comes from. */
export interface LogSource {
  /** `offset` in bytes; negative: from the end. Rejects while the service doesn't answer. */
  read(file: LogFile, offset: number, signal: AbortSignal): Promise<LogChunk>;
  taskRun(signal: AbortSignal): Promise<TaskRun>;
}

/** A document changes at most four times a second. */
const showMs = 250;
/** Between reads: at first, and after long silence. */
const shortestPauseMs = 250;
const longestPauseMs = 1000;
const afterErrorMs = 2000;
/** How often Airflow's word for a task that has ended is asked for until it has one. */
const outcomeTries = 5;

/** Follows the log of one task run, from its last 64 KiB on, while it is told to. */
export class LogFollower extends Disposing implements Followed {
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #show = this.register(new Throttle(showMs, () => this.#changed.fire()));
  readonly #source: LogSource;
  #window: LogWindow | undefined;
  #last: string | undefined;
  #file: LogFile = 'stdout';
  #ended = false;
  #following: AbortController | undefined;

  constructor(source: LogSource) {
    super();
    this.#source = source;
    this.register({ dispose: () => this.pause() });
  }

  get text(): string {
    return documentText(this.#window, this.#last);
  }

  /** Reads on until `pause`, or the log's end. */
  follow(): void {
    if (this.#following || this.#ended || this.disposed) return;
    this.#following = new AbortController();
    void this.#run(this.#following.signal);
  }

  pause(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const paused = (): boolean => signal.aborted;
    let pause = shortestPauseMs;
    while (!paused()) {
      try {
        const more = await this.#step(signal);
        if (this.#ended) return;
        if (more === 'behind') continue;
        pause = more === 'read' ? shortestPauseMs : Math.min(longestPauseMs, pause * 1.5);
      } catch (error) {
        if (paused()) return;
        const { what, why } = explain(error);
        const said = (why ? `${what}: ${why}` : what).replace(/\.$/, '');
        this.#say(l10n.t('{0}; trying again', said));
        pause = afterErrorMs;
      }
      await sleep(pause, signal);
    }
  }

  /** One read. Behind: there is more already; read: something came; silent: nothing did. */
  async #step(signal: AbortSignal): Promise<'behind' | 'read' | 'silent'> {
    const chunk = await this.#source.read(this.#file, this.#window?.next ?? -tailBytes, signal);
    if (signal.aborted) return 'silent';
    const came = chunk.data !== '' || !this.#window;
    this.#window = addChunk(this.#window, chunk);
    if (chunk.next < chunk.size) {
      this.#show.poke();
      return 'behind';
    }
    if (chunk.ended) await this.#end(signal);
    else this.#say(chunk.size === 0 ? waitingFor(await this.#source.taskRun(signal)) : undefined);
    if (came) this.#show.poke();
    return came ? 'read' : 'silent';
  }

  async #end(signal: AbortSignal): Promise<void> {
    // A task that could not even begin says why on standard error alone.
    if (this.#file === 'stdout' && this.#window?.text === '') {
      const chunk = await this.#source.read('stderr', -tailBytes, signal);
      if (chunk.data !== '') {
        this.#file = 'stderr';
        this.#window = addChunk(undefined, chunk);
      }
    }
    for (let tries = 1; ; tries += 1) {
      const run = await this.#source.taskRun(signal);
      this.#say(outcomeOf(run, Date.now()));
      if (run.state !== 'finished' || run.airflow_state !== null || tries === outcomeTries) break;
      await sleep(longestPauseMs, signal);
      if (signal.aborted) return;
    }
    this.#ended = true;
  }

  #say(last: string | undefined): void {
    if (last === this.#last) return;
    this.#last = last;
    this.#show.poke();
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // Rejects only where it is aborted, which ends the sleep as well.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
