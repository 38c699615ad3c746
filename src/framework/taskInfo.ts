import type { Label, Resource, TaskInfo } from '../mesos/types.ts';
import type { LaunchParts, TaskRecord } from './types.ts';

/** The TaskInfo of an attempt: the caller's parts, with ids, resources and labels that say whose task it is. */
export function taskInfo(
  parts: LaunchParts,
  request: TaskRecord,
  mesosTaskId: string,
  agentId: string,
  resources: Resource[],
): TaskInfo {
  const { key } = request;
  const labels: Label[] = [
    { key: 'dag_id', value: key.dag_id },
    { key: 'run_id', value: key.run_id },
    { key: 'task_id', value: key.task_id },
    { key: 'map_index', value: String(key.map_index) },
    { key: 'try_number', value: String(key.try_number) },
    { key: 'deployment', value: request.deployment },
    ...(parts.labels ?? []),
  ];
  return {
    name: wellFormed(parts.name),
    task_id: { value: mesosTaskId },
    agent_id: { value: agentId },
    resources,
    command: parts.command,
    labels: { labels: labels.map(({ key: name, value }) => ({ key: name, value: wellFormed(value ?? '') })) },
    ...(parts.container && { container: parts.container }),
    ...(parts.kill_policy && { kill_policy: parts.kill_policy }),
  };
}

/** Half a surrogate pair is no UTF-8: with one, Mesos would refuse the whole call. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
