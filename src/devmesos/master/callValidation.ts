import type { SchedulerCall } from '../../mesos/types.ts';
import { isUuid } from '../uuid.ts';

/** Call types whose body may be absent. */
const withoutBody: ReadonlySet<string> = new Set(['UNKNOWN', 'TEARDOWN', 'REVIVE', 'SUPPRESS']);

/** A call that was decoded, before its parts are known to be there. */
export type UncheckedCall = Readonly<Record<string, unknown>> & {
  readonly type?: string;
  readonly framework_id?: { readonly value: string };
};

/**
 * What is wrong with a scheduler's call, in Mesos's words and order; undefined: nothing, and it is a SchedulerCall.
 * `principal` is who makes it, where that was authenticated.
 */
export function callError(call: UncheckedCall, principal?: string): string | undefined {
  if (call.type === undefined) return "Expecting 'type' to be present";
  if (call.type === 'SUBSCRIBE') return subscribeError(call, principal);
  if (!call.framework_id) return "Expecting 'framework_id' to be present";
  const body = call.type.toLowerCase();
  if (!withoutBody.has(call.type) && call[body] === undefined) return `Expecting '${body}' to be present`;
  const checked = call as SchedulerCall;
  if (checked.type === 'ACKNOWLEDGE' && !isUuid(checked.acknowledge.uuid)) return 'Not a valid UUID';
  if (checked.type === 'ACKNOWLEDGE_OPERATION_STATUS' && !isUuid(checked.acknowledge_operation_status.uuid)) {
    return 'Not a valid UUID';
  }
  return undefined;
}

function subscribeError(call: UncheckedCall, principal: string | undefined): string | undefined {
  if (call.subscribe === undefined) return "Expecting 'subscribe' to be present";
  const { framework_info: info } = (call as SchedulerCall & { type: 'SUBSCRIBE' }).subscribe;
  if (call.framework_id?.value !== info.id?.value) {
    return "'framework_id' differs from 'subscribe.framework_info.id'";
  }
  if (principal === undefined || info.principal === undefined || info.principal === principal)
    return undefined;
  return `Authenticated principal '${principal}' does not match principal '${info.principal}' set in \`FrameworkInfo\``;
}
