import { setTimeout as delay } from 'node:timers/promises';
import type { PartReport } from '../../api/people.ts';
import { ServiceProblem } from '../../client/errors.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';

const firstPauseMs = 250;
const longestPauseMs = 5000;
/** A part that dies again and again while the service is away fills no memory. */
const mostWaiting = 200;
/** How long a report may take. Milliseconds. */
const reportLimitMs = 5000;

/** What is needed of a service. */
type Reported = Pick<ServiceClient, 'reportPart'>;

/** Tells the service what became of parts, in the order in which it happened. While the service is away they wait. */
export class Reports {
  readonly #connect: () => Promise<Reported>;
  readonly #signal: AbortSignal;
  readonly #waiting: { readonly part: string; readonly report: PartReport }[] = [];
  #running = false;

  /** `connect` finds the service, or rejects where it is away. Aborted, what still waits is given up. */
  constructor(connect: () => Promise<Reported>, signal: AbortSignal) {
    this.#connect = connect;
    this.#signal = signal;
  }

  /** Does not wait until the service has taken it in. */
  tell(part: string, report: PartReport): void {
    // Somebody has started it again: that it was stopped is history, and would look like news.
    if (report.state === 'running') this.#drop(part);
    this.#waiting.push({ part, report });
    // The first is being sent.
    if (this.#waiting.length > mostWaiting) this.#waiting.splice(1, 1);
    if (!this.#running) void this.#send();
  }

  #drop(part: string): void {
    const old = this.#waiting.findIndex((each) => each.part === part && each.report.state === 'exited');
    if (old >= 0) this.#waiting.splice(old, 1);
  }

  async #send(): Promise<void> {
    this.#running = true;
    const signal = this.#signal;
    let service: Reported | undefined;
    let pause = firstPauseMs;
    for (let [first] = this.#waiting; first && !signal.aborted; [first] = this.#waiting) {
      try {
        service ??= await this.#connect();
        await service.reportPart(first.part, first.report, { signal, timeoutMs: reportLimitMs });
      } catch (error) {
        // Refused: it knows no such part, or is of another version. Else it is away, and comes back.
        if (!(error instanceof ServiceProblem) || error.status >= 500) {
          service = undefined;
          await delay(pause, undefined, { signal }).catch(() => undefined);
          pause = Math.min(pause * 2, longestPauseMs);
          continue;
        }
      }
      pause = firstPauseMs;
      if (this.#waiting[0] === first) this.#waiting.shift();
    }
    this.#running = false;
  }
}
