import type { TaskState } from '../../mesos/types.ts';
import type { Framework } from './framework.ts';
import { agentOf, frameworkSummary } from './legacyEntries.ts';
import { tasksOfAll } from './legacyTasks.ts';
import type { MasterState } from './state.ts';
import type { MasterTask } from './task.ts';

/** The states that are counted, in Mesos' order. */
const counted = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
] as const satisfies readonly TaskState[];

/** GET /state-summary: frameworks and agents with the numbers of their tasks, those that are over too. */
export function stateSummary(state: MasterState): object {
  const frameworks = [...state.frameworks.values()];
  const byAgent = new Map<string, MasterTask[]>();
  for (const task of frameworks.flatMap(tasksOfAll)) {
    const own = byAgent.get(task.agentId) ?? [];
    byAgent.set(task.agentId, own);
    own.push(task);
  }
  return {
    hostname: state.address.hostname,
    slaves: [...state.agents.values()].map((agent) => {
      const own = byAgent.get(agent.id) ?? [];
      return { ...agentOf(agent), ...counts(own), framework_ids: distinct(own, 'frameworkId') };
    }),
    frameworks: frameworks.map((framework) => ({
      ...frameworkSummary(framework),
      ...counts(tasksOfAll(framework)),
      slave_ids: agentsOf(framework),
    })),
  };
}

function agentsOf(framework: Framework): string[] {
  return distinct(tasksOfAll(framework), 'agentId');
}

function distinct(tasks: readonly MasterTask[], field: 'agentId' | 'frameworkId'): string[] {
  return [...new Set(tasks.map((task) => task[field]))];
}

function counts(tasks: readonly MasterTask[]): Record<string, number> {
  return Object.fromEntries(
    counted.map((state) => [state, tasks.filter(({ view }) => view.state === state).length]),
  );
}
