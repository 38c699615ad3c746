import type { JsonObject } from '../../../../../src/devmesos/json.ts';

/** The task that an event is about. */
export function taskOf(event: JsonObject): string | undefined {
  const added = event.task_added as { task?: { task_id?: { value?: string } } } | undefined;
  return statusOf(event).task_id?.value ?? added?.task?.task_id?.value;
}

function statusOf(event: JsonObject): { task_id?: { value?: string }; state?: string; healthy?: boolean } {
  const update = (event.update ?? event.task_updated) as { status?: ReturnType<typeof statusOf> } | undefined;
  return update?.status ?? {};
}

/** Its type, which task it is about, and of an update what it tells. */
export function kindOf(event: JsonObject): string {
  const { state, healthy } = statusOf(event);
  const health = healthy === undefined ? undefined : healthy ? 'healthy' : 'unhealthy';
  return [event.type as string, taskOf(event), state, health].filter((part) => part !== undefined).join(' ');
}
