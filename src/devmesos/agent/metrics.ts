import type { TaskState } from '../../mesos/types.ts';
import { Resources } from '../resources.ts';
import { systemMetrics } from '../systemStatistics.ts';
import { isTerminal } from '../taskView.ts';
import { takenResources } from './resourceViews.ts';
import type { AgentState } from './state.ts';

const livingStates = {
  staging: 'TASK_STAGING',
  starting: 'TASK_STARTING',
  running: 'TASK_RUNNING',
  killing: 'TASK_KILLING',
} as const satisfies Record<string, TaskState>;

/** What the agent counts and measures, by Mesos' names: those of its metrics that say something here. */
export function agentMetrics(agent: AgentState): Record<string, number> {
  const tasks = [...agent.tasks.values()];
  const executors = [...agent.executors.values()];
  const living = tasks.filter(({ view }) => !isTerminal(view.state));
  const frameworks = new Set([...tasks, ...executors].map(({ framework }) => framework.id.value));
  const inPhase = (wanted: string): number => executors.filter(({ phase }) => phase === wanted).length;
  // A command task is run by an executor of its own, which here lives in the agent.
  const ownExecutors = living.filter(({ executor }) => !executor).length;
  return {
    ...Object.fromEntries(
      Object.entries(livingStates).map(([name, state]) => [
        `slave/tasks_${name}`,
        living.filter(({ view }) => view.state === state).length,
      ]),
    ),
    'slave/executors_registering': inPhase('registering'),
    'slave/executors_running': inPhase('running') + ownExecutors,
    'slave/executors_terminating': inPhase('terminating'),
    'slave/frameworks_active': frameworks.size,
    'slave/uptime_secs': (agent.clock.now() - agent.startTime) / 1000,
    ...amounts(Resources.of(agent.options.resources), takenResources(agent)),
    ...systemMetrics(),
  };
}

function amounts(total: Resources, used: Resources): Record<string, number> {
  return Object.fromEntries(
    ['cpus', 'disk', 'gpus', 'mem'].flatMap((name) => {
      const [all, part] = [total.scalar(name), used.scalar(name)];
      return [
        [`slave/${name}_percent`, all > 0 ? part / all : 0],
        [`slave/${name}_total`, all],
        [`slave/${name}_used`, part],
      ];
    }),
  );
}
