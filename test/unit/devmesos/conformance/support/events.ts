import type { JsonObject } from '../../../../../src/devmesos/json.ts';

/** The task that an event is about. */
export function taskOf(event: JsonObject): string | undefined {
  const added = event.task_added as { task?: { task_id?: { value?: string } } } | undefined;
  return statusOf(event).task_id?.value ?? added?.task?.task_id?.value;
}

function statusOf(event: JsonObject): { task_id?: { value?: string }; state?: string } {
  const update = (event.update ?? event.task_updated) as { status?: ReturnType<typeof statusOf> } | undefined;
  return update?.status ?? {};
}

/** Its type, which task it is about, and of an update what it tells. */
export function kindOf(event: JsonObject): string {
  return [event.type as string, taskOf(event), statusOf(event).state]
    .filter((part) => part !== undefined)
    .join(' ');
}
