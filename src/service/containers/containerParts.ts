import { EventEmitter } from 'node:events';
import type { DockerSpec } from '../../api/cluster.ts';
import type { PartReport, PartView } from '../../api/people.ts';
import { messageOf } from '../../host/errors.ts';
import type { Parts } from '../sides/side.ts';
import type { Logger } from '../log.ts';
import { isAborted, pause } from '../parts/watch.ts';
import type { ContainerCheck } from './checks.ts';
import { Lack } from './lack.ts';
import { PartLife, usualPatience, type Patience } from './partLife.ts';

/** How often containers are looked at. Milliseconds. */
export interface LookPace {
  /** Between checks of a part that is not ready. */
  readonly checkStarting: number;
  /** Between checks of one that is. */
  readonly checkReady: number;
  /** Between looks at whether it is still there. */
  readonly look: number;
}

export const usualLookPace: LookPace = { checkStarting: 250, checkReady: 10_000, look: 1000 };

export interface ContainerPartsOptions {
  /** In the order of their start. */
  readonly parts: DockerSpec['parts'];
  /** By the part's name. */
  readonly checks: ReadonlyMap<string, ContainerCheck>;
  readonly log: Logger;
  readonly pace?: LookPace;
  readonly patience?: Patience;
}

/** The parts of a cluster in Docker, as they are seen from the service's container: looked at, never started or ended. */
export class ContainerParts extends EventEmitter<{ part: [PartView] }> implements Parts {
  readonly #watched = new Map<string, WatchedContainer>();
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ContainerPartsOptions) {
    super();
    this.setMaxListeners(0);
    for (const { name, container } of options.parts) {
      const check = options.checks.get(name);
      if (!check) throw new Error(`no check for ${name}`);
      this.#watched.set(
        name,
        new WatchedContainer({
          name,
          container,
          check,
          pace: options.pace ?? usualLookPace,
          patience: options.patience ?? usualPatience,
          log: options.log,
          onChange: (view) => this.emit('part', view),
        }),
      );
    }
  }

  views(): PartView[] {
    return [...this.#watched.values()].map((part) => part.view);
  }

  start(): void {
    this.#running = Promise.all([...this.#watched.values()].map((part) => part.watch(this.#stop.signal)));
  }

  async letGo(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  report(name: string, report: PartReport): void {
    this.#watched.get(name)?.report(report);
  }
}

interface WatchedOptions {
  readonly name: string;
  readonly container: string;
  readonly check: ContainerCheck;
  readonly pace: LookPace;
  readonly patience: Patience;
  readonly log: Logger;
  readonly onChange: (view: PartView) => void;
}

class WatchedContainer {
  readonly #options: WatchedOptions;
  readonly #life: PartLife;
  #view: PartView;
  #wake = new AbortController();

  constructor(options: WatchedOptions) {
    this.#options = options;
    this.#life = new PartLife(Date.now(), options.patience);
    this.#view = {
      name: options.name,
      state: 'starting',
      pid: null,
      detail: '',
      restarts: 0,
      log: `docker logs ${options.container}`,
      container: options.container,
      since: Date.now(),
    };
  }

  get view(): PartView {
    return this.#view;
  }

  report(report: PartReport): void {
    this.#life.reported(report, Date.now());
    this.#tell();
    // What is told is looked at now, not at the next turn.
    this.#wake.abort();
  }

  async watch(signal: AbortSignal): Promise<void> {
    const { pace } = this.#options;
    let checkedAt = -Infinity;
    while (!signal.aborted) {
      const whole = !this.#life.isReady || performance.now() - checkedAt >= pace.checkReady;
      if (whole) checkedAt = performance.now();
      const passed = await this.#look(whole, signal);
      if (isAborted(signal)) return;
      // One that looks ill is checked at the next turn, whenever that would be due.
      if (!passed) checkedAt = -Infinity;
      this.#tell();
      this.#wake = new AbortController();
      await pause(
        this.#life.isReady ? pace.look : pace.checkStarting,
        AbortSignal.any([signal, this.#wake.signal]),
      );
    }
  }

  async #look(whole: boolean, signal: AbortSignal): Promise<boolean> {
    const { check } = this.#options;
    try {
      if (whole) this.#life.inOrder(await check.inOrder(this.#life.since, signal));
      else await check.isThere(signal);
      return true;
    } catch (error) {
      const kind = error instanceof Lack ? error.kind : 'silent';
      if (!signal.aborted) this.#life.lacks(kind, messageOf(error), Date.now());
      return false;
    }
  }

  #tell(): void {
    const old = this.#view;
    const { state, detail, restarts } = this.#life.view(Date.now());
    if (old.state === state && old.detail === detail && old.restarts === restarts) return;
    const since = old.state === state ? old.since : Date.now();
    this.#view = { ...old, state, detail, restarts, since };
    const { log, name, onChange } = this.#options;
    if (old.state !== state) {
      const told = `${name}: ${state}${detail === '' ? '' : `: ${detail}`}`;
      if (state === 'failed' || state === 'restarting') log.warn(told);
      else log.info(told);
    }
    onChange(this.#view);
  }
}
