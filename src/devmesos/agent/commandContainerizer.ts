import type { TaskInfo } from '../../mesos/types.ts';
import { messageOf } from '../../host/errors.ts';
import { identify } from '../../host/processes.ts';
import { isTerminal } from '../taskView.ts';
import type { AgentTask } from './agentTask.ts';
import { TaskChecks } from './checks/taskChecks.ts';
import { CommandProcess } from './commandProcess.ts';
import type { Containerizer, Launch } from './containerizer.ts';
import { exitText } from './exitText.ts';
import type { AgentState } from './state.ts';
import { defaultPath, taskEnvironment } from './taskEnvironment.ts';

/** Runs commands as processes of this machine: Mesos' own containerizer, without isolation. */
export class CommandContainerizer implements Containerizer {
  readonly name = 'mesos';
  readonly #state: AgentState;

  constructor(state: AgentState) {
    this.#state = state;
  }

  takes({ container }: TaskInfo): boolean {
    return container?.type !== 'DOCKER';
  }

  launch(launch: Launch): Promise<void> {
    const { task, user, started, report, ended } = launch;
    if (user) task.mark = this.#state.marks?.take();
    const env = this.#environment(launch);
    const checks = new TaskChecks({
      info: launch.info,
      place: { sandbox: task.sandbox, env, user, marks: task.mark === undefined ? [] : [task.mark] },
      clock: this.#state.clock,
      log: (text) => this.#state.log(`task ${task.id.value}: ${text}`),
      report,
      kill: launch.kill,
    });
    const running = new CommandProcess({
      command: launch.info.command ?? {},
      sandbox: task.sandbox,
      env,
      user,
      mark: task.mark,
      table: this.#state.processes,
      clock: this.#state.clock,
      onExit: () => {
        checks.stop();
        task.ending.abort();
      },
      onKill: () => checks.stop(),
      onEnd: (exit) => {
        if (task.mark !== undefined) this.#state.marks?.free(task.mark);
        ended({
          succeeded: exit.code === 0,
          message: exitText(exit),
          ...(checks.hasKilled ? { healthy: false } : {}),
        });
      },
      onProblem: (problem) => this.#state.log(`task ${task.id.value}: ${problem}`),
    });
    started(running);
    report({ state: 'TASK_STARTING' });
    report({ state: 'TASK_RUNNING' });
    if (running.pid !== undefined) checks.start();
    this.#recordLeader(task, running.pid).catch((error: unknown) =>
      this.#state.log(`the process of task ${task.id.value} is not kept: ${messageOf(error)}`),
    );
    return Promise.resolve();
  }

  /** Its processes are found by the records of its tasks (leftovers.ts). */
  recover(): Promise<void> {
    return Promise.resolve();
  }

  #environment({ task, info }: Launch): Record<string, string> {
    return taskEnvironment({
      framework: task.framework,
      task: info,
      agentId: this.#state.id?.value ?? '',
      agentPid: this.#state.pid,
      sandbox: task.sandbox,
      role: info.resources?.[0]?.allocation_info?.role ?? '*',
      path: process.env.PATH ?? defaultPath,
    });
  }

  async #recordLeader(task: AgentTask, pid: number | undefined): Promise<void> {
    const leader = pid === undefined ? undefined : await identify(pid);
    if (leader && !isTerminal(task.view.state)) await this.#state.ledger.put({ ...task.toRecord(), leader });
  }
}
