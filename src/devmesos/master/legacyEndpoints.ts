import type { Attribute } from '../../mesos/types.ts';
import { hostAndPort } from '../address.ts';
import type { Handler, HttpRequest } from '../http/server.ts';
import type { Answer } from '../http/reply.ts';
import { json, ok } from '../http/reply.ts';
import { agentCapabilityNames } from '../capabilities.ts';
import { byName, flatCommand, flatResources, flatTask, namedResources } from '../legacyViews.ts';
import { rangesText } from '../ranges.ts';
import { Resources } from '../resources.ts';
import { versionInfo } from '../version.ts';
import type { Agent, RegisteredAgentInfo } from './agent.ts';
import type { Allocator } from './allocator.ts';
import type { Executor } from './executor.ts';
import { masterFlags } from './flags.ts';
import type { Framework } from './framework.ts';
import { masterMetrics } from './metrics.ts';
import type { MasterState } from './state.ts';
import { rolesOf, usedBy, type Role } from './views.ts';

/** The GET endpoints from before the v1 API, which tools still use. By path, without the `/master` that they also have. */
export function legacyEndpoints(state: MasterState, allocator: Allocator): ReadonlyMap<string, Handler> {
  const view = (make: () => object): Handler => {
    return (request: HttpRequest): Answer => json(make(), request.query.get('jsonp'));
  };
  return new Map<string, Handler>([
    ['/health', () => ok()],
    ['/version', view(() => byName(versionInfo))],
    ['/state', view(() => stateView(state))],
    [
      '/slaves',
      view(() => ({
        slaves: [...state.agents.values()].map((agent) => agentOf(agent)),
        recovered_slaves: recoveredOf(state),
      })),
    ],
    ['/frameworks', view(() => frameworksOf(state))],
    ['/tasks', view(() => ({ tasks: tasksOf(state) }))],
    ['/flags', view(() => ({ flags: flagsOf(state) }))],
    ['/roles', view(() => ({ roles: rolesOf(state).map((role) => roleView(state, role)) }))],
    ['/metrics/snapshot', view(() => byName(masterMetrics(state, allocator)))],
    // Neither weights nor maintenance can be set yet.
    ['/weights', view(() => [])],
    ['/maintenance/status', view(() => ({}))],
    ['/maintenance/schedule', view(() => ({}))],
    [
      '/redirect',
      () => ({ status: 307, headers: { Location: `//${hostAndPort(state.address.hostname, state.port)}` } }),
    ],
  ]);
}

function roleView(state: MasterState, { name, weight, frameworks }: Role): object {
  const own = [...state.frameworks.values()];
  const allocated = own.reduce((sum, framework) => sum.plus(usedBy(framework).inRole(name)), Resources.none);
  const offered = own
    .flatMap((framework) => [...framework.offers.values()])
    .filter(({ role }) => role === name)
    .reduce((sum, open) => sum.plus(open.resources), Resources.none);
  return {
    name,
    weight,
    quota: { role: name, guarantee: {}, limit: {}, consumed: namedResources(allocated) },
    resources: namedResources(allocated.plus(offered.allocatedTo(name))),
    allocated: namedResources(allocated),
    offered: namedResources(offered),
    reserved: {},
    frameworks: frameworks.map(({ value }) => value),
  };
}

function flagsOf(state: MasterState): Record<string, string> {
  return Object.fromEntries(masterFlags(state).map(({ name, value }) => [name, value]));
}

function stateView(state: MasterState): object {
  const agents = [...state.agents.values()];
  return {
    ...versionInfo,
    start_time: state.startTime / 1000,
    elected_time: state.startTime / 1000,
    id: state.id,
    pid: state.pid,
    hostname: state.address.hostname,
    capabilities: ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'],
    activated_slaves: agents.filter(({ isConnected }) => isConnected).length,
    deactivated_slaves: agents.filter(({ isConnected }) => !isConnected).length,
    unreachable_slaves: state.registry.unreachable.size,
    leader: state.pid,
    leader_info: { id: state.id, pid: state.pid, port: state.port, hostname: state.address.hostname },
    flags: flagsOf(state),
    slaves: agents.map(agentOf),
    recovered_slaves: recoveredOf(state),
    ...frameworksOf(state),
    orphan_tasks: [],
  };
}

