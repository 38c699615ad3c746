import type { JsonObject } from '../../../../../src/devmesos/json.ts';

/** The task that an update is about. */
export function taskOf(event: JsonObject): string | undefined {
  return statusOf(event).task_id?.value;
}

function statusOf(event: JsonObject): { task_id?: { value?: string }; state?: string } {
  const update = event.update as { status?: ReturnType<typeof statusOf> } | undefined;
  return update?.status ?? {};
}

/** Its type, of an update also which task it is about and what it tells. */
export function kindOf(event: JsonObject): string {
  return [event.type as string, taskOf(event), statusOf(event).state]
    .filter((part) => part !== undefined)
    .join(' ');
}
