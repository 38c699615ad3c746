/** Runs that are remembered: an hour of allocation runs. */
const mostRuns = 3600;

const percentiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, p9999: 0.9999 } as const;

/** How long something takes that is done again and again, as Mesos' timers tell it. */
export class RunTimes {
  /** Milliseconds, oldest first. */
  readonly #times: number[] = [];
  #count = 0;

  /** Runs it and notes how long it took. */
  measure(run: () => void): void {
    const began = performance.now();
    run();
    this.#times.push(performance.now() - began);
    this.#count += 1;
    if (this.#times.length > mostRuns) this.#times.shift();
  }

  /** Runs since the start. */
  get count(): number {
    return this.#count;
  }

  /** `<name>`: the last one; `<name>/max` and so on: of those remembered. Nothing where there was none. */
  metrics(name: string): Record<string, number> {
    const last = this.#times.at(-1);
    if (last === undefined) return {};
    const sorted = [...this.#times].sort((one, other) => one - other);
    const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? last;
    return {
      [name]: last,
      [`${name}/count`]: sorted.length,
      [`${name}/max`]: at(1),
      [`${name}/min`]: at(0),
      ...Object.fromEntries(
        Object.entries(percentiles).map(([suffix, part]) => [`${name}/${suffix}`, at(part)]),
      ),
    };
  }
}
