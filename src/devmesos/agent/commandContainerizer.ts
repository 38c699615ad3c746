import { readFile } from 'node:fs/promises';
import type { TaskInfo } from '../../mesos/types.ts';
import { messageOf } from '../../host/errors.ts';
import { identify } from '../../host/processes.ts';
import { TaskChecks } from './checks/taskChecks.ts';
import { CommandProcess } from './commandProcess.ts';
import type { Adoption, Containerizer, Following, Launch } from './containerizer.ts';
import { exitText } from './exitText.ts';
import { adoptLeader, startLeader, type Leader } from './leader.ts';
import type { AgentState } from './state.ts';
import { defaultPath, taskEnvironment } from './taskEnvironment.ts';

/** Runs commands as processes of this machine: Mesos' own containerizer, without isolation. */
export class CommandContainerizer implements Containerizer {
  readonly name = 'mesos';
  readonly #state: AgentState;

  constructor(state: AgentState) {
    this.#state = state;
  }

  takes({ container }: Pick<TaskInfo, 'container'>): boolean {
    return container?.type !== 'DOCKER';
  }

  async launch(launch: Launch): Promise<void> {
    const { task, info, user, report } = launch;
    if (user) task.mark = this.#state.marks?.take();
    const env = this.#environment(launch);
    const leader = startLeader({
      command: info.command ?? {},
      sandbox: task.sandbox,
      env,
      user,
      mark: task.mark,
      // Of frameworks that don't checkpoint a later agent process ends what is left.
      ...(task.framework.checkpoint ? { note: this.#state.ledger.noteFile(task.containerId) } : {}),
    });
    // Who is told that it runs can rely on it: it is found again from then on.
    const recorded = this.#recordLeader(launch, leader.pid);
    const exited = recorded.then(() => leader.exited);
    const checks = this.#watch(launch, { pid: leader.pid, exited }, info, env);
    report({ state: 'TASK_STARTING' });
    await recorded;
    if (!task.container?.isBeingKilled) report({ state: 'TASK_RUNNING' });
    if (leader.pid !== undefined && !task.container?.isBeingKilled) checks.start();
  }

  async adopt(adoption: Adoption): Promise<void> {
    const { task, leader } = adoption;
    task.leader = leader;
    if (task.mark !== undefined) this.#state.marks?.hold(task.mark);
    const env = await environmentOf(leader.pid);
    const adopted = await adoptLeader(leader, this.#state.ledger.noteFile(task.containerId));
    const checks = this.#watch(adoption, adopted, task.view, env);
    if (adopted.pid !== undefined && !adoption.isBeingKilled) checks.start();
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

  /** Follows what runs of a task to its end. */
  #watch(
    { task, user, started, report, kill, ended }: Following,
    leader: Leader,
    wanted: Pick<TaskInfo, 'check' | 'health_check'>,
    env: Readonly<Record<string, string>>,
  ): TaskChecks {
    const onProblem = (problem: string): void => this.#state.log(`task ${task.id.value}: ${problem}`);
    const { clock, processes: table, marks } = this.#state;
    const { sandbox, mark } = task;
    const place = { sandbox, env, user, marks: mark === undefined ? [] : [mark] };
    const checks = new TaskChecks({ info: wanted, place, clock, log: onProblem, report, kill });
    started(
      new CommandProcess({
        leader,
        sandbox,
        mark,
        table,
        clock,
        onExit: () => {
          checks.stop();
          task.ending.abort();
        },
        onKill: () => checks.stop(),
        onEnd: (exit) => {
          if (mark !== undefined) marks?.free(mark);
          ended({
            succeeded: exit.code === 0,
            message: exitText(exit),
            ...(checks.hasKilled ? { healthy: false } : {}),
          });
        },
        onProblem,
      }),
    );
    return checks;
  }

  /** Never rejects. */
  async #recordLeader({ task }: Launch, pid: number | undefined): Promise<void> {
    try {
      task.leader = pid === undefined ? undefined : await identify(pid);
      if (task.leader) await this.#state.ledger.put(task.toRecord());
    } catch (error) {
      this.#state.log(`the process of task ${task.id.value} is not kept: ${messageOf(error)}`);
    }
  }
}

/** What a process was started with, as far as we may see it. */
async function environmentOf(pid: number): Promise<Record<string, string>> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const pairs = text.split('\0').map((line) => /^([^=]+)=(.*)$/s.exec(line)?.slice(1) ?? []);
  const known = pairs.flatMap(([name, value]) => (name === undefined ? [] : [[name, value ?? ''] as const]));
  return { PATH: process.env.PATH ?? defaultPath, ...Object.fromEntries(known) };
}
