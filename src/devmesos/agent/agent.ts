import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, Id, KillPolicy, TaskInfo, TaskState, TaskStatus } from '../../mesos/types.ts';
import { messageOf } from '../../host/errors.ts';
import { identify } from '../../host/processes.ts';
import type { Clock } from '../clock.ts';
import type { RunningTask, ToAgent, ToMaster } from '../link/messages.ts';
import type { Log } from '../log.ts';
import { isTerminal, recordStatus, viewOf } from '../task-view.ts';
import { containerStatus, type AgentTask } from './agent-task.ts';
import { CommandProcess } from './command-process.ts';
import { exitText, type Exit } from './exit-text.ts';
import { History } from './history.ts';
import { endLeftovers } from './leftovers.ts';
import { Ledger } from './ledger.ts';
import type { AgentOptions } from './options.ts';
import { ProcessTable } from './process-table.ts';
import { makeSandbox } from './sandbox.ts';
import { StatusUpdates } from './status-updates.ts';
import { taskEnvironment } from './task-environment.ts';
import { unsupportedPart } from './unsupported.ts';

type WithId = FrameworkInfo & { id: Id };

/** Parts of a status that differ from one to the next. */
interface StatusParts {
  readonly state: TaskState;
  readonly message?: string;
  readonly reason?: string;
  readonly source?: 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';
}

/** Runs command tasks and reports on them. The master's wishes come in by `receive`, news go out by `send`. */
export class Agent {
  readonly options: AgentOptions;
  readonly clock: Clock;
  readonly history = new History();
  readonly tasks = new Map<string, AgentTask>();
  readonly updates: StatusUpdates;
  readonly ledger: Ledger;
  readonly startTime: number;
  /** Given by the master at the first registration, the same ever after. */
  id: Id | undefined;
  /** Where it really listens. */
  port: number;
  /** Hands a message to the master, if it is there. */
  send: (message: ToMaster) => void = () => undefined;
  readonly #log: Log;
  readonly #table = new ProcessTable();

  constructor(options: AgentOptions, clock: Clock, log: Log) {
    this.options = options;
    this.clock = clock;
    this.#log = log;
    this.port = options.port;
    this.startTime = clock.now();
    this.ledger = new Ledger(options.workDir);
    this.updates = new StatusUpdates({
      clock,
      retry: options.updateRetry,
      longestRetry: options.longestUpdateRetry,
      send: (frameworkId, status) => this.#sendUpdate(frameworkId, status),
      onDone: (frameworkId, taskId) => this.#done(frameworkId, taskId),
    });
  }

  get pid(): string {
    return `slave(1)@${this.options.host}:${this.port}`;
  }

