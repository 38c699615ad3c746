import os from 'node:os';

/** Of a container's state (`inspect`), what tells how it ended. */
export interface EndedState {
  readonly ExitCode: number;
  readonly OOMKilled?: boolean;
  /** Docker's own words where it could not run it. */
  readonly Error?: string;
}

/** How a container ended, in words that follow its name: `was killed for want of memory (its limit is 512 MB)`. */
export function howItEnded(state: EndedState, memoryLimitBytes?: number): string {
  if (state.OOMKilled === true) {
    const limit =
      memoryLimitBytes === undefined || memoryLimitBytes === 0
        ? ''
        : ` (its limit is ${String(Math.round(memoryLimitBytes / 2 ** 20))} MB)`;
    return `was killed for want of memory${limit}`;
  }
  const said = state.Error === undefined || state.Error === '' ? '' : `: ${state.Error}`;
  const status = `exit status ${String(state.ExitCode)}`;
  switch (state.ExitCode) {
    case 0:
      return `ended by itself (${status})`;
    case 125:
      return `could not be started by Docker (${status})${said}`;
    case 126:
      return `could not run its command: it is not executable (${status})${said}`;
    case 127:
      return `could not run its command: there is no such program (${status})${said}`;
    case 137:
      // SIGKILL is also what the machine's own killer sends when memory runs out outside of the container's limit.
      return `was killed (SIGKILL)${said}`;
    case 143:
      return `was ended (SIGTERM)${said}`;
  }
  const signal = Object.entries(os.constants.signals).find(
    ([, number]) => number === state.ExitCode - 128,
  )?.[0];
  return signal === undefined ? `failed (${status})${said}` : `was ended by ${signal}${said}`;
}
