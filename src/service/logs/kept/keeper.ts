import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptRecord, TaskKey } from '../../../framework/types.ts';
import { codeOf, messageOf } from '../../../host/errors.ts';
import { maxReadLength } from '../../../mesos/files.ts';
import type { Logger } from '../../log.ts';
import { AgentAway } from '../../agentAway.ts';
import type { SandboxFiles } from '../agents.ts';
import { airflowLogPath } from '../paths.ts';
import { readAhead } from '../readAhead.ts';
import type { KeptFile } from './format.ts';
import type { KeptStore } from './store.ts';

/** Of each file, so many bytes before its end are kept. */
const keptBytes = 1024 * 1024;
/** So many tasks wait for it at most; of more, the oldest are left out. */
const longestQueue = 20_000;
/** What the task's last process wrote has reached its file by then. Milliseconds. */
const settleMs = 300;
/** After each task it rests so many times as long as that took: whoever runs tasks or reads logs goes first. */
const rest = 4;
const longestRestMs = 2000;
/** While the disk is full, or the agent away, there is no hurry. */
const troubleMs = 30_000;
const mostTries = 4;

export interface KeeperOptions {
  readonly store: KeptStore;
  readonly files: SandboxFiles;
  /** An attempt by its Mesos task id; undefined where it is not known any more. */
  readonly find: (
    mesosTaskId: string,
  ) => { readonly attempt: AttemptRecord; readonly key: TaskKey } | undefined;
  readonly log: Logger;
  /** Instead of the usual times, for tests. Milliseconds. */
  readonly pauses?: { readonly settle: number; readonly trouble: number };
}

/** Copies the ends of a task's logs once it is over, one task after another: sandboxes go after a while, and agents too. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #pauses: { readonly settle: number; readonly trouble: number };
  readonly #stop = new AbortController();
  /** With how often it was tried; in the order of their ends. */
  readonly #queue = new Map<string, number>();
  #working: Promise<void> | undefined;
  #isFull = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#pauses = options.pauses ?? { settle: settleMs, trouble: troubleMs };
  }

  /** The attempt is over. Returns at once. */
  ended(mesosTaskId: string): void {
    if (this.#stop.signal.aborted || this.#queue.has(mesosTaskId)) return;
    this.#queue.set(mesosTaskId, 0);
    for (const id of this.#queue.keys()) {
      if (this.#queue.size <= longestQueue) break;
      this.#queue.delete(id);
    }
    this.#working ??= this.#work();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    try {
      await delay(this.#pauses.settle, undefined, { signal });
      for (;;) {
        const [next] = this.#queue;
        if (!next) return;
        const [id, tries] = next;
        this.#queue.delete(id);
        const begun = performance.now();
        const isWell = await this.#keep(id, tries);
        const took = performance.now() - begun;
        const pause = isWell ? Math.min(took * rest, longestRestMs) : this.#pauses.trouble;
        await delay(pause, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) this.#options.log.error(`logs are not kept any more: ${messageOf(error)}`);
    } finally {
      this.#working = undefined;
    }
  }

  /** False where it is better to wait before the next. */
  async #keep(id: string, tries: number): Promise<boolean> {
    const { store, find, log } = this.#options;
    try {
      const found = find(id);
      if (!found || (await store.has(id))) return true;
      const files = await this.#ends(found.attempt, found.key);
      if (files.size > 0) await store.put(id, files);
      if (this.#isFull) log.info('logs of tasks that end are kept again');
      this.#isFull = false;
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return true;
      if (error instanceof AgentAway) {
        // Others may wait for agents that are there.
        if (tries + 1 < mostTries) this.#queue.set(id, tries + 1);
        return this.#queue.size > 1;
      }
      const isDisk = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].includes(codeOf(error) ?? '');
      if (!isDisk || !this.#isFull) log.warn(`the log of ${id} is not kept: ${messageOf(error)}`);
      this.#isFull ||= isDisk;
      return !isDisk;
    }
  }

  async #ends(attempt: AttemptRecord, key: TaskKey): Promise<Map<string, KeptFile>> {
    const files = new Map<string, KeptFile>();
    for (const path of ['stdout', 'stderr', airflowLogPath(key)]) {
      const end = await this.#end(attempt, path);
      if (end && end.size > 0) files.set(path, end);
    }
    return files;
  }

  async #end(attempt: AttemptRecord, path: string): Promise<KeptFile | undefined> {
    const { signal } = this.#stop;
    const read = this.#options.files.read.bind(this.#options.files, attempt, path);
    const begin = await read(0, maxReadLength, signal);
    if (!begin || begin.size <= begin.data.length) {
      return begin && { data: begin.data, from: 0, size: begin.data.length };
    }
    const from = Math.max(0, begin.size - keptBytes);
    const parts: Buffer[] = [];
    for await (const { part } of readAhead(read, { from, to: begin.size, lanes: 2, signal }))
      parts.push(part.data);
    const data = Buffer.concat(parts);
    return { data, from, size: from + data.length };
  }
}
