import { setTimeout as delay } from 'node:timers/promises';
import { ServiceProblem } from '../../client/errors.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { PartIncident } from '../../engines/engine.ts';

const firstPauseMs = 250;
const longestPauseMs = 5000;
/** The service sees by itself how it is, and knows its tasks from Mesos. */
const notReported: ReadonlySet<string> = new Set(['service', 'task']);

/** What is needed of a service. */
type Reported = Pick<ServiceClient, 'reportPart'>;

/** A part that dies again and again while the service is away fills no memory. */
const mostWaiting = 200;

/** Tells the service what became of parts, in the order in which it happened. While the service is away they wait. */
export class Reports {
  readonly #connect: () => Promise<Reported>;
  readonly #signal: AbortSignal;
  readonly #waiting: PartIncident[] = [];
  #running = false;

  /** `connectTo` finds the service, and where it died waits for it or rejects. */
  constructor(connectTo: () => Promise<Reported>, signal: AbortSignal) {
    this.#connect = connectTo;
    this.#signal = signal;
  }

  tell(incident: PartIncident): void {
    if (notReported.has(incident.part)) return;
    this.#waiting.push(incident);
    // The first is being sent.
    if (this.#waiting.length > mostWaiting) this.#waiting.splice(1, 1);
    if (!this.#running) void this.#send();
  }

  async #send(): Promise<void> {
    this.#running = true;
    let client: Reported | undefined;
    let pause = firstPauseMs;
    for (let [incident] = this.#waiting; incident && !this.#signal.aborted; [incident] = this.#waiting) {
      try {
        client ??= await this.#connect();
        const { part, state, detail, lastLines, at } = incident;
        await client.reportPart(
          part,
          { state, detail: [detail, ...lastLines].join('\n'), at },
          { signal: this.#signal },
        );
      } catch (error) {
        // Refused: it knows no such part, or is of another version.
        const refused = error instanceof ServiceProblem && error.status < 500;
        if (!refused) {
          client = undefined;
          await delay(pause, undefined, { signal: this.#signal }).catch(() => undefined);
          pause = Math.min(pause * 2, longestPauseMs);
          continue;
        }
      }
      pause = firstPauseMs;
      this.#waiting.shift();
    }
    this.#running = false;
  }
}