function frameworksOf(state: MasterState): object {
  return {
    frameworks: [...state.frameworks.values()].map(frameworkOf),
    completed_frameworks: [...state.completedFrameworks.values()].map(frameworkOf),
    unregistered_frameworks: [],
  };
}

function tasksOf(state: MasterState): object[] {
  return [...state.frameworks.values(), ...state.completedFrameworks.values()].flatMap((framework) =>
    [...framework.tasks.values(), ...framework.unreachableTasks.values(), ...framework.completedTasks].map(
      ({ view }) => flatTask(view),
    ),
  );
}

function frameworkOf(framework: Framework): object {
  const { info } = framework;
  const used = usedBy(framework);
  const offered = [...framework.offers.values()].reduce(
    (sum, open) => sum.plus(open.resources),
    Resources.none,
  );
  return {
    id: framework.id,
    name: info.name,
    used_resources: flatResources(used),
    offered_resources: flatResources(offered),
    capabilities: (info.capabilities ?? []).flatMap(({ type }) => type ?? []),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: framework.isConnected,
    connected: framework.isConnected,
    recovered: framework.recovered,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: framework.registeredTime / 1000,
    unregistered_time: framework.unregisteredTime / 1000,
    resources: flatResources(used.plus(offered.allocatedTo(undefined))),
    ...(framework.can('MULTI_ROLE') ? { roles: framework.roles } : { role: info.role ?? '*' }),
    tasks: [...framework.tasks.values()].map(({ view }) => flatTask(view)),
    unreachable_tasks: [...framework.unreachableTasks.values()].map(({ view }) => flatTask(view)),
    completed_tasks: framework.completedTasks.map(({ view }) => flatTask(view)),
    offers: [...framework.offers.values()].map(({ offer, resources }) => ({
      id: offer.id.value,
      framework_id: framework.id,
      slave_id: offer.agent_id.value,
      resources: flatResources(resources),
    })),
    executors: [...framework.executors].map(executorOf),
    ...(info.principal === undefined ? {} : { principal: info.principal }),
    ...(info.labels ? { labels: info.labels.labels ?? [] } : {}),
  };
}

function executorOf({ info, agentId }: Executor): object {
  return {
    executor_id: info.executor_id.value,
    name: info.name ?? '',
    framework_id: info.framework_id.value,
    command: flatCommand(info.command),
    resources: flatResources(Resources.of(info.resources)),
    ...(info.resources?.length ? { role: info.resources[0]?.allocation_info?.role ?? '*' } : {}),
    ...(info.labels ? { labels: info.labels.labels ?? [] } : {}),
    ...(info.type ? { type: info.type } : {}),
    slave_id: agentId,
  };
}

function recoveredOf(state: MasterState): object[] {
  return [...state.recoveredAgents.values()].map(placeOf);
}

/** Who an agent is. */
function placeOf({ id, hostname, port, attributes }: RegisteredAgentInfo): object {
  return {
    id: id.value,
    hostname,
    port,
    attributes: Object.fromEntries((attributes ?? []).map((one) => [one.name, flatAttribute(one)])),
  };
}

function agentOf(agent: Agent): object {
  const used = agent.used.allocatedTo(undefined);
  const offered = [...agent.offers.values()].reduce((sum, open) => sum.plus(open.resources), Resources.none);
  return {
    ...placeOf(agent.info),
    pid: agent.pid,
    registered_time: agent.registeredTime / 1000,
    ...(agent.reregisteredTime === undefined ? {} : { reregistered_time: agent.reregisteredTime / 1000 }),
    resources: flatResources(agent.total),
    used_resources: flatResources(used),
    offered_resources: flatResources(offered),
    reserved_resources: {},
    unreserved_resources: flatResources(agent.total.offerableTo('*')),
    active: agent.isConnected,
    deactivated: false,
    version: agent.version,
    capabilities: agentCapabilityNames,
  };
}

function flatAttribute({ scalar, ranges, set, text }: Attribute): unknown {
  if (ranges) return rangesText(ranges.range ?? []);
  return scalar?.value ?? text?.value ?? `{${(set?.item ?? []).join(', ')}}`;
}
