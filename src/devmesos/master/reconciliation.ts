import type { Id, TaskState } from '../../mesos/types.ts';
import type { Framework } from './framework.ts';
import type { MasterState } from './state.ts';
import type { MasterTask } from './task.ts';
import type { MasterStatus } from './tasks.ts';

export interface Answer {
  readonly taskId: Id;
  readonly status: MasterStatus;
}

/** What RECONCILE answers: for no task in particular, each that isn't completed; else each that was asked for. */
export function reconciliation(
  state: MasterState,
  framework: Framework,
  asked: readonly { task_id: Id; agent_id?: Id }[],
): Answer[] {
  if (asked.length === 0) return [...framework.tasks.values()].map(known);
  return asked.flatMap(({ task_id, agent_id }) => {
    const task = framework.tasks.get(task_id.value);
    if (task) return known(task);
    // Its agent may tell of it when it is back: the scheduler has to ask again.
    return mayComeBack(state, agent_id) ? [] : unknown(state, framework, task_id, agent_id);
  });
}

function mayComeBack({ recoveredAgents }: MasterState, agentId: Id | undefined): boolean {
  return agentId ? recoveredAgents.has(agentId.value) : recoveredAgents.size > 0;
}

function known(task: MasterTask): Answer {
  const last = task.view.statuses?.at(-1);
  return {
    taskId: task.view.task_id,
    status: {
      state: task.reportedState,
      message: 'Reconciliation: Latest task state',
      reason: 'REASON_RECONCILIATION',
      agent_id: task.view.agent_id,
      ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
      ...(last?.container_status ? { container_status: last.container_status } : {}),
    },
  };
}

function unknown(state: MasterState, framework: Framework, taskId: Id, agentId: Id | undefined): Answer {
  const answer = (taskState: TaskState, message: string, extra: object = {}): Answer => ({
    taskId,
    status: {
      state: framework.can('PARTITION_AWARE') ? taskState : 'TASK_LOST',
      message: `Reconciliation: ${message}`,
      reason: 'REASON_RECONCILIATION',
      ...(agentId ? { agent_id: agentId } : {}),
      ...extra,
    },
  });
  if (agentId && state.agents.has(agentId.value)) return answer('TASK_GONE', 'Task is unknown to the agent');
  const lost = agentId && state.registry.unreachable.get(agentId.value);
  if (lost !== undefined) {
    return answer('TASK_UNREACHABLE', 'Task is unreachable', {
      unreachable_time: { nanoseconds: lost * 1e6 },
    });
  }
  if (agentId && state.registry.gone.has(agentId.value))
    return answer('TASK_GONE_BY_OPERATOR', 'Task is gone');
  return answer('TASK_UNKNOWN', 'Task is unknown');
}
