import * as z from 'zod/mini';
import type { Disposable } from '../dispose.ts';
import { Emitter } from '../emitter.ts';

const ownRun = z.object({
  cluster: z.string(),
  dag_id: z.string(),
  run_id: z.string(),
  /** When the person triggered it, or ran tasks of it again. */
  at: z.number(),
  /** Tasks of it ran again: it had ended before. */
  again: z.boolean(),
});
/** A run that this person began from this window. */
export type OwnRun = z.infer<typeof ownRun>;
type Id = 'cluster' | 'dag_id' | 'run_id';

/** What remembers: VS Code's Memento is one. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const key = 'own runs';
/** So many are waited for at most, and so long (milliseconds): a run of a paused DAG may never end. */
const most = 50;
const longestMs = 7 * 24 * 3600 * 1000;

/** The runs that this person began from this window and that are not known to have ended; remembered over a reload. */
export class OwnRuns implements Disposable {
  readonly #memory: Memory;
  readonly #now: () => number;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(memory: Memory, now: () => number = Date.now) {
    this.#memory = memory;
    this.#now = now;
  }

  /** The newest first. */
  get pending(): readonly OwnRun[] {
    const known = z.safeParse(z.array(ownRun), this.#memory.get(key));
    const oldest = this.#now() - longestMs;
    return known.success ? known.data.filter(({ at }) => at >= oldest) : [];
  }

  /** One that was triggered, or of which tasks run again. */
  async add(run: Omit<OwnRun, 'at'>): Promise<void> {
    const others = this.pending.filter((other) => !isSame(other, run));
    await this.#keep([{ ...run, at: this.#now() }, ...others].slice(0, most));
  }

  /** It ended, or is no more. */
  async forget(run: Pick<OwnRun, Id>): Promise<void> {
    await this.#keep(this.pending.filter((other) => !isSame(other, run)));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #keep(runs: readonly OwnRun[]): Promise<void> {
    await this.#memory.update(key, runs.length === 0 ? undefined : runs);
    this.#changed.fire();
  }
}

function isSame(a: Pick<OwnRun, Id>, b: Pick<OwnRun, Id>): boolean {
  return a.cluster === b.cluster && a.dag_id === b.dag_id && a.run_id === b.run_id;
}
