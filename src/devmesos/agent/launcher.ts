import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, Id, KillPolicy, TaskInfo } from '../../mesos/types.ts';
import { messageOf } from '../../host/errors.ts';
import { identify } from '../../host/processes.ts';
import { isTerminal, viewOf } from '../taskView.ts';
import { AgentTask } from './agentTask.ts';
import { CommandProcess } from './commandProcess.ts';
import { exitText, type Exit } from './exitText.ts';
import type { Reporter } from './reporter.ts';
import { makeSandbox } from './sandbox.ts';
import type { AgentState } from './state.ts';
import { defaultPath, taskEnvironment } from './taskEnvironment.ts';
import { unsupportedPart } from './unsupported.ts';
import { UserNotes } from './users.ts';

/** Starts and ends command tasks. */
export class Launcher {
  readonly #state: AgentState;
  readonly #reporter: Reporter;
  readonly #users: UserNotes;

  constructor(state: AgentState, reporter: Reporter) {
    this.#state = state;
    this.#reporter = reporter;
    this.#users = new UserNotes(state.log);
  }

  /** Never rejects: whatever goes wrong ends the task with the reason. */
  async run(framework: FrameworkInfo & { id: Id }, info: TaskInfo): Promise<void> {
    const view = viewOf(info, framework.id.value, info.resources ?? []);
    const task = new AgentTask(framework, view, randomUUID(), '', info);
    this.#state.history.openFramework(framework.id);
    this.#state.tasks.set(task.key, task);
    try {
      task.sandbox = await makeSandbox(this.#state.options.workDir, {
        agentId: this.#state.id?.value ?? '',
        frameworkId: framework.id.value,
        executorId: task.id.value,
        containerId: task.containerId,
      });
    } catch (error) {
      this.#reporter.report(task, {
        state: task.can('PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
        message: `Failed to create executor directory: ${messageOf(error)}`,
        reason: 'REASON_EXECUTOR_TERMINATED',
      });
      return;
    }
    const unsupported = unsupportedPart(info, task.containerId);
    if (unsupported) {
      this.#reporter.report(task, { ...unsupported, state: 'TASK_FAILED' });
      return;
    }
    try {
      // Written before it starts: whatever happens to us then, our successor knows of it.
      await this.#state.ledger.put(task.toRecord());
      if (task.killedEarly) this.#reportKilledEarly(task);
      else this.#start(task, info);
    } catch (error) {
      this.#reporter.report(task, {
        state: 'TASK_FAILED',
        message: `Failed to launch container: ${messageOf(error)}`,
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      });
    }
  }

  /** Grace: the kill's, else the task's, else the default. A task that is over or being killed already is left alone. */
  kill(task: AgentTask | undefined, killPolicy?: KillPolicy): void {
    if (!task || isTerminal(task.view.state)) return;
    if (!task.process) {
      task.killedEarly = true;
      return;
    }
    const grace = (killPolicy ?? task.info?.kill_policy)?.grace_period;
    const isFirst = !task.process.isBeingKilled;
    task.process.kill(grace ? Math.max(0, grace.nanoseconds / 1e6) : this.#state.options.killGrace);
    if (isFirst && task.can('TASK_KILLING_STATE')) this.#reporter.report(task, { state: 'TASK_KILLING' });
  }

  /** Ends all tasks: SIGTERM, SIGKILL after the grace for stopping. Resolves when they are gone. */
  async stopAll(): Promise<void> {
    const processes = [...this.#state.tasks.values()].flatMap(({ process }) => process ?? []);
    for (const process of processes) process.kill(this.#state.options.stopGrace);
    await Promise.all(processes.map(({ ended }) => ended));
  }

  #reportKilledEarly(task: AgentTask): void {
    this.#reporter.report(task, {
      state: 'TASK_KILLED',
      message: 'Killed before delivery to the executor',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
    });
  }

  #start(task: AgentTask, info: TaskInfo): void {
    this.#users.note(task.framework, info);
    const env = taskEnvironment({
      framework: task.framework,
      task: info,
      agentId: this.#state.id?.value ?? '',
      agentPid: this.#state.pid,
      sandbox: task.sandbox,
      role: info.resources?.[0]?.allocation_info?.role ?? '*',
      path: process.env.PATH ?? defaultPath,
    });
    task.process = new CommandProcess({
      command: info.command ?? {},
      sandbox: task.sandbox,
      env,
      table: this.#state.processes,
      clock: this.#state.clock,
      onEnd: (exit) => this.#ended(task, exit),
      onProblem: (problem) => this.#state.log(`task ${task.id.value}: ${problem}`),
    });
    this.#reporter.report(task, { state: 'TASK_STARTING' });
    this.#reporter.report(task, { state: 'TASK_RUNNING' });
    this.#recordLeader(task, task.process.pid).catch((error: unknown) =>
      this.#state.log(`the process of task ${task.id.value} is not kept: ${messageOf(error)}`),
    );
  }

  async #recordLeader(task: AgentTask, pid: number | undefined): Promise<void> {
    const leader = pid === undefined ? undefined : await identify(pid);
    if (leader && !isTerminal(task.view.state)) await this.#state.ledger.put({ ...task.toRecord(), leader });
  }

  #ended(task: AgentTask, exit: Exit): void {
    const killed = task.process?.isBeingKilled ?? false;
    const state = killed ? 'TASK_KILLED' : exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
    this.#reporter.report(task, { state, message: exitText(exit) });
  }
}
