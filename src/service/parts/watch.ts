import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../host/errors.ts';
import type { Life, PartPlan } from './plan.ts';

/** How a part is watched. Milliseconds. */
export interface Pace {
  /** Between looks at whether the process lives. */
  readonly look: number;
  /** Between checks until it is ready, and afterwards. */
  readonly checkStarting: number;
  readonly checkReady: number;
  /** A life shorter than this, or never ready, is a quick death; after `quickDeaths` in a row the part is given up. */
  readonly quickLife: number;
  readonly quickDeaths: number;
  /** The pause before a restart: doubled at each quick death, up to the longest. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** So many failed checks in a row make a part that was ready count as failed, and so many make it be started again. */
  readonly checksToFailed: number;
  readonly checksToRestart: number;
}

export const usualPace: Pace = {
  look: 1000,
  checkStarting: 250,
  checkReady: 10_000,
  quickLife: 60_000,
  quickDeaths: 5,
  firstPause: 500,
  longestPause: 15_000,
  checksToFailed: 3,
  checksToRestart: 12,
};

export interface HealthListener {
  /** What it lacks still, before it is ready for the first time. */
  waiting(detail: string): void;
  /** After each check that passed. */
  ready(): void;
  /** It was not ready in time, or does not answer any more. */
  failing(detail: string): void;
}

/**
 * Checks a part until the signal is aborted, or until it has failed so many checks in a row that it counts as hung. A part
 * that is not ready in time is told of and waited for: a slow machine needs longer, and the limit may be wrong.
 */
export async function watchHealth(
  plan: PartPlan,
  life: Life,
  pace: Pace,
  signal: AbortSignal,
  listener: HealthListener,
): Promise<{ wasReady: boolean; hung?: string }> {
  const since = Date.now();
  let wasReady = false;
  let failures = 0;
  while (!signal.aborted) {
    const lack = await lackOf(plan, life, signal);
    if (isAborted(signal)) break;
    if (lack === undefined) {
      wasReady = true;
      failures = 0;
      listener.ready();
    } else {
      failures += 1;
      if (!wasReady && Date.now() - since > plan.readyLimitMs) {
        const seconds = Math.round(plan.readyLimitMs / 1000);
        listener.failing(`not ready after ${seconds} s, still waiting: ${lack}`);
      } else if (!wasReady) {
        listener.waiting(lack);
      }
      if (wasReady && failures >= pace.checksToRestart) {
        return { wasReady, hung: `it did not answer any more: ${lack}` };
      }
      if (wasReady && failures >= pace.checksToFailed) listener.failing(`does not answer: ${lack}`);
    }
    await pause(wasReady ? pace.checkReady : pace.checkStarting, signal);
  }
  return { wasReady };
}

async function lackOf(plan: PartPlan, life: Life, signal: AbortSignal): Promise<string | undefined> {
  try {
    await plan.check(life, signal);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Waits so many milliseconds, or until the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** A call, since the compiler takes `signal.aborted` for as constant as it was at the last look. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
