import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, Id, KillPolicy, TaskInfo } from '../../mesos/types.ts';
import { messageOf } from '../../host/errors.ts';
import type { ProcessIdentity } from '../../host/processes.ts';
import { isTerminal, viewOf } from '../taskView.ts';
import { AgentTask } from './agentTask.ts';
import type { ContainerEnd, RunningContainer } from './container.ts';
import { NotAvailableError, type Containerizer, type Following } from './containerizer.ts';
import type { Reporter } from './reporter.ts';
import { makeSandbox, sandboxPath } from './sandbox.ts';
import type { AgentState } from './state.ts';
import { unsupportedPart } from './unsupported.ts';
import type { TaskUser } from './userSwitch.ts';

/** Starts and ends tasks. */
export class Launcher {
  readonly #state: AgentState;
  readonly #reporter: Reporter;
  readonly #containerizers: readonly Containerizer[];
  readonly #launching = new Set<Promise<void>>();
  /** Those that took longer than they might. */
  readonly #overdue = new WeakSet<RunningContainer>();
  #stopping = false;

  constructor(state: AgentState, reporter: Reporter, containerizers: readonly Containerizer[]) {
    this.#state = state;
    this.#reporter = reporter;
    this.#containerizers = containerizers;
  }

  /** Never rejects: whatever goes wrong ends the task with the reason. */
  async run(framework: FrameworkInfo & { id: Id }, info: TaskInfo): Promise<void> {
    const view = viewOf(info, framework.id.value, info.resources ?? []);
    const task = new AgentTask(framework, view, randomUUID(), '', info);
    this.#state.history.openFramework(framework.id);
    this.#state.tasks.set(task.key, task);
    if (this.#stopping) task.launching.abort();
    const launching = this.#run(task, info);
    this.#launching.add(launching);
    await launching;
    this.#launching.delete(launching);
  }

  /** Grace: the kill's, else the task's, else the default. A task that is over or being killed already is left alone. */
  kill(task: AgentTask | undefined, killPolicy?: KillPolicy): void {
    if (!task || isTerminal(task.view.state)) return;
    const { container } = task;
    if (!container) {
      task.launching.abort();
      return;
    }
    const isFirst = !container.isBeingKilled;
    container.kill(this.#graceOf(task, killPolicy));
    if (!isFirst) return;
    if (task.can('TASK_KILLING_STATE')) this.#reporter.report(task, { state: 'TASK_KILLING' });
    else this.#reporter.keep(task);
  }

  /**
   * Goes on with a task that an earlier agent process started, to its end; where its kill was under way, that begins anew.
   * Returns whether it could.
   */
  async adopt(task: AgentTask, leader: ProcessIdentity, isBeingKilled: boolean): Promise<boolean> {
    const containerizer = this.#containerizers.find((one) => one.takes(task.view));
    if (!containerizer?.adopt) return false;
    const user = await this.#state.users.userOf(task.framework, {
      command: task.view.user === undefined ? {} : { user: task.view.user },
    });
    await containerizer.adopt({ ...this.#following(task, user), leader, isBeingKilled });
    if (isBeingKilled) task.container?.kill(this.#graceOf(task));
    return true;
  }

  /** Ends all tasks: SIGTERM, SIGKILL after the grace for stopping. Resolves when they are gone. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    for (const task of this.#state.tasks.values()) task.launching.abort();
    await Promise.all(this.#launching);
    const containers = [...this.#state.tasks.values()].flatMap(({ container }) => container ?? []);
    for (const container of containers) container.kill(this.#state.options.stopGrace);
    await Promise.all(containers.map(({ ended }) => ended));
  }

  async #run(task: AgentTask, info: TaskInfo): Promise<void> {
    const user = await this.#prepare(task, info);
    if (!user) return;
    const { signal } = task.launching;
    try {
      const containerizer = this.#containerizers.find((one) => one.takes(info));
      if (!containerizer) throw new NotAvailableError('');
      // Written before it starts: whatever happens to us then, our successor knows of it.
      await this.#state.ledger.put(task.toRecord());
      signal.throwIfAborted();
      await this.#state.fetcher.fetch({
        containerId: task.containerId,
        uris: info.command?.uris ?? [],
        sandbox: task.sandbox,
        user: user.is,
        signal,
      });
      signal.throwIfAborted();
      const { max_completion_time: limit } = info;
      if (limit && limit.nanoseconds > 0) task.endBy = this.#state.clock.now() + limit.nanoseconds / 1e6;
      await containerizer.launch({ ...this.#following(task, user.is), info, signal });
    } catch (error) {
      if (signal.aborted) this.#reportKilledEarly(task);
      else this.#fail(task, error instanceof NotAvailableError ? this.#noneOf(error) : messageOf(error));
    }
  }

  #following(task: AgentTask, user: TaskUser | undefined): Following {
    return {
      task,
      user,
      started: (container) => {
        task.container = container;
        this.#limit(task, container);
      },
      report: (parts) => this.#reporter.report(task, parts),
      kill: () => this.kill(task),
      ended: (end) => this.#ended(task, end),
    };
  }

  /** Milliseconds. */
  #graceOf(task: AgentTask, killPolicy?: KillPolicy): number {
    const grace = (killPolicy ?? task.view.kill_policy)?.grace_period;
    return grace ? Math.max(0, grace.nanoseconds / 1e6) : this.#state.options.killGrace;
  }

  /** Makes the sandbox. Undefined: it couldn't, and the scheduler was told. */
  async #prepare(task: AgentTask, info: TaskInfo): Promise<{ is: TaskUser | undefined } | undefined> {
    const place = {
      agentId: this.#state.id?.value ?? '',
      frameworkId: task.framework.id.value,
      executorId: task.id.value,
      containerId: task.containerId,
    };
    const { workDir } = this.#state.options;
    let is: TaskUser | undefined;
    try {
      is = await this.#state.users.userOf(task.framework, info);
      task.sandbox = await makeSandbox(workDir, place);
    } catch (error) {
      this.#reporter.report(task, {
        state: task.can('PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
        message: `Failed to create executor directory '${sandboxPath(workDir, place)}': ${messageOf(error)}`,
        reason: 'REASON_EXECUTOR_TERMINATED',
      });
      return undefined;
    }
    const unsupported = unsupportedPart(info);
    if (unsupported) this.#reporter.report(task, { ...unsupported, state: 'TASK_FAILED' });
    return unsupported ? undefined : { is };
  }

