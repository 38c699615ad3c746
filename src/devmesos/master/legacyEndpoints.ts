import { hostAndPort } from '../address.ts';
import type { Handler, HttpRequest } from '../http/server.ts';
import type { Answer } from '../http/reply.ts';
import { json, ok } from '../http/reply.ts';
import { byName, namedResources } from '../legacyViews.ts';
import { Resources } from '../resources.ts';
import { versionInfo } from '../version.ts';
import type { Allocator } from './allocator.ts';
import { masterFlags } from './flags.ts';
import { agentOf, frameworkOf, placeOf } from './legacyEntries.ts';
import { legacyTasks } from './legacyTasks.ts';
import { masterMetrics } from './metrics.ts';
import type { MasterState } from './state.ts';
import { stateSummary } from './stateSummary.ts';
import { rolesOf, usedBy, type Role } from './views.ts';

/** The GET endpoints from before the v1 API, which tools still use. By path, without the `/master` that they also have. */
export function legacyEndpoints(state: MasterState, allocator: Allocator): ReadonlyMap<string, Handler> {
  const view = (make: (query: URLSearchParams) => object): Handler => {
    return ({ query }: HttpRequest): Answer => json(make(query), query.get('jsonp'));
  };
  return new Map<string, Handler>([
    ['/health', () => ok()],
    ['/version', view(() => byName(versionInfo))],
    ['/state', view(() => stateView(state))],
    ['/state-summary', view(() => stateSummary(state))],
    [
      '/slaves',
      view((query) => ({
        slaves: [...state.agents.values()].filter(of(query, 'slave_id')).map(agentOf),
        recovered_slaves: recoveredOf(state),
      })),
    ],
    ['/frameworks', view((query) => frameworksOf(state, of(query, 'framework_id')))],
    ['/tasks', view((query) => ({ tasks: legacyTasks(state, query) }))],
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

function recoveredOf(state: MasterState): object[] {
  return [...state.recoveredAgents.values()].map(placeOf);
}

/** Those that a query asks for by their id; without one all. */
function of(query: URLSearchParams, parameter: string): (one: { readonly id: string }) => boolean {
  const wanted = query.get(parameter);
  return ({ id }) => wanted === null || id === wanted;
}

function frameworksOf(
  state: MasterState,
  isWanted: (one: { readonly id: string }) => boolean = () => true,
): object {
  return {
    frameworks: [...state.frameworks.values()].filter(isWanted).map(frameworkOf),
    completed_frameworks: [...state.completedFrameworks.values()].filter(isWanted).map(frameworkOf),
    unregistered_frameworks: [],
  };
}
