import type { Id, TaskInfo, TaskStatus } from '../../../mesos/types.ts';
import { isUuid } from '../../uuid.ts';

interface Ids {
  readonly executor_id: Id;
  readonly framework_id: Id;
}

/** A call of an executor that was found valid. */
export type ExecutorCall = Ids &
  (
    | {
        readonly type: 'SUBSCRIBE';
        readonly subscribe: {
          readonly unacknowledged_tasks?: readonly TaskInfo[];
          readonly unacknowledged_updates?: readonly { readonly status: TaskStatus }[];
        };
      }
    | { readonly type: 'UPDATE'; readonly update: { readonly status: TaskStatus } }
    | { readonly type: 'MESSAGE'; readonly message: { readonly data: string } }
    | { readonly type: 'HEARTBEAT' }
    | { readonly type: 'UNKNOWN' }
  );

/** One that was decoded, before its parts are known to be there. */
export type UncheckedCall = Ids & { readonly type?: string } & Readonly<Record<string, unknown>>;

/** What is wrong with a call, in Mesos' words and order; undefined: nothing, and it is an ExecutorCall. */
export function callError(call: UncheckedCall): string | undefined {
  if (call.type === undefined) return "Expecting 'type' to be present";
  const checked = call as ExecutorCall;
  switch (checked.type) {
    case 'SUBSCRIBE':
      return call.subscribe ? undefined : "Expecting 'subscribe' to be present";
    case 'UPDATE':
      return call.update ? updateError(checked, checked.update.status) : "Expecting 'update' to be present";
    case 'MESSAGE':
      return call.message ? undefined : "Expecting 'message' to be present";
    default:
      return undefined;
  }
}

function updateError({ executor_id, framework_id }: Ids, status: TaskStatus): string | undefined {
  if (status.uuid === undefined) return "Expecting 'uuid' to be present";
  if (!isUuid(status.uuid)) return 'Not a valid UUID';
  const executor = executor_id.value;
  if (status.executor_id && status.executor_id.value !== executor) {
    return `ExecutorID in Call: ${executor} does not match ExecutorID in TaskStatus: ${status.executor_id.value}`;
  }
  const from = `from executor ${executor} of framework ${framework_id.value}`;
  if (status.source !== 'SOURCE_EXECUTOR') {
    return `Received Call ${from} with invalid source, expecting 'SOURCE_EXECUTOR'`;
  }
  return status.state === 'TASK_STAGING' ? `Received TASK_STAGING ${from} which is not allowed` : undefined;
}
