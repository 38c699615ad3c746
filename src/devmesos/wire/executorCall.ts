import { any, bool, bytes, double, int, message, oneOf, repeated, required, string } from './fields.ts';
import { containerId, id, labels, taskInfo } from './messages.ts';
import type { Message } from './schema.ts';

const taskStatus: Message = {
  task_id: required(id),
  state: required(
    oneOf(
      'TASK_STAGING',
      'TASK_STARTING',
      'TASK_RUNNING',
      'TASK_KILLING',
      'TASK_FINISHED',
      'TASK_FAILED',
      'TASK_KILLED',
      'TASK_ERROR',
      'TASK_LOST',
      'TASK_DROPPED',
      'TASK_UNREACHABLE',
      'TASK_GONE',
      'TASK_GONE_BY_OPERATOR',
      'TASK_UNKNOWN',
    ),
  ),
  data: bytes,
  message: string,
  agent_id: id,
  timestamp: double,
  executor_id: id,
  healthy: bool,
  source: oneOf('SOURCE_MASTER', 'SOURCE_AGENT', 'SOURCE_EXECUTOR'),
  // A reason of a newer Mesos is passed on.
  reason: string,
  uuid: bytes,
  labels,
  container_status: message({
    network_infos: repeated(
      message({
        groups: repeated(string),
        labels,
        ip_addresses: repeated(message({ protocol: oneOf('IPv4', 'IPv6'), ip_address: string })),
        name: string,
        port_mappings: any,
      }),
    ),
    cgroup_info: any,
    executor_pid: int,
    container_id: message(containerId),
  }),
  unreachable_time: message({ nanoseconds: required(int) }),
  check_status: any,
  limitation: any,
};

const update: Message = { status: required(message(taskStatus)) };

/** executor::Call, from include/mesos/v1/executor/executor.proto of Apache Mesos 1.11. */
export const executorCall: Message = {
  executor_id: required(id),
  framework_id: required(id),
  type: oneOf('UNKNOWN', 'SUBSCRIBE', 'UPDATE', 'MESSAGE', 'HEARTBEAT'),
  subscribe: message({
    unacknowledged_tasks: repeated(message(taskInfo)),
    unacknowledged_updates: repeated(message(update)),
  }),
  update: message(update),
  message: message({ data: required(bytes) }),
};
