import type { Resources } from '../resources.ts';
import type { Framework } from './framework.ts';
import type { MasterState } from './state.ts';

type Totals = Map<string, number>;

/** Who has how much: the largest part of any one scalar of the cluster that a role, or a framework in it, holds or is offered. */
export interface Shares {
  ofRole(role: string): number;
  ofFramework(framework: Framework, role: string): number;
  /** Counts what was just allocated. */
  add(framework: Framework, role: string, resources: Resources): void;
}

/** As they are now. */
export function sharesOf(state: MasterState): Shares {
  const cluster: Totals = new Map();
  for (const { total } of state.agents.values()) count(cluster, total);
  const byRole = new Map<string, Totals>();
  const byFramework = new Map<string, Totals>();
  const add = (framework: Framework, role: string, resources: Resources): void => {
    count(entry(byRole, role), resources);
    count(entry(byFramework, `${framework.id}\n${role}`), resources);
  };
  for (const framework of state.frameworks.values()) {
    for (const { role, resources } of framework.offers.values()) add(framework, role, resources);
    for (const task of framework.tasks.values()) {
      const role = task.view.resources?.[0]?.allocation_info?.role ?? '*';
      if (!task.released) add(framework, role, task.resources);
    }
    for (const { role, resources } of framework.executors) add(framework, role, resources);
  }
  const largest = (totals: Totals | undefined): number =>
    Math.max(0, ...[...(totals ?? [])].map(([name, value]) => value / (cluster.get(name) ?? Infinity)));
  return {
    ofRole: (role) => largest(byRole.get(role)),
    ofFramework: (framework, role) => largest(byFramework.get(`${framework.id}\n${role}`)),
    add,
  };
}

function entry(map: Map<string, Totals>, key: string): Totals {
  const there = map.get(key) ?? new Map<string, number>();
  map.set(key, there);
  return there;
}

function count(totals: Totals, resources: Resources): void {
  for (const name of resources.scalarNames())
    totals.set(name, (totals.get(name) ?? 0) + resources.scalar(name));
}
