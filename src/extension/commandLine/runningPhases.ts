import type { Starting } from '../cluster/connection.ts';
import { shortDetail } from './detail.ts';
import type { PhaseLine } from './progress.ts';

/** Of phases that run side by side, the one to show: the first that began of those that run, or the last one that ended. */
export class RunningPhases {
  readonly #running = new Map<string, string>();

  after(line: PhaseLine): Pick<Starting, 'phase' | 'detail'> {
    const detail = shortDetail(line.detail);
    if (line.state === 'running') this.#running.set(line.phase, detail);
    else this.#running.delete(line.phase);
    const [first] = this.#running;
    const [phase, shown] = first ?? [line.phase, detail];
    return { phase, detail: shown };
  }
}
