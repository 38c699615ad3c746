import { setTimeout as delay } from 'node:timers/promises';
import type { DockerEngine } from '../../docker/engine.ts';
import { followLog } from '../../docker/logs.ts';
import { findInDocker, isUp } from './found.ts';

/** What a dead container has written last may still be on its way for so long. Milliseconds. */
const lateMs = 200;
/** How long Docker is waited for where nothing is known of its log. Milliseconds. */
const askMs = 600;

interface Tail {
  readonly lines: string[];
  /** Resolves at the end of its log. */
  readonly ended: Promise<void>;
}

/**
 * Has the last lines of a cluster's containers at hand when one dies: Docker starts it again at once, and answers nothing
 * about it until that is done, which takes seconds on a busy machine.
 */
export class LogTails {
  readonly #engine: DockerEngine;
  readonly #kept: number;
  readonly #signal: AbortSignal;
  readonly #tails = new Map<string, Tail>();

  /** `kept`: how many lines of each. Aborted, it follows no more. */
  constructor(engine: DockerEngine, kept: number, signal: AbortSignal) {
    this.#engine = engine;
    this.#kept = kept;
    this.#signal = signal;
  }

  /** Follows those containers of a cluster that run and are not followed yet. */
  async followAll(name: string): Promise<void> {
    const { containers } = await findInDocker(this.#engine, name, this.#signal);
    for (const each of containers) if (isUp(each) && !this.#tails.has(each.id)) this.follow(each.id);
  }

  /** Follows a container from its start on, until it ends. */
  follow(id: string): void {
    this.#tails.set(id, this.#begin(id));
  }

  /** The last lines of one that has ended. */
  async of(id: string): Promise<string[]> {
    const tail = this.#tails.get(id) ?? this.#begin(id);
    this.#tails.delete(id);
    // One that ended before it was followed is asked now, and may not answer in time.
    await Promise.race([tail.ended, delay(tail.lines.length > 0 ? lateMs : askMs)]);
    return [...tail.lines];
  }

  #begin(id: string): Tail {
    const lines: string[] = [];
    return { lines, ended: this.#read(id, lines) };
  }

  async #read(id: string, lines: string[]): Promise<void> {
    const container = this.#engine.docker.getContainer(id);
    const options = { lines: this.#kept, follow: true, signal: this.#signal, tty: false };
    try {
      for await (const { text } of followLog(container, options)) {
        lines.push(text);
        if (lines.length > this.#kept) lines.shift();
      }
    } catch {
      // A daemon that was restarted: its events tell of that, and the lines so far are all that there will be.
    }
  }
}
