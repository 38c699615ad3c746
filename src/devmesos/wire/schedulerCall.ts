import { any, bytes, message, oneOf, repeated, required, string } from './fields.ts';
import { filters, frameworkInfo, id, killPolicy, operation, resource } from './messages.ts';
import type { Message } from './schema.ts';

const inverseOffers = message({ inverse_offer_ids: repeated(id), filters });

/** scheduler::Call, from include/mesos/v1/scheduler/scheduler.proto of Apache Mesos 1.11. */
export const schedulerCall: Message = {
  framework_id: id,
  type: oneOf(
    'UNKNOWN',
    'SUBSCRIBE',
    'TEARDOWN',
    'ACCEPT',
    'DECLINE',
    'ACCEPT_INVERSE_OFFERS',
    'DECLINE_INVERSE_OFFERS',
    'REVIVE',
    'KILL',
    'SHUTDOWN',
    'ACKNOWLEDGE',
    'ACKNOWLEDGE_OPERATION_STATUS',
    'RECONCILE',
    'RECONCILE_OPERATIONS',
    'MESSAGE',
    'REQUEST',
    'SUPPRESS',
    'UPDATE_FRAMEWORK',
  ),
  subscribe: message({
    framework_info: required(message(frameworkInfo)),
    suppressed_roles: repeated(string),
    offer_constraints: any,
  }),
  accept: message({ offer_ids: repeated(id), operations: repeated(message(operation)), filters }),
  decline: message({ offer_ids: repeated(id), filters }),
  kill: message({ task_id: required(id), agent_id: id, kill_policy: killPolicy }),
  shutdown: message({ executor_id: required(id), agent_id: id }),
  acknowledge: message({ agent_id: required(id), task_id: required(id), uuid: required(bytes) }),
  reconcile: message({ tasks: repeated(message({ task_id: required(id), agent_id: id })) }),
  message: message({ agent_id: required(id), executor_id: required(id), data: required(bytes) }),
  request: message({ requests: repeated(message({ agent_id: id, resources: repeated(message(resource)) })) }),
  accept_inverse_offers: inverseOffers,
  decline_inverse_offers: inverseOffers,
  revive: message({ roles: repeated(string) }),
  suppress: message({ roles: repeated(string) }),
  acknowledge_operation_status: message({
    agent_id: id,
    resource_provider_id: id,
    uuid: required(bytes),
    operation_id: required(id),
  }),
  reconcile_operations: message({
    operations: repeated(message({ operation_id: required(id), agent_id: id, resource_provider_id: id })),
  }),
  update_framework: message({
    framework_info: required(message(frameworkInfo)),
    suppressed_roles: repeated(string),
    offer_constraints: any,
  }),
};
