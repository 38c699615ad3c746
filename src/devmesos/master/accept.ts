import type { Filters, Id, Operation, TaskInfo, TaskState } from '../../mesos/types.ts';
import { refusalOf } from '../duration.ts';
import { Resources } from '../resources.ts';
import type { Agent } from './agent.ts';
import type { Framework } from './framework.ts';
import type { Launches } from './launches.ts';
import { checkOffers } from './offerValidation.ts';
import type { Offers } from './offers.ts';
import type { MasterState } from './state.ts';
import { writtenResourcesError } from './taskValidation.ts';
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
  readonly #launches: Launches;

  constructor(state: MasterState, offers: Offers, tasks: Tasks, launches: Launches) {
    this.#state = state;
    this.#offers = offers;
    this.#tasks = tasks;
    this.#launches = launches;
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
      for (const task of tasksOf(operation)) this.#launches.refuse(framework, task, error.text, error.reason);
      if (tasksOf(operation).length === 0)
        this.#state.log(`dropped a ${operation.type} operation: ${error.text}`);
      return available;
    }
    const ground = { framework, agent, role };
    return operation.launch_group
      ? this.#launches.launchGroup(ground, operation.launch_group, available)
      : this.#launches.launch(ground, operation.launch?.task_infos ?? [], available);
  }
}

function tasksOf(operation: Operation): TaskInfo[] {
  return [...(operation.launch?.task_infos ?? []), ...(operation.launch_group?.task_group.tasks ?? [])];
}

function operationError(operation: Operation): { text: string; reason: string } | undefined {
  const reason = operation.launch_group ? 'REASON_TASK_GROUP_INVALID' : 'REASON_TASK_INVALID';
  if (operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP') {
    return { text: 'Only LAUNCH and LAUNCH_GROUP are supported by this development master yet', reason };
  }
  if (operation.id) return { text: `The \`id\` field cannot be set on ${operation.type} operations`, reason };
  const holders = tasksOf(operation).flatMap((task) => [task, ...(task.executor ? [task.executor] : [])]);
  for (const { resources } of [...holders, operation.launch_group?.executor ?? {}]) {
    const text = writtenResourcesError(resources);
    if (text) return { text, reason };
  }
  return undefined;
}
