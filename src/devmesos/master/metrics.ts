import type { TaskState } from '../../mesos/types.ts';
import { systemMetrics } from '../systemStatistics.ts';
import type { Allocator } from './allocator.ts';
import type { MasterState } from './state.ts';

/** Metrics of tasks by state are of those that live, but for these, which Mesos counts since the master's start. */
const livingStates = {
  staging: 'TASK_STAGING',
  starting: 'TASK_STARTING',
  running: 'TASK_RUNNING',
  killing: 'TASK_KILLING',
} as const satisfies Record<string, TaskState>;

/** What the master counts and measures, by Mesos' names: those of its metrics that say something here. */
export function masterMetrics(state: MasterState, allocator: Allocator): Record<string, number> {
  const agents = [...state.agents.values()];
  const frameworks = [...state.frameworks.values()];
  const connectedAgents = agents.filter(({ isConnected }) => isConnected).length;
  const connectedFrameworks = frameworks.filter(({ isConnected }) => isConnected).length;
  return {
    'allocator/mesos/allocation_runs': allocator.runs.count,
    ...allocator.runs.metrics('allocator/mesos/allocation_run_ms'),
    'master/elected': 1,
    'master/uptime_secs': (state.clock.now() - state.startTime) / 1000,
    'master/slaves_active': connectedAgents,
    'master/slaves_connected': connectedAgents,
    'master/slaves_disconnected': agents.length - connectedAgents,
    'master/slaves_inactive': agents.length - connectedAgents,
    'master/slaves_unreachable': state.registry.unreachable.size,
    'master/frameworks_active': connectedFrameworks,
    'master/frameworks_connected': connectedFrameworks,
    'master/frameworks_disconnected': frameworks.length - connectedFrameworks,
    'master/frameworks_inactive': frameworks.length - connectedFrameworks,
    'master/outstanding_offers': frameworks.reduce((sum, { offers }) => sum + offers.size, 0),
    ...tasksByState(state),
    ...amounts(state),
    ...systemMetrics(),
  };
}

function tasksByState(state: MasterState): Record<string, number> {
  const counts = new Map<TaskState, number>();
  let unreachable = 0;
  for (const framework of state.frameworks.values()) {
    unreachable += framework.unreachableTasks.size;
    for (const { view } of framework.tasks.values())
      counts.set(view.state, (counts.get(view.state) ?? 0) + 1);
  }
  return {
    ...Object.fromEntries(
      Object.entries(livingStates).map(([name, one]) => [`master/tasks_${name}`, counts.get(one) ?? 0]),
    ),
    'master/tasks_unreachable': unreachable,
  };
}

function amounts(state: MasterState): Record<string, number> {
  const agents = [...state.agents.values()];
  return Object.fromEntries(
    ['cpus', 'disk', 'gpus', 'mem'].flatMap((name) => {
      const total = agents.reduce((sum, agent) => sum + agent.total.scalar(name), 0);
      const used = agents.reduce((sum, agent) => sum + agent.used.scalar(name), 0);
      return [
        [`master/${name}_percent`, total > 0 ? used / total : 0],
        [`master/${name}_total`, total],
        [`master/${name}_used`, used],
      ];
    }),
  );
}
