import type { Starting } from '../cluster/connection.ts';
import type { PhaseLine } from './progress.ts';

/** Of phases that run side by side, the one to show: the latest heard of that still runs, or the last one that ended. */
export class RunningPhases {
  readonly #running = new Map<string, string>();

  after(line: PhaseLine): Starting {
    this.#running.delete(line.phase);
    if (line.state === 'running') this.#running.set(line.phase, line.detail);
    const latest = [...this.#running].at(-1);
    const [phase, detail] = latest ?? [line.phase, line.detail];
    return { phase, detail };
  }
}
