import type { RecordingView } from '../../api/people.ts';
import type { PageClock } from '../../page/protocol.ts';
import type { ClusterState } from '../cluster/state.ts';

/** Which time it is for a cluster: a living one has this machine's, a recording its own. */
export class ClusterClock {
  readonly #now: () => number;
  readonly #monotonic: () => number;
  #recording: RecordingView | undefined;
  /** When that view of it came, by the monotonic clock. */
  #since = 0;

  /** `now`: this machine's time; `monotonic`: milliseconds of a clock that is never set back. */
  constructor(now: () => number = Date.now, monotonic: () => number = () => performance.now()) {
    this.#now = now;
    this.#monotonic = monotonic;
  }

  read(state: ClusterState | undefined): PageClock {
    const offset = -new Date().getTimezoneOffset();
    const recording = state?.cluster.recording;
    if (recording !== this.#recording) {
      this.#recording = recording;
      this.#since = this.#monotonic();
    }
    if (!recording) return { now: this.#now(), rate: 1, offset };
    const { from, to, at, speed, paused } = recording;
    const rate = paused ? 0 : speed;
    const now = Math.min(to, at + (this.#monotonic() - this.#since) * rate);
    return { now, rate, offset, span: { from, to, speed } };
  }
}
