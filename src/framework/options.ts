import type { FrameworkOptions } from './types.ts';

export type Settings = Readonly<Required<FrameworkOptions>>;

/** The options with their defaults. */
export function settingsOf(options: FrameworkOptions = {}): Settings {
  return {
    defaultResources: { cpus: 1, mem: 512, disk: 0, gpus: 0 },
    relaunches: 3,
    relaunchBackoffMs: 1_000,
    ticketLifetimeMs: 600_000,
    masterChangeGraceMs: 600_000,
    acceptGraceMs: 5_000,
    retryMs: 5_000,
    reconcileEveryMs: 900_000,
    waitingRefuseSeconds: 2,
    idleRefuseSeconds: 3_600,
    keepEvents: 50_000,
    keepRequests: 100_000,
    ...options,
  };
}
