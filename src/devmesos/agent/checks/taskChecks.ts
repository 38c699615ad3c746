import { isDeepStrictEqual } from 'node:util';
import type { CheckInfo, CheckStatusInfo, HealthCheck, TaskInfo } from '../../../mesos/types.ts';
import type { Clock } from '../../clock.ts';
import type { StatusParts } from '../reporter.ts';
import { Health } from './health.ts';
import { PeriodicCheck } from './periodicCheck.ts';
import { ask, healthProbeOf, probeOf, uncheckedStatus, type CheckPlace } from './probe.ts';

export interface TaskChecksOptions {
  readonly info: Pick<TaskInfo, 'check' | 'health_check'>;
  readonly place: CheckPlace;
  readonly clock: Clock;
  /** For the agent's log. */
  readonly log: (text: string) => void;
  readonly report: (parts: StatusParts) => void;
  readonly kill: () => void;
}

/** Checks a running task as it asks for, tells its scheduler of it, and kills it where it isn't well. */
export class TaskChecks {
  readonly #options: TaskChecksOptions;
  #running: PeriodicCheck[] = [];
  /** As last told: each update carries both. */
  #healthy: boolean | undefined;
  #status: CheckStatusInfo | undefined;
  #hasKilled = false;

  constructor(options: TaskChecksOptions) {
    this.#options = options;
    this.#status = uncheckedStatus(options.info.check);
  }

  /** Whether it was the task's health that ended it. */
  get hasKilled(): boolean {
    return this.#hasKilled;
  }

  start(): void {
    const { check, health_check } = this.#options.info;
    if (check) this.#check(check);
    if (health_check) this.#checkHealth(health_check);
    for (const one of this.#running) one.start();
  }

  /** The task is being killed, or over: nothing more is told. */
  stop(): void {
    for (const one of this.#running) one.stop();
    this.#running = [];
  }

  #check(check: CheckInfo): void {
    const probe = probeOf(check);
    if (!probe) return;
    const { clock, place, log } = this.#options;
    this.#running.push(
      new PeriodicCheck({
        clock,
        times: check,
        ask: (signal) => ask(probe, place, signal),
        onResult: (result) => {
          if (result instanceof Error) log(`${probe.type} check failed: ${result.message}`);
          const status = result instanceof Error ? uncheckedStatus(check) : result;
          // Told when it changes.
          if (isDeepStrictEqual(status, this.#status)) return;
          this.#status = status;
          this.#tell('REASON_TASK_CHECK_STATUS_UPDATED');
        },
      }),
    );
  }

  #checkHealth(check: HealthCheck): void {
    const probe = healthProbeOf(check);
    if (!probe) return;
    const { clock, place, log } = this.#options;
    const health = new Health(check, () => clock.now());
    this.#running.push(
      new PeriodicCheck({
        clock,
        times: check,
        ask: (signal) => ask(probe, place, signal),
        onResult: (result) => {
          const problem = result instanceof Error ? result.message : problemOf(result);
          if (problem !== undefined) log(`${probe.type} health check failed: ${problem}`);
          const news = problem === undefined ? health.passed() : health.failed();
          if (!news) return;
          this.#healthy = news.healthy;
          this.#tell('REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
          if (!news.isLast) return;
          this.#hasKilled = true;
          this.#options.kill();
        },
      }),
    );
  }

  #tell(reason: string): void {
    this.#options.report({
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      reason,
      ...(this.#healthy === undefined ? {} : { healthy: this.#healthy }),
      ...(this.#status ? { check_status: this.#status } : {}),
    });
  }
}

/** Why an answer is no sign of health; undefined: it is. */
function problemOf({ command, http, tcp }: CheckStatusInfo): string | undefined {
  if (command)
    return command.exit_code === 0 ? undefined : `Command exited with status ${command.exit_code ?? '?'}`;
  const { status_code: status = 200 } = http ?? {};
  if (status < 200 || status >= 400) return `Unexpected HTTP response code: ${status}`;
  return tcp?.succeeded === false ? 'TCP connection failed' : undefined;
}
