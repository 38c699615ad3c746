import type { CommandInfo, Task, TaskStatus } from '../mesos/types.ts';
import { printedCommand } from './protoDefaults.ts';
import { Resources } from './resources.ts';

// The older GET endpoints write resources flat and times as seconds.

/** `{"disk":0.0,"mem":4096.0,"gpus":0.0,"cpus":4.0,"ports":"[31000-32000]"}`. */
export function flatResources(resources: Resources): Record<string, number | string> {
  const flat: Record<string, number | string> = {
    disk: resources.scalar('disk'),
    mem: resources.scalar('mem'),
    gpus: resources.scalar('gpus'),
    cpus: resources.scalar('cpus'),
  };
  for (const name of resources.scalarNames()) flat[name] ??= resources.scalar(name);
  const ports = resources.rangesText('ports');
  if (ports !== undefined) flat.ports = ports;
  return flat;
}

/** The same, but only what there is. */
export function namedResources(resources: Resources): Record<string, number | string> {
  const flat = flatResources(resources);
  return Object.fromEntries(Object.entries(flat).filter(([, value]) => value !== 0));
}

/** With its fields in the order of their names, as the older endpoints have some. */
export function byName(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The command of an executor. */
export function flatCommand({ shell, value, arguments: argv, environment, uris }: CommandInfo = {}): object {
  return {
    ...(shell === undefined ? {} : { shell }),
    ...(value === undefined ? {} : { value }),
    argv: argv ?? [],
    ...(environment ? { environment: printedCommand({ environment }).environment } : {}),
    uris: (uris ?? []).map((uri) => ({ value: uri.value, executable: uri.executable ?? false })),
  };
}

export function flatTask(task: Task): object {
  return {
    id: task.task_id.value,
    name: task.name,
    framework_id: task.framework_id.value,
    executor_id: task.executor_id?.value ?? '',
    slave_id: task.agent_id.value,
    state: task.state,
    resources: flatResources(Resources.of(task.resources)),
    role: task.resources?.[0]?.allocation_info?.role ?? '*',
    statuses: (task.statuses ?? []).map(flatStatus),
    ...(task.labels ? { labels: task.labels.labels ?? [] } : {}),
    ...(task.container ? { container: task.container } : {}),
    ...(task.user === undefined ? {} : { user: task.user }),
  };
}

function flatStatus({ state, timestamp, labels, container_status, healthy }: TaskStatus): object {
  const { container_id, network_infos } = container_status ?? {};
  return {
    state,
    timestamp,
    ...(labels ? { labels: labels.labels ?? [] } : {}),
    ...(container_status ? { container_status: { container_id, network_infos } } : {}),
    ...(healthy === undefined ? {} : { healthy }),
  };
}
