/** Something that will happen unless cancelled. */
export interface Timer {
  cancel(): void;
}

/** Time as the master and the agents see it: tests give one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once, after so many milliseconds (any number: more than a timer of Node's can hold, too). */
  after(milliseconds: number, run: () => void): Timer;
  /** Runs each so many milliseconds. */
  every(milliseconds: number, run: () => void): Timer;
}

/** The longest that setTimeout can wait; more would fire at once. */
const longestTimeout = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    let remaining = Math.max(0, milliseconds);
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const step = Math.min(remaining, longestTimeout);
      remaining -= step;
      handle = setTimeout(() => (remaining > 0 ? arm() : run()), step);
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
  every(milliseconds, run) {
    const handle = setInterval(run, milliseconds);
    return { cancel: () => clearInterval(handle) };
  },
};
