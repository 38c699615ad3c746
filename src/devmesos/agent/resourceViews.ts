import type { Resource } from '../../mesos/types.ts';
import { flatResources } from '../legacyViews.ts';
import { Resources } from '../resources.ts';
import { isTerminal } from '../taskView.ts';
import type { AgentState } from './state.ts';

/** What its tasks and executors hold. */
export function takenResources({ tasks, executors }: AgentState): Resources {
  const living = [...tasks.values()].filter(({ view }) => !isTerminal(view.state));
  const holders = [...living.map(({ view }) => view), ...[...executors.values()].map(({ info }) => info)];
  return Resources.of(holders.flatMap(({ resources }) => resources ?? []));
}

/** What GET /state of an agent says of its resources. */
export function resourcesState(agent: AgentState): object {
  const total = Resources.of(agent.options.resources);
  const all = byRole(total);
  const taken = byRole(takenResources(agent));
  const flat = (roles: ReadonlyMap<string, Resource[]>): object =>
    reserved(roles, (resources) => flatResources(Resources.of(resources)));
  return {
    resources: flatResources(total),
    reserved_resources: flat(all),
    unreserved_resources: flatResources(total.offerableTo('*')),
    reserved_resources_full: reserved(all, (resources) => resources),
    unreserved_resources_full: all.get('*') ?? [],
    reserved_resources_allocated: flat(taken),
    unreserved_resources_allocated: flatResources(Resources.of(taken.get('*'))),
    resource_providers: [],
  };
}

/** By the role that they are reserved for; `*`: for none. */
function byRole(resources: Resources): Map<string, Resource[]> {
  const roles = new Map<string, Resource[]>();
  for (const resource of resources.toJson({ reservations: 'both', allocation: false })) {
    const role = resource.role ?? '*';
    roles.set(role, [...(roles.get(role) ?? []), resource]);
  }
  return roles;
}

function reserved(
  roles: ReadonlyMap<string, Resource[]>,
  shown: (resources: Resource[]) => object,
): Record<string, object> {
  const some = [...roles].filter(([role]) => role !== '*');
  return Object.fromEntries(some.map(([role, resources]) => [role, shown(resources)]));
}
