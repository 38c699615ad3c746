import { EventEmitter } from 'node:events';
import fs from 'node:fs/promises';
import type { PartView } from '../../api/people.ts';
import { messageOf } from '../../host/errors.ts';
import { endProcess } from '../../host/processes.ts';
import type { Logger } from '../log.ts';
import { Part } from './part.ts';
import { byStage, type PartPlan } from './plan.ts';
import { PartRecords } from './records.ts';
import { usualPace, type Pace } from './watch.ts';

export interface SupervisorOptions {
  readonly plans: readonly PartPlan[];
  /** parts.json */
  readonly file: string;
  /** The cluster's folder. */
  readonly clusterRoot: string;
  readonly log: Logger;
  readonly pace?: Pace;
}

/** Watches over the embedded parts: starts them in order, adopts those that live, starts dead ones again, ends them. */
export class Supervisor extends EventEmitter<{ part: [PartView] }> {
  readonly #options: SupervisorOptions;
  readonly #parts = new Map<string, Part>();
  readonly #records: PartRecords;
  readonly #stop = new AbortController();
  readonly #onceReady = new Set<string>();
  #running: Promise<unknown> = Promise.resolve();

  private constructor(options: SupervisorOptions, records: PartRecords) {
    super();
    this.setMaxListeners(0);
    this.#options = options;
    this.#records = records;
    for (const plan of options.plans) {
      const part = new Part(plan, {
        records,
        clusterRoot: options.clusterRoot,
        log: options.log,
        pace: options.pace ?? usualPace,
        onChange: (view) => this.#changed(view),
      });
      this.#parts.set(plan.name, part);
    }
  }

  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const records = await PartRecords.open(
      options.file,
      options.plans.map((plan) => plan.name),
    );
    return new Supervisor(options, records);
  }

  /** In the order of their start. */
  views(): PartView[] {
    return [...this.#parts.values()].map((part) => part.view);
  }

  /** Begins to keep the parts running. Returns at once; `part` tells of each change. */
  start(): void {
    this.#running = this.#endStrangers().then(() =>
      Promise.all([...this.#parts.values()].map((part) => this.#keep(part))),
    );
    this.#running.catch((error: unknown) => {
      this.#options.log.error(`watching over the parts failed: ${messageOf(error)}`);
    });
  }

  /** Looks away: the parts live on, for another service to adopt. */
  async letGo(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Ends all parts in reverse order of their start, those of one stage together. In bounded time: each part's grace. */
  async end(): Promise<void> {
    await this.letGo();
    for (const plans of byStage(this.#options.plans)) {
      const parts = plans.flatMap((plan) => this.#parts.get(plan.name) ?? []);
      await Promise.all(parts.map((part) => part.end()));
    }
    await fs.rm(this.#options.file, { force: true });
  }

  /** Parts of an earlier configuration: an agent too many, for example. */
  async #endStrangers(): Promise<void> {
    for (const record of this.#records.strangers()) {
      this.#options.log.info(`${record.name}: not planned any more, ended`);
      await endProcess({ pid: record.pid, started: record.started }, 5000);
      await this.#records.remove(record.name);
    }
  }

  async #keep(part: Part): Promise<void> {
    const { signal } = this.#stop;
    // A living process is adopted at once: its place in the order of the first start is behind it.
    if (!(await part.canAdopt())) await this.#untilStartable(part, signal);
    if (!signal.aborted) await part.run(signal);
  }

  async #untilStartable(part: Part, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.off('part', look);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const look = (): void => {
        const missing = part.plan.dependsOn.filter((name) => !this.#onceReady.has(name));
        if (missing.length === 0 || signal.aborted) {
          done();
          return;
        }
        const told = missing.map((name) =>
          this.#parts.get(name)?.view.state === 'failed' ? `${name}, which failed` : name,
        );
        part.wait(`waits for ${told.join(' and ')}`);
      };
      this.on('part', look);
      signal.addEventListener('abort', done);
      look();
    });
  }

  #changed(view: PartView): void {
    if (view.state === 'ready') this.#onceReady.add(view.name);
    this.emit('part', view);
  }
}
