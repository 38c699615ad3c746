import { randomUUID } from 'node:crypto';
import type {
  ExecutorInfo,
  FrameworkInfo,
  Id,
  KillPolicy,
  Task,
  TaskInfo,
  TaskStatus,
} from '../../../mesos/types.ts';
import type { ProcessIdentity } from '../../../host/processes.ts';
import { durationText } from '../../duration.ts';
import type { EventStream } from '../../http/eventStream.ts';
import type { ToAgent, ToMaster } from '../../link/messages.ts';
import { isTerminal, viewOf } from '../../taskView.ts';
import { AgentTask, frameworkCan } from '../agentTask.ts';
import type { Reporter } from '../reporter.ts';
import type { AgentState } from '../state.ts';
import { agentInfo } from '../views.ts';
import { AdoptedProcess } from './adoptedProcess.ts';
import * as events from './events.ts';
import { ExecutorKeeper } from './executorKeeper.ts';
import type { ExecutorRecord } from './executorLedger.ts';
import { Executor, executorKey, type QueuedLaunch } from './executor.ts';
import { makeExecutorToken } from './executorToken.ts';
import { NotStartedError, shutdownGrace, startExecutor, terminated } from './executorStart.ts';
import { ExecutorUpdates } from './executorUpdates.ts';

/** Milliseconds between two HEARTBEATs of a stream. */
const heartbeatInterval = 30 * 60_000;

type Framework = FrameworkInfo & { id: Id };

/** What an executor brings when it subscribes. */
export interface Subscription {
  readonly unacknowledged_tasks?: readonly TaskInfo[];
  readonly unacknowledged_updates?: readonly { readonly status: TaskStatus }[];
}

/** The life of custom executors, and what passes between them and their schedulers. */
export class Executors {
  readonly #state: AgentState;
  readonly #reporter: Reporter;
  readonly #updates: ExecutorUpdates;
  readonly #keeper: ExecutorKeeper;
  readonly #living = new Set<Promise<void>>();
  /** Ends that the master could not be told of. */
  #untold: (ToMaster & { type: 'executor-ended' })[] = [];

  constructor(state: AgentState, reporter: Reporter) {
    this.#state = state;
    this.#reporter = reporter;
    this.#updates = new ExecutorUpdates(state, reporter);
    this.#keeper = new ExecutorKeeper(state, reporter);
  }

  find(frameworkId: Id, executorId: Id): Executor | undefined {
    return this.#state.executors.get(executorKey(frameworkId, executorId));
  }

