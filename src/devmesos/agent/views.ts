import type { AgentInfo, FrameworkInfo, Id } from '../../mesos/types.ts';
import { agentCapabilityNames } from '../capabilities.ts';
import { flatResources, flatTask } from '../legacyViews.ts';
import { Resources } from '../resources.ts';
import { isTerminal } from '../taskView.ts';
import { versionInState } from '../version.ts';
import { AgentTask } from './agentTask.ts';
import { executorName } from './containerViews.ts';
import type { Executor } from './executors/executor.ts';
import { executorState, queuedTasks } from './executors/views.ts';
import { resourcesState } from './resourceViews.ts';
import type { AgentState } from './state.ts';

/** As GET_AGENT gives it. */
export function agentInfo(agent: AgentState): AgentInfo {
  const { resources, attributes } = agent.options;
  return {
    hostname: agent.address.hostname,
    port: agent.port,
    resources: [...resources],
    ...(attributes.length > 0 ? { attributes: [...attributes] } : {}),
    ...(agent.id ? { id: agent.id } : {}),
  };
}

/** As GET_TASKS gives it. Terminated: over, but its scheduler has not acknowledged that. */
export function tasksView(agent: AgentState): object {
  const tasks = [...agent.tasks.values()].map(({ view }) => view);
  const queued = queuedTasks(agent);
  return {
    pending_tasks: [],
    queued_tasks: [...queued],
    launched_tasks: tasks.filter((task) => !isTerminal(task.state) && !queued.has(task)),
    terminated_tasks: tasks.filter(({ state }) => isTerminal(state)),
    completed_tasks: agent.history.tasks.map(({ view }) => view),
  };
}

/** As GET_FRAMEWORKS gives it: those with tasks here, and those that had some. */
export function frameworksView(agent: AgentState): object {
  const living = byFramework<InFramework>([...agent.tasks.values(), ...agent.executors.values()]);
  const over = byFramework<InFramework>([...agent.history.tasks, ...agent.history.executors]);
  const completed = [...over].filter(([id]) => !living.has(id));
  const entry = ([one]: readonly InFramework[]): { framework_info: FrameworkInfo | undefined } => ({
    framework_info: one?.framework,
  });
  return {
    frameworks: [...living.values()].map(entry),
    ...(completed.length > 0 ? { completed_frameworks: completed.map(([, those]) => entry(those)) } : {}),
  };
}

/** The agent's settings under the names of Mesos's flags, as text. The secret is none of them. */
export function agentFlags({ options, port, address, users }: AgentState): Record<string, string> {
  return {
    attributes: options.attributes
      .map(({ name, text, scalar }) => `${name}:${text?.value ?? scalar?.value ?? ''}`)
      .join(';'),
    containerizers: options.containerizers.join(','),
    hostname: address.hostname,
    ip: options.host,
    ...(options.advertiseIp === undefined ? {} : { advertise_ip: options.advertiseIp }),
    launcher: 'posix',
    master: new URL(options.master).host,
    port: String(port),
    resources: Resources.of(options.resources).toString().replaceAll('; ', ';'),
    switch_user: String(users.isOn),
    work_dir: options.workDir,
  };
}

/** GET /state of an agent. */
export function stateView(agent: AgentState): object {
  const { options, id } = agent;
  const living = byFramework<Runner>([...agent.tasks.values(), ...agent.executors.values()].filter(isRunner));
  const over = byFramework<Runner>([...agent.history.tasks, ...agent.history.executors].filter(isRunner));
  const completed = [...over].filter(([framework]) => !living.has(framework));
  const state = (runner: Runner): object =>
    runner instanceof AgentTask
      ? commandState(runner)
      : executorState(
          runner,
          agent.history.tasks.filter(({ executor }) => executor === runner),
        );
  return {
    ...versionInState,
    start_time: agent.startTime / 1000,
    id: id?.value ?? '',
    pid: agent.pid,
    hostname: agent.address.hostname,
    capabilities: agentCapabilityNames,
    ...resourcesState(agent),
    attributes: Object.fromEntries(
      options.attributes.map((one) => [one.name, one.text?.value ?? one.scalar?.value]),
    ),
    master_hostname: new URL(options.master).hostname,
    flags: agentFlags(agent),
    frameworks: [...living].map(([framework, those]) =>
      frameworkState(those, over.get(framework) ?? [], state),
    ),
    completed_frameworks: completed.map(([, those]) => frameworkState([], those, state)),
  };
}

interface InFramework {
  readonly framework: FrameworkInfo & { readonly id: Id };
}

/** What /state calls an executor: a custom one, or that of a command task, which lives in the agent. */
type Runner = AgentTask | Executor;

function isRunner(one: Runner): boolean {
  return !(one instanceof AgentTask && one.executor);
}

function frameworkState(
  living: readonly Runner[],
  over: readonly Runner[],
  state: (runner: Runner) => object,
): object {
  const info = (living[0] ?? over[0])?.framework;
  return {
    id: info?.id.value,
    name: info?.name,
    user: info?.user,
    failover_timeout: info?.failover_timeout ?? 0,
    checkpoint: info?.checkpoint ?? false,
    hostname: info?.hostname ?? '',
    ...(info?.roles ? { roles: info.roles } : { role: info?.role ?? '*' }),
    executors: living.map(state),
    completed_executors: over.map(state),
  };
}

function commandState(task: AgentTask): object {
  const resources = Resources.of(task.view.resources);
  const isOver = isTerminal(task.view.state);
  return {
    id: task.view.task_id.value,
    name: executorName(task),
    source: task.view.task_id.value,
    container: task.containerId,
    directory: task.sandbox,
    resources: flatResources(resources),
    role: task.view.resources?.[0]?.allocation_info?.role ?? '*',
    tasks: isOver ? [] : [flatTask(task.view)],
    queued_tasks: [],
    completed_tasks: isOver ? [flatTask(task.view)] : [],
  };
}

function byFramework<T extends InFramework>(held: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of held) {
    const id = one.framework.id.value;
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return groups;
}
