import type { Attribute } from '../../mesos/types.ts';
import { agentCapabilityNames } from '../capabilities.ts';
import { flatCommand, flatResources, flatTask } from '../legacyViews.ts';
import { rangesText } from '../ranges.ts';
import { Resources } from '../resources.ts';
import type { Agent, RegisteredAgentInfo } from './agent.ts';
import type { Executor } from './executor.ts';
import type { Framework } from './framework.ts';
import { usedBy } from './views.ts';

// Frameworks and agents as the older GET endpoints write them.

const offeredTo = (framework: Framework): Resources =>
  [...framework.offers.values()].reduce((sum, open) => sum.plus(open.resources), Resources.none);

/** A framework without its tasks. */
export function frameworkSummary(framework: Framework): object {
  const { info } = framework;
  return {
    id: framework.id,
    name: info.name,
    used_resources: flatResources(usedBy(framework)),
    offered_resources: flatResources(offeredTo(framework)),
    capabilities: (info.capabilities ?? []).flatMap(({ type }) => type ?? []),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: framework.isConnected,
    connected: framework.isConnected,
    recovered: framework.recovered,
  };
}

export function frameworkOf(framework: Framework): object {
  const { info } = framework;
  return {
    ...frameworkSummary(framework),
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: framework.registeredTime / 1000,
    unregistered_time: framework.unregisteredTime / 1000,
    resources: flatResources(usedBy(framework).plus(offeredTo(framework).allocatedTo(undefined))),
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

/** Who an agent is. */
export function placeOf({ id, hostname, port, attributes }: RegisteredAgentInfo): object {
  return {
    id: id.value,
    hostname,
    port,
    attributes: Object.fromEntries((attributes ?? []).map((one) => [one.name, flatAttribute(one)])),
  };
}

export function agentOf(agent: Agent): object {
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
