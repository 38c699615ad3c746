import type { ExecutorInfo, Operation, Resource, TaskInfo } from '../../mesos/types.ts';
import { Resources } from '../resources.ts';
import { viewOf } from '../taskView.ts';
import type { Agent } from './agent.ts';
import type { RegisteredExecutorInfo } from './executor.ts';
import type { Executors } from './executors.ts';
import type { Framework } from './framework.ts';
import { groupError } from './groupValidation.ts';
import type { MasterState } from './state.ts';
import { MasterTask } from './task.ts';
import { taskError } from './taskValidation.ts';
import type { Tasks } from './tasks.ts';

/** What tasks are launched on. */
export interface Ground {
  readonly framework: Framework;
  readonly agent: Agent;
  /** The offers'. */
  readonly role: string;
}

type Group = NonNullable<Operation['launch_group']>;

/** LAUNCH and LAUNCH_GROUP: what is valid goes to its agent, the rest is told TASK_ERROR. */
export class Launches {
  readonly #state: MasterState;
  readonly #tasks: Tasks;
  readonly #executors: Executors;

  constructor(state: MasterState, tasks: Tasks, executors: Executors) {
    this.#state = state;
    this.#tasks = tasks;
    this.#executors = executors;
  }

  /** Returns what is left of `available`. */
  launch(ground: Ground, tasks: readonly TaskInfo[], available: Resources): Resources {
    const { framework, agent, role } = ground;
    let left = available;
    for (const written of tasks) {
      // Before, a task's executor needed no framework_id.
      const task = allocateTask(written, role, { framework_id: framework.info.id });
      const codec = () => this.#state.codec;
      const invalid = taskError({ task, framework, agent, available: left, codec });
      if (invalid) {
        this.refuse(framework, task, invalid, 'REASON_TASK_INVALID');
        continue;
      }
      const started = task.executor && this.#start(ground, task.executor as RegisteredExecutorInfo);
      left = left.minus(Resources.of(started)).minus(Resources.of(task.resources));
      this.#add(ground, task);
      agent.send({
        type: 'run',
        framework: framework.info,
        task,
        ...(task.executor ? { startsExecutor: started !== undefined } : {}),
      });
    }
    return left;
  }

  /** All of a group or nothing. Returns what is left of `available`. */
  launchGroup(ground: Ground, group: Group, available: Resources): Resources {
    const { framework, agent, role } = ground;
    const executor = allocateExecutor(group.executor, role);
    const tasks = (group.task_group.tasks ?? []).map((written) => {
      const task = allocateTask(written, role);
      return { ...task, executor: task.executor ?? executor };
    });
    const codec = () => this.#state.codec;
    const invalid =
      groupError({ executor, tasks, framework, agent, available, codec }) ??
      (executor.type === 'DEFAULT'
        ? 'The default executor is not supported by this development master yet'
        : undefined);
    if (invalid) {
      for (const task of tasks) this.refuse(framework, task, invalid, 'REASON_TASK_GROUP_INVALID');
      return available;
    }
    const started = this.#start(ground, executor as RegisteredExecutorInfo);
    for (const task of tasks) this.#add(ground, task);
    agent.send({
      type: 'run-group',
      framework: framework.info,
      executor,
      tasks,
      startsExecutor: started !== undefined,
    });
    const taken = tasks.flatMap(({ resources }) => resources ?? []);
    return available.minus(Resources.of(started)).minus(Resources.of(taken));
  }

  refuse(framework: Framework, task: TaskInfo, message: string, reason: string): void {
    this.#tasks.tell(framework, task.task_id, {
      state: 'TASK_ERROR',
      message,
      reason,
      agent_id: task.agent_id,
    });
  }

  /** Adds an executor, unless it is there; what it takes if it was added. */
  #start({ framework, agent }: Ground, info: RegisteredExecutorInfo): readonly Resource[] | undefined {
    if (agent.executorOf(framework.id, info.executor_id.value)) return undefined;
    this.#executors.add(framework, agent, info);
    return info.resources ?? [];
  }

  #add({ framework, agent }: Ground, task: TaskInfo): void {
    const launched = new MasterTask(viewOf(task, framework.id, task.resources ?? []));
    framework.tasks.set(launched.id, launched);
    agent.addTask(launched);
    this.#state.events.send({ type: 'TASK_ADDED', task_added: { task: launched.view } });
  }
}

/** With `filled` in its executor where that lacks it. */
function allocateTask(task: TaskInfo, role: string, filled: Partial<ExecutorInfo> = {}): TaskInfo {
  const { executor, resources } = task;
  return {
    ...task,
    ...(resources ? { resources: allocate(resources, role) } : {}),
    ...(executor ? { executor: { ...filled, ...allocateExecutor(executor, role) } } : {}),
  };
}

function allocateExecutor(executor: ExecutorInfo, role: string): ExecutorInfo {
  const { resources } = executor;
  return resources ? { ...executor, resources: allocate(resources, role) } : executor;
}

/** Clients may leave allocation_info out: it is then the offers' role. */
function allocate(resources: readonly Resource[], role: string): Resource[] {
  return resources.map((resource) => ({
    ...resource,
    allocation_info: resource.allocation_info ?? { role },
  }));
}
