import { createHash } from 'node:crypto';
import http from 'node:http';

/** One life of a part: from its start, by us or by an earlier service, to its death. */
export interface Life {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A program that the service keeps running. */
export interface PartPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Parts that must have been ready once before this one is started. */
  readonly dependsOn: readonly string[];
  /** Parts of a higher stage are ended before those of a lower one, those of the same together. */
  readonly stage: number;
  /** What must be done before each start of the program; `report` says in a line what is going on. */
  readonly prepare?: (report: (detail: string) => void, signal: AbortSignal) => Promise<void>;
  /** Resolves where the part is in order; throws what it lacks. */
  readonly check: (life: Life, signal: AbortSignal) => Promise<void>;
  /** A part that is not ready by then counts as failed, but is waited for still. Milliseconds. */
  readonly readyLimitMs: number;
  /** Between SIGTERM and SIGKILL. Milliseconds. */
  readonly graceMs: number;
}

/** Tells a program from another, whatever the environment that a service happened to have. */
export function planDigest(plan: PartPlan): string {
  const told = JSON.stringify([plan.command, plan.args, plan.cwd]);
  return createHash('sha256').update(told).digest('hex').slice(0, 16);
}

/** The parts by the stage of their end, the first to be ended first. */
export function byStage(plans: readonly PartPlan[]): PartPlan[][] {
  const stages = [...new Set(plans.map((plan) => plan.stage))].sort((one, other) => other - one);
  return stages.map((stage) => plans.filter((plan) => plan.stage === stage));
}

/** A check that wants 200 of a GET on loopback, within 5 seconds. */
export function httpCheck(url: string): PartPlan['check'] {
  return (_life, signal) =>
    new Promise((resolve, reject) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
      // Node's own http, not fetch: that may send loopback through a proxy.
      const request = http.get(url, { agent: false, signal: limit }, (response) => {
        response.resume();
        response.once('error', reject);
        response.once('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`${url} answers ${response.statusCode ?? 0}`));
        });
      });
      request.once('error', (error) => reject(new Error(`no answer from ${url}`, { cause: error })));
    });
}