  #noneOf({ message }: NotAvailableError): string {
    const names = this.#state.options.containerizers.join(',');
    const why = message === '' ? '' : `: ${message}`;
    return `None of the enabled containerizers (${names}) could create a container for the provided TaskInfo/ExecutorInfo message${why}`;
  }

  #fail(task: AgentTask, why: string): void {
    this.#reporter.report(task, {
      state: 'TASK_FAILED',
      message: `Failed to launch container: ${why}`,
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    });
  }

  #reportKilledEarly(task: AgentTask): void {
    this.#reporter.report(task, {
      state: 'TASK_KILLED',
      message: 'Killed before delivery to the executor',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
    });
  }

  /** Ends a task that takes longer than it may: at once, and without a word before. */
  #limit({ endBy }: AgentTask, container: RunningContainer): void {
    if (endBy === undefined) return;
    const timer = this.#state.clock.after(endBy - this.#state.clock.now(), () => {
      if (container.isBeingKilled) return;
      this.#overdue.add(container);
      container.kill(0);
    });
    void container.ended.then(() => timer.cancel());
  }

  #ended(task: AgentTask, { succeeded, message, reason, healthy }: ContainerEnd): void {
    if (task.container && this.#overdue.has(task.container)) {
      this.#reporter.report(task, {
        state: 'TASK_FAILED',
        message,
        source: 'SOURCE_EXECUTOR',
        reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
      });
      return;
    }
    const killed = task.container?.isBeingKilled ?? false;
    const state = killed ? 'TASK_KILLED' : succeeded ? 'TASK_FINISHED' : 'TASK_FAILED';
    this.#reporter.report(task, {
      state,
      message,
      ...(reason === undefined || killed ? {} : { reason }),
      ...(healthy === undefined || !killed ? {} : { healthy }),
    });
  }
}
