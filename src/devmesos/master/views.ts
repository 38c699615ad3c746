import type { AgentEntry, FrameworkEntry } from '../../mesos/types.ts';
import { agentCapabilityNames } from '../capabilities.ts';
import { printedExecutor } from '../protoDefaults.ts';
import { Resources } from '../resources.ts';
import { sumOf, type Agent } from './agent.ts';
import type { Framework } from './framework.ts';
import type { MasterState } from './state.ts';

/** As the operator API writes resources. */
const style = { reservations: 'both', allocation: true } as const;

export const nanoseconds = (milliseconds: number): { nanoseconds: number } => ({
  nanoseconds: Math.round(milliseconds * 1e6),
});

/** A framework as GET_FRAMEWORKS lists it. */
export function frameworkView(framework: Framework): FrameworkEntry {
  const offers = [...framework.offers.values()];
  const allocated = usedBy(framework);
  const offered = offers.reduce(
    (sum, open) => sum.plus(open.resources.allocatedTo(open.role)),
    Resources.none,
  );
  return {
    framework_info: { ...framework.info, checkpoint: framework.info.checkpoint ?? false },
    active: framework.isConnected,
    connected: framework.isConnected,
    recovered: framework.recovered,
    registered_time: nanoseconds(framework.registeredTime),
    reregistered_time: nanoseconds(framework.reregisteredTime),
    unregistered_time: nanoseconds(framework.unregisteredTime),
    ...(offers.length > 0 ? { offers: offers.map(({ offer }) => offer) } : {}),
    ...(allocated.isEmpty ? {} : { allocated_resources: allocated.toJson(style) }),
    ...(offered.isEmpty ? {} : { offered_resources: offered.toJson(style) }),
  };
}

/** What a framework's living tasks and executors hold, allocated to their roles. */
export function usedBy(framework: Framework): Resources {
  const tasks = [...framework.tasks.values()].filter(({ released }) => !released).map(({ view }) => view);
  return sumOf([...tasks, ...[...framework.executors].map(({ info }) => info)]);
}

/** As GET_EXECUTORS lists them. Command tasks' are none of them: their agents make those up. */
export function executorsView(state: MasterState): object {
  const executors = [...state.agents.values()].flatMap((agent) =>
    [...agent.executors.values()].map(({ info }) => ({
      executor_info: printedExecutor(info),
      agent_id: agent.info.id,
    })),
  );
  return { executors };
}

/** An agent as GET_AGENTS lists it. */
export function agentView(agent: Agent): AgentEntry {
  const allocated = agent.used;
  const offered = [...agent.offers.values()].reduce(
    (sum, open) => sum.plus(open.resources.allocatedTo(open.role)),
    Resources.none,
  );
  return {
    agent_info: { ...agent.info, checkpoint: true },
    active: agent.isConnected,
    deactivated: false,
    version: agent.version,
    pid: agent.pid,
    registered_time: nanoseconds(agent.registeredTime),
    ...(agent.reregisteredTime === undefined
      ? {}
      : { reregistered_time: nanoseconds(agent.reregisteredTime) }),
    total_resources: agent.total.toJson(style),
    ...(allocated.isEmpty ? {} : { allocated_resources: allocated.toJson(style) }),
    ...(offered.isEmpty ? {} : { offered_resources: offered.toJson(style) }),
    capabilities: agentCapabilityNames.map((type) => ({ type })),
  };
}

export interface Role {
  readonly name: string;
  readonly weight: number;
  readonly frameworks: readonly { value: string }[];
}

/** Roles in use, with the frameworks in them. */
export function rolesOf(state: MasterState): Role[] {
  const roles = new Map<string, { value: string }[]>();
  for (const framework of state.frameworks.values()) {
    for (const role of framework.roles) roles.set(role, [...(roles.get(role) ?? []), framework.info.id]);
  }
  return [...roles]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, frameworks]) => ({ name, weight: 1, frameworks }));
}
