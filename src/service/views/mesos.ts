import type { AgentView, FrameworkView, MesosTaskView } from '../../api/people.ts';
import { mostMesosTasks } from '../../api/topics.ts';
import { quantitiesOf } from '../../mesos/resources.ts';
import type { AgentEntry, Attribute, Duration, FrameworkEntry, Task } from '../../mesos/types.ts';
import { terminalTaskStates } from '../../mesos/types.ts';

export function agentViewOf(entry: AgentEntry): AgentView {
  const info = entry.agent_info;
  const attributes = Object.fromEntries((info.attributes ?? []).map((one) => [one.name, textOf(one)]));
  return {
    id: info.id?.value ?? '',
    name: attributes.name ?? info.hostname,
    hostname: info.hostname,
    address: addressOf(entry),
    active: entry.active && entry.deactivated !== true,
    ...(entry.deactivated === true ? { deactivated: true } : {}),
    total: quantitiesOf(entry.total_resources ?? info.resources),
    used: quantitiesOf(entry.allocated_resources),
    offered: quantitiesOf(entry.offered_resources),
    attributes,
    registered: millisecondsOf(entry.reregistered_time ?? entry.registered_time),
  };
}

/** For people: `ip:port` where the master has it, else the hostname that the agent advertises. */
function addressOf(entry: AgentEntry): string {
  const { hostname, port } = entry.agent_info;
  return ownAddressOf(entry) ?? `${hostname}:${port ?? 5051}`;
}

/** `ip:port` from which the agent speaks to the master; undefined where the master doesn't tell. */
export function ownAddressOf(entry: Pick<AgentEntry, 'pid'>): string | undefined {
  const { pid } = entry;
  return pid?.includes('@') ? pid.slice(pid.indexOf('@') + 1) : undefined;
}

export function frameworkViewsOf(
  entries: readonly FrameworkEntry[],
  tasks: readonly Task[],
  ourId: string | null,
): FrameworkView[] {
  const living = new Map<string, number>();
  for (const task of tasks) {
    if (terminalTaskStates.has(task.state)) continue;
    living.set(task.framework_id.value, (living.get(task.framework_id.value) ?? 0) + 1);
  }
  return entries.map((entry) => {
    const info = entry.framework_info;
    const id = info.id?.value ?? '';
    return {
      id,
      name: info.name,
      user: info.user,
      roles: info.roles ?? [info.role ?? '*'],
      ours: id !== '' && id === ourId,
      active: entry.active,
      connected: entry.connected,
      tasks: living.get(id) ?? 0,
      used: quantitiesOf(entry.allocated_resources),
    };
  });
}

export interface MesosTasks {
  readonly tasks: MesosTaskView[];
  readonly total: number;
}

/** The unfinished tasks of all frameworks, as many as are told of. */
export function mesosTasksOf(tasks: readonly Task[], frameworks: readonly FrameworkEntry[]): MesosTasks {
  const names = new Map(frameworks.map(({ framework_info: info }) => [info.id?.value, info.name]));
  const living = tasks.filter((task) => !terminalTaskStates.has(task.state));
  // A master lists them in any order.
  const listed = living.toSorted((one, other) => (one.task_id.value < other.task_id.value ? -1 : 1));
  return {
    tasks: listed.slice(0, mostMesosTasks).map((task) => ({
      id: task.task_id.value,
      name: task.name,
      framework_id: task.framework_id.value,
      framework: names.get(task.framework_id.value) ?? task.framework_id.value,
      agent_id: task.agent_id.value,
      state: task.state.replace(/^TASK_/, ''),
      resources: quantitiesOf(task.resources),
    })),
    total: living.length,
  };
}

function textOf(attribute: Attribute): string {
  if (attribute.text) return attribute.text.value;
  if (attribute.scalar) return String(attribute.scalar.value);
  if (attribute.set) return (attribute.set.item ?? []).join(',');
  return (attribute.ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(',');
}

function millisecondsOf(time: Duration | undefined): number | null {
  return time ? Math.round(time.nanoseconds / 1e6) : null;
}