  /** Ends what an earlier agent process of this work folder left running, and takes its tasks over to report that. */
  async recover(): Promise<void> {
    this.id = await this.ledger.agentId();
    for (const task of await endLeftovers(this.ledger, this.#table, this.#log)) {
      this.tasks.set(keyOf(task.framework.id, task.view.task_id), task);
      const { end } = task;
      if (end) this.updates.add(task.framework.id, end);
      else {
        this.#report(task, {
          state: 'TASK_FAILED',
          message: 'Executor terminated',
          reason: 'REASON_EXECUTOR_TERMINATED',
          source: 'SOURCE_AGENT',
        });
      }
    }
  }

  /** What the master is told when the agent comes (back). */
  runningTasks(): { tasks: RunningTask[]; frameworks: FrameworkInfo[] } {
    const tasks = [...this.tasks.values()];
    const frameworks = new Map(tasks.map(({ framework }) => [framework.id.value, framework]));
    return {
      tasks: tasks.map(({ view }) => ({ task: view, latestState: view.state })),
      frameworks: [...frameworks.values()],
    };
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'run':
        void this.#run({ ...message.framework, id: message.framework.id ?? { value: '' } }, message.task);
        return;
      case 'kill':
        this.#kill(this.#find(message.frameworkId, message.taskId), message.killPolicy);
        return;
      case 'shutdown-executor':
        // A command task's executor has the task's id.
        this.#kill(this.#find(message.frameworkId, message.executorId), undefined);
        return;
      case 'shutdown-framework':
        this.#shutDown(message.frameworkId);
        return;
      case 'acknowledge':
        this.updates.acknowledge(message.frameworkId, message.taskId, message.uuid);
        return;
      case 'framework':
        this.#frameworkIsBack(message.framework);
        return;
      case 'reconcile':
        for (const { framework, taskId } of message.tasks) this.#reportUnknown(framework, taskId);
        return;
      case 'ping':
        this.send({ type: 'pong' });
        return;
      case 'registered':
        return;
    }
  }

  /** Ends all tasks: SIGTERM, SIGKILL after the grace for stopping. Resolves when they are gone. */
  async stop(): Promise<void> {
    for (const { process } of this.tasks.values()) process?.kill(this.options.stopGrace);
    await Promise.all([...this.tasks.values()].flatMap(({ process }) => process?.ended ?? []));
    this.updates.stop();
  }

  #find(frameworkId: Id, taskId: Id): AgentTask | undefined {
    return this.tasks.get(keyOf(frameworkId, taskId));
  }

  async #run(framework: WithId, info: TaskInfo): Promise<void> {
    const containerId = randomUUID();
    const container = {
      agentId: this.id?.value ?? '',
      frameworkId: framework.id.value,
      executorId: info.task_id.value,
      containerId,
    };
    const view = viewOf(info, framework.id.value, info.resources ?? []);
    const early: AgentTask = {
      framework,
      info,
      containerId,
      sandbox: '',
      view,
      process: undefined,
      killedEarly: false,
    };
    const key = keyOf(framework.id, info.task_id);
    this.tasks.set(key, early);
    let sandbox: string;
    try {
      sandbox = await makeSandbox(this.options.workDir, container);
    } catch (error) {
      this.#log(`task ${info.task_id.value}: no sandbox: ${messageOf(error)}`);
      this.#report(early, {
        state: framework.capabilities?.some(({ type }) => type === 'PARTITION_AWARE')
          ? 'TASK_DROPPED'
          : 'TASK_LOST',
        message: `Failed to create executor directory: ${messageOf(error)}`,
        reason: 'REASON_EXECUTOR_TERMINATED',
        source: 'SOURCE_AGENT',
      });
      return;
    }
    const task: AgentTask = { ...early, sandbox };
    this.tasks.set(key, task);
    if (early.killedEarly) {
      this.#report(task, {
        state: 'TASK_KILLED',
        message: 'Killed before delivery to the executor',
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
        source: 'SOURCE_AGENT',
      });
      return;
    }
    const unsupported = unsupportedPart(info, containerId);
    if (unsupported) {
      this.#report(task, { ...unsupported, state: 'TASK_FAILED', source: 'SOURCE_AGENT' });
      return;
    }
    await this.#start(task, info);
  }

  async #start(task: AgentTask, info: TaskInfo): Promise<void> {
    const { framework, sandbox, containerId } = task;
    const role = info.resources?.[0]?.allocation_info?.role ?? '*';
    const env = taskEnvironment({
      framework,
      task: info,
      agentId: this.id?.value ?? '',
      agentPid: this.pid,
      sandbox,
      role,
      path: process.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    });
    // Written before it starts: whatever happens to us then, our successor knows of it.
    await this.ledger.put({ framework, task: task.view, containerId, sandbox });
    try {
      task.process = new CommandProcess({
        command: info.command ?? {},
        sandbox,
        env,
        table: this.#table,
        clock: this.clock,
        onEnd: (exit) => this.#ended(task, exit),
      });
    } catch (error) {
      this.#report(task, {
        state: 'TASK_FAILED',
        message: `Failed to launch container: ${messageOf(error)}`,
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        source: 'SOURCE_AGENT',
      });
      return;
    }
    this.#report(task, { state: 'TASK_STARTING' });
    this.#report(task, { state: 'TASK_RUNNING' });
    if (task.killedEarly) this.#kill(task, undefined);
    const { pid } = task.process;
    const leader = pid === undefined ? undefined : await identify(pid);
    if (leader && !isTerminal(task.view.state)) {
      await this.ledger.put({ framework, task: task.view, containerId, sandbox, leader });
    }
  }

  #ended(task: AgentTask, exit: Exit): void {
    const killed = task.process?.isBeingKilled ?? false;
    const state = killed ? 'TASK_KILLED' : exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
    this.#report(task, { state, message: exitText(exit) });
  }

  #kill(task: AgentTask | undefined, killPolicy: KillPolicy | undefined): void {
    if (!task || isTerminal(task.view.state)) return;
    if (!task.process) {
      task.killedEarly = true;
      return;
    }
    const policy = killPolicy?.grace_period ?? task.info?.kill_policy?.grace_period;
    const isFirst = !task.process.isBeingKilled;
    task.process.kill(policy ? Math.max(0, policy.nanoseconds / 1e6) : this.options.killGrace);
    const tells = task.framework.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE');
    if (isFirst && tells) this.#report(task, { state: 'TASK_KILLING' });
  }

  /** The framework is over: its tasks end, and nobody is told. */
  #shutDown(frameworkId: Id): void {
    for (const task of this.tasks.values()) {
      if (task.framework.id.value === frameworkId.value) this.#kill(task, undefined);
    }
    this.history.closeFramework(frameworkId);
    this.updates.forget(frameworkId);
  }

  #frameworkIsBack(info: FrameworkInfo): void {
    if (!info.id) return;
    for (const task of this.tasks.values()) {
      if (task.framework.id.value === info.id.value) task.framework = { ...info, id: info.id };
    }
    this.updates.resend(info.id);
  }

  #report(task: AgentTask, parts: StatusParts): void {
    const { task_id } = task.view;
    const source = parts.source ?? 'SOURCE_EXECUTOR';
    const status: TaskStatus = {
      task_id,
      state: parts.state,
      ...(parts.message === undefined ? {} : { message: parts.message }),
      source,
      ...(parts.reason === undefined ? {} : { reason: parts.reason }),
      ...(this.id ? { agent_id: this.id } : {}),
      executor_id: task_id,
      timestamp: this.clock.now() / 1000,
      uuid: newUuid(),
      ...(source === 'SOURCE_EXECUTOR' ? { container_status: containerStatus(task, this.options.host) } : {}),
    };
    task.view.state = parts.state;
    if (isTerminal(parts.state)) {
      void this.ledger.put({
        framework: task.framework,
        task: task.view,
        containerId: task.containerId,
        sandbox: task.sandbox,
        end: status,
      });
    }
    if (this.history.isClosed(task.framework.id)) {
      if (isTerminal(parts.state)) this.#done(task.framework.id, task_id);
      return;
    }
    if (!this.updates.add(task.framework.id, status)) {
      this.send({ type: 'state', frameworkId: task.framework.id, taskId: task_id, latestState: parts.state });
    }
  }

  #reportUnknown(framework: FrameworkInfo, taskId: Id): void {
    const id = framework.id;
    if (!id || this.#find(id, taskId)) return;
    const isAware = framework.capabilities?.some(({ type }) => type === 'PARTITION_AWARE');
    this.updates.add(id, {
      task_id: taskId,
      state: isAware ? 'TASK_GONE' : 'TASK_LOST',
      message: 'Reconciliation: task unknown to the agent',
      source: 'SOURCE_AGENT',
      reason: 'REASON_RECONCILIATION',
      ...(this.id ? { agent_id: this.id } : {}),
      timestamp: this.clock.now() / 1000,
      uuid: newUuid(),
    });
  }

  #sendUpdate(frameworkId: Id, status: TaskStatus): void {
    const task = this.#find(frameworkId, status.task_id);
    if (task) recordStatus(task.view, status);
    const latestState = task?.view.state ?? status.state;
    this.send({ type: 'update', frameworkId, status, latestState });
  }

  /** A task is over for everyone. */
  #done(frameworkId: Id, taskId: Id): void {
    const task = this.#find(frameworkId, taskId);
    if (!task) return;
    this.tasks.delete(keyOf(frameworkId, taskId));
    this.history.add(task);
    void this.ledger.remove(task.containerId);
  }
}

/** By framework and task. */
function keyOf(frameworkId: Id, taskId: Id): string {
  return `${frameworkId.value}/${taskId.value}`;
}

function newUuid(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
}