  /** Those that have not ended: what a master must know of. */
  get living(): Executor[] {
    return [...this.#state.executors.values()].filter(({ phase }) => phase !== 'terminated');
  }

  run({ framework, task, startsExecutor = false }: ToAgent & { type: 'run' }): void {
    if (task.executor) this.#run(framework, task.executor, { tasks: [task], isGroup: false }, startsExecutor);
  }

  runGroup({ framework, executor, tasks, startsExecutor }: ToAgent & { type: 'run-group' }): void {
    this.#run(framework, executor, { tasks, isGroup: true }, startsExecutor);
  }

  /** A kill of a task is the executor's affair, once it has the task. */
  kill(executor: Executor, task: AgentTask, killPolicy: KillPolicy | undefined): void {
    if (executor.phase === 'running') {
      executor.send(events.kill({ task_id: task.id }, killPolicy));
      return;
    }
    const queued = executor.queue.find(({ tasks }) =>
      tasks.some(({ task_id }) => task_id.value === task.id.value),
    );
    if (executor.phase !== 'registering' || !queued) return;
    executor.queue = executor.queue.filter((one) => one !== queued);
    const message = queued.isGroup
      ? 'A task within the task group was killed before delivery to the executor'
      : 'Killed before delivery to the executor';
    for (const { task_id } of queued.tasks) {
      const killed = executor.tasks.get(task_id.value);
      const reason = 'REASON_TASK_KILLED_DURING_LAUNCH';
      if (killed) this.#reporter.report(killed, { state: 'TASK_KILLED', message, reason });
    }
  }

  /** For an executor that runs; else lost, as on Mesos. */
  message(executor: Executor, data: string): void {
    if (executor.phase === 'running') executor.send({ type: 'MESSAGE', message: { data } });
  }

  /** Tells an executor to end, and ends it after its grace (milliseconds). */
  shutdown(executor: Executor, grace = shutdownGrace(this.#state, executor)): void {
    if (!executor.isUp) return;
    executor.phase = 'terminating';
    executor.send(events.shutdown);
    executor.deadline?.cancel();
    executor.deadline = this.#state.clock.after(grace, () => executor.destroy());
  }

  shutdownAllOf(frameworkId: Id): void {
    for (const executor of this.living)
      if (executor.framework.id.value === frameworkId.value) this.shutdown(executor);
  }

  /** Tells all to end, and resolves when they have. */
  async stop(): Promise<void> {
    for (const executor of this.living) this.shutdown(executor, this.#state.options.stopGrace);
    await Promise.all(this.#living);
  }

  /** An executor listens from now on, in place of any earlier stream of it. */
  subscribe(executor: Executor, stream: EventStream, subscription: Subscription): void {
    if (!executor.isUp || this.#state.history.isClosed(executor.framework.id)) {
      stream.send(events.shutdown);
      stream.end();
      return;
    }
    executor.stream?.end();
    executor.stream = stream;
    executor.phase = 'running';
    executor.deadline?.cancel();
    const beat = this.#state.clock.every(heartbeatInterval, () => stream.send(events.heartbeat));
    stream.onClosed(() => {
      beat.cancel();
      if (executor.stream === stream) executor.stream = undefined;
    });
    const taken = (subscription.unacknowledged_updates ?? [])
      .map(({ status }) => status)
      .filter((status) => this.#updates.take(executor, status));
    this.#dropUnknown(executor, subscription.unacknowledged_tasks ?? []);
    if (!executor.hadTask && executor.queue.length === 0) {
      this.shutdown(executor);
      return;
    }
    executor.send(events.subscribed(executor, agentInfo(this.#state)));
    void this.#acknowledge(executor, taken);
    for (const launch of executor.queue.splice(0)) this.#handOver(executor, launch);
  }

  /** UPDATE of an executor. It is acknowledged once the agent can't lose it. */
  update(executor: Executor, status: TaskStatus): void {
    if (this.#updates.take(executor, status)) void this.#acknowledge(executor, [status]);
  }

  /** The master knows the agent (again). */
  registered(): void {
    for (const message of this.#untold.splice(0)) this.#state.send(message);
  }

  /** Takes over an executor of an earlier agent process that lives; it may subscribe again. */
  adopt(record: ExecutorRecord, leader: ProcessIdentity): Executor {
    const executor = this.#restore(record);
    const { sandbox, mark } = executor;
    const onProblem = (problem: string): void => this.#state.log(`executor ${executor.id.value}: ${problem}`);
    executor.leader = leader;
    const adopted = new AdoptedProcess(leader, { sandbox, mark, table: this.#state.processes, onProblem });
    executor.process = adopted;
    this.#begin(adopted.ended.then((status) => this.#ended(executor, status)));
    return executor;
  }

  /** The same of one that has ended meanwhile: the master sees that it is gone, and its tasks are told to have failed. */
  adoptEnded(record: ExecutorRecord): void {
    this.#over(this.#restore(record));
  }

  /** MESSAGE of an executor. */
  messageFrom(executor: Executor, data: string): void {
    this.#state.send({ type: 'message', frameworkId: executor.framework.id, executorId: executor.id, data });
  }

  #run(info: FrameworkInfo, executorInfo: ExecutorInfo, launch: QueuedLaunch, starts: boolean): void {
    const { id } = info;
    if (!id) return;
    const framework = { ...info, id };
    const existing = this.find(id, executorInfo.executor_id);
    if (starts && existing) {
      this.#drop(framework, launch, 'Master wants to launch executor, but one already exists', existing.id);
      // The master is to know that there is none for it.
      if (existing.phase === 'terminated') this.#tellEnd(existing, -1);
      else this.shutdown(existing);
      return;
    }
    if (!starts && !existing) {
      const message = 'No executor is expected to launch and there is none running';
      this.#drop(framework, launch, message, executorInfo.executor_id);
      return;
    }
    if (existing && !existing.isUp) {
      this.#drop(framework, launch, `Executor ${existing.phase}`);
      return;
    }
    this.#state.history.openFramework(id);
    const executor = existing ?? this.#add(framework, executorInfo, randomUUID(), makeExecutorToken());
    for (const task of launch.tasks) this.#addTask(executor, task);
    void this.#keeper.keep(executor);
    if (executor.phase === 'running') this.#handOver(executor, launch);
    else executor.queue.push(launch);
    if (!existing) this.#begin(this.#live(executor));
  }

  #add(framework: Framework, info: ExecutorInfo, containerId: string, token: string): Executor {
    const executor = new Executor(framework, info, containerId, token, {
      changed: (one) => void this.#keeper.keep(one),
      done: (one) => {
        this.#state.executors.delete(one.key);
        this.#state.history.addExecutor(one);
        void this.#keeper.forget(one);
      },
    });
    this.#state.executors.set(executor.key, executor);
    return executor;
  }

  #addTask(executor: Executor, info: TaskInfo): void {
    this.#bind(executor, viewOf(info, executor.framework.id.value, info.resources ?? []), info);
  }

  #bind(executor: Executor, view: Task, info?: TaskInfo): AgentTask {
    const { framework, containerId, sandbox } = executor;
    const task = new AgentTask(framework, view, containerId, sandbox, info, executor);
    task.mark = executor.mark;
    executor.tasks.set(task.id.value, task);
    this.#state.tasks.set(task.key, task);
    return task;
  }

  /** An executor as an earlier agent process wrote it down. */
  #restore({ framework, info, containerId, token, sandbox, mark, tasks }: ExecutorRecord): Executor {
    const executor = this.#add(framework, info, containerId, token);
    executor.sandbox = sandbox;
    executor.mark = mark;
    if (mark !== undefined) this.#state.marks?.hold(mark);
    for (const { view, pending } of tasks) {
      const task = this.#bind(executor, view);
      const told = view.statuses ?? [];
      for (const status of [...told, ...pending]) executor.hasSeen(status);
      executor.hadTask ||= told.some(({ source }) => source === 'SOURCE_EXECUTOR');
      this.#reporter.restore(task, pending);
    }
    return executor;
  }

  async #acknowledge(executor: Executor, statuses: readonly TaskStatus[]): Promise<void> {
    if (statuses.length > 0) await this.#keeper.keep(executor);
    for (const status of statuses) executor.send(events.acknowledged(status));
  }

  #handOver(executor: Executor, launch: QueuedLaunch): void {
    executor.hadTask = true;
    executor.send(events.launch(launch));
  }

  /** Tasks that were handed over and never reached the executor: it would have told of them, or tells that it has them. */
  #dropUnknown(executor: Executor, known: readonly TaskInfo[]): void {
    const names = new Set(
      [...known, ...executor.queue.flatMap(({ tasks }) => tasks)].map(({ task_id }) => task_id.value),
    );
    for (const task of executor.tasks.values()) {
      if (task.view.state !== 'TASK_STAGING' || names.has(task.id.value)) continue;
      this.#reporter.report(task, {
        state: task.can('PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
        message: 'Task launched during agent restart',
        reason: 'REASON_AGENT_RESTARTED',
      });
    }
  }

  #drop(framework: Framework, { tasks }: QueuedLaunch, message: string, executorId?: Id): void {
    for (const { task_id } of tasks) {
      this.#reporter.tell(framework, task_id, {
        state: frameworkCan(framework, 'PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
        message,
        reason: 'REASON_EXECUTOR_TERMINATED',
        ...(executorId ? { executor_id: executorId } : {}),
      });
    }
  }

  #begin(life: Promise<void>): void {
    this.#living.add(life);
    void life.finally(() => this.#living.delete(life));
  }

  /** From its start to its end. Never rejects. */
  async #live(executor: Executor): Promise<void> {
    const timeout = this.#state.options.executorRegistrationTimeout;
    try {
      const started = await startExecutor(this.#state, executor);
      executor.process = started;
      if (executor.mustEnd) executor.destroy();
      void this.#keeper.identify(executor);
      for (const task of executor.tasks.values()) task.mark = executor.mark;
      if (executor.phase === 'registering') {
        executor.deadline = this.#state.clock.after(timeout, () =>
          this.#registrationIsOverdue(executor, timeout),
        );
      }
      this.#ended(executor, await started.ended);
    } catch (error) {
      if (!(error instanceof NotStartedError)) throw error;
      executor.termination = error.termination;
      this.#ended(executor, -1);
    }
  }

  #registrationIsOverdue(executor: Executor, timeout: number): void {
    if (executor.phase !== 'registering') return;
    executor.phase = 'terminating';
    executor.termination = {
      state: 'TASK_FAILED',
      message: `Executor did not register within ${durationText(timeout)}`,
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    };
    executor.destroy();
  }

  #ended(executor: Executor, status: number): void {
    this.#tellEnd(executor, status);
    this.#over(executor);
  }

  #over(executor: Executor): void {
    executor.phase = 'terminated';
    executor.leader = undefined;
    executor.deadline?.cancel();
    executor.queue = [];
    if (executor.mark !== undefined) this.#state.marks?.free(executor.mark);
    const end = executor.termination ?? terminated;
    for (const task of [...executor.tasks.values()]) {
      task.ending.abort();
      if (!isTerminal(task.view.state)) this.#reporter.report(task, end);
    }
    void this.#keeper.keep(executor);
    executor.settle();
  }

  #tellEnd({ framework, id }: Executor, status: number): void {
    const message = { type: 'executor-ended', frameworkId: framework.id, executorId: id, status } as const;
    if (this.#state.isRegistered) this.#state.send(message);
    else this.#untold.push(message);
  }
}
