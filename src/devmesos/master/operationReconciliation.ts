import type { Id } from '../../mesos/types.ts';
import type { MasterState } from './state.ts';

export interface AskedOperation {
  readonly operation_id: Id;
  readonly agent_id?: Id;
  readonly resource_provider_id?: Id;
}

/** RECONCILE_OPERATIONS: statuses of operations. None has feedback here, so none is known. */
export function operationStatuses(state: MasterState, asked: readonly AskedOperation[]): object[] {
  return asked.map(({ operation_id, agent_id, resource_provider_id }) => {
    const { is, message } = unknown(state, agent_id?.value);
    return {
      operation_id,
      state: is,
      message: `Reconciliation: ${message}`,
      ...(agent_id ? { agent_id } : {}),
      ...(resource_provider_id ? { resource_provider_id } : {}),
    };
  });
}

function unknown(state: MasterState, agentId: string | undefined): { is: string; message: string } {
  if (agentId === undefined) {
    return { is: 'OPERATION_UNKNOWN', message: "Operation is unknown and no 'agent_id' was provided" };
  }
  if (state.recoveredAgents.has(agentId)) {
    return { is: 'OPERATION_RECOVERING', message: 'Agent is recovered but has not re-registered' };
  }
  if (state.agents.has(agentId)) return { is: 'OPERATION_UNKNOWN', message: 'Operation is unknown' };
  if (state.registry.unreachable.has(agentId))
    return { is: 'OPERATION_UNREACHABLE', message: 'Agent is unreachable' };
  if (state.registry.gone.has(agentId))
    return { is: 'OPERATION_GONE_BY_OPERATOR', message: 'Agent marked gone by operator' };
  return { is: 'OPERATION_UNKNOWN', message: 'Both operation and agent are unknown' };
}
