import type { Filters, Id, Operation, Resource, TaskInfo, TaskState } from '../../mesos/types.ts';
import { refusalOf } from '../duration.ts';
import { Resources } from '../resources.ts';
import type { Agent } from './agent.ts';
import type { Framework } from './framework.ts';
import { checkOffers } from './offerValidation.ts';
import type { Offers } from './offers.ts';
import type { MasterState } from './state.ts';
import { viewOf } from '../taskView.ts';
import { MasterTask } from './task.ts';
import { taskError, writtenResourcesError } from './taskValidation.ts';
import type { Tasks } from './tasks.ts';

export interface AcceptCall {
  readonly offer_ids?: readonly Id[];
  readonly operations?: readonly Operation[];
  readonly filters?: Filters;
}

/** ACCEPT: launches tasks on offers. */
export class Acceptance {
  readonly #state: MasterState;
  readonly #offers: Offers;
  readonly #tasks: Tasks;

  constructor(state: MasterState, offers: Offers, tasks: Tasks) {
    this.#state = state;
    this.#offers = offers;
    this.#tasks = tasks;
  }

  accept(framework: Framework, call: AcceptCall): void {
    const ids = (call.offer_ids ?? []).map(({ value }) => value);
    const operations = call.operations ?? [];
    const checked = checkOffers(this.#offers, framework, ids);
    if ('error' in checked) {
      this.#refuse(framework, ids, operations, checked.error);
      return;
    }
    const { agent, role, offers } = checked;
    for (const open of offers) this.#offers.take(framework, open);
    let available = offers.reduce((sum, open) => sum.plus(open.resources), Resources.none).allocatedTo(role);
    for (const operation of operations)
      available = this.#perform(framework, agent, role, operation, available);
    const unused = available.allocatedTo(undefined);
    agent.free = agent.free.plus(unused);
    if (unused.isEmpty) return;
    const refusal = refusalOf(call.filters?.refuse_seconds);
    this.#offers.allocator.filters.add(framework.id, role, agent.id, unused, refusal);
  }

  /** The good ones of the offers go back to the pool, with no filter. */
  #refuse(
    framework: Framework,
    ids: readonly string[],
    operations: readonly Operation[],
    error: string,
  ): void {
    for (const id of new Set(ids)) {
      const open = framework.offers.get(id);
      if (open) this.#offers.withdraw(framework, open);
    }
    const state: TaskState = framework.can('PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST';
    for (const task of operations.flatMap(tasksOf)) {
      this.#tasks.tell(framework, task.task_id, {
        state,
        message: `Task launched with invalid offers: ${error}`,
        reason: 'REASON_INVALID_OFFERS',
        agent_id: task.agent_id,
      });
    }
  }

  /** Returns what is left of `available`. */
  #perform(
    framework: Framework,
    agent: Agent,
    role: string,
    operation: Operation,
    available: Resources,
  ): Resources {
    const error = operationError(operation);
    if (error) {
      for (const task of tasksOf(operation)) this.#refuseTask(framework, task, error.text, error.reason);
      if (tasksOf(operation).length === 0)
        this.#state.log(`dropped a ${operation.type} operation: ${error.text}`);
      return available;
    }
    let left = available;
    for (const task of operation.launch?.task_infos ?? []) {
      const resources = allocate(task.resources ?? [], role);
      const invalid = taskError(task, resources, framework, agent, left);
      if (invalid) {
        this.#refuseTask(framework, task, invalid, 'REASON_TASK_INVALID');
        continue;
      }
      left = left.minus(Resources.of(resources));
      this.#launch(framework, agent, task, resources);
    }
    return left;
  }

  #launch(framework: Framework, agent: Agent, task: TaskInfo, resources: Resource[]): void {
    const launched = new MasterTask(viewOf(task, framework.id, resources));
    framework.tasks.set(launched.id, launched);
    agent.addTask(launched);
    this.#state.events.send({ type: 'TASK_ADDED', task_added: { task: launched.view } });
    agent.send({ type: 'run', framework: framework.info, task: { ...task, resources } });
  }

  #refuseTask(framework: Framework, task: TaskInfo, message: string, reason: string): void {
    this.#tasks.tell(framework, task.task_id, {
      state: 'TASK_ERROR',
      message,
      reason,
      agent_id: task.agent_id,
    });
  }
}

function tasksOf(operation: Operation): TaskInfo[] {
  return [...(operation.launch?.task_infos ?? []), ...(operation.launch_group?.task_group.tasks ?? [])];
}

function operationError(operation: Operation): { text: string; reason: string } | undefined {
  const reason = operation.launch_group ? 'REASON_TASK_GROUP_INVALID' : 'REASON_TASK_INVALID';
  if (operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP') {
    return { text: 'Only LAUNCH is supported by this development master yet', reason };
  }
  if (operation.id) return { text: `The \`id\` field cannot be set on ${operation.type} operations`, reason };
  for (const task of tasksOf(operation)) {
    const text = writtenResourcesError(task.resources);
    if (text) return { text, reason };
  }
  if (operation.type === 'LAUNCH_GROUP') {
    return { text: 'Task groups are not supported by this development master yet', reason };
  }
  return undefined;
}

/** Clients may leave allocation_info out: it is then the offers' role. */
function allocate(resources: readonly Resource[], role: string): Resource[] {
  return resources.map((resource) => ({
    ...resource,
    allocation_info: resource.allocation_info ?? { role },
  }));
}
