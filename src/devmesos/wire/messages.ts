// The parts of Mesos v1's messages that clients send, for the decoder. `any`: kept as it came, since nothing here reads it but
// whoever it is passed on to. Source: include/mesos/v1/mesos.proto of Apache Mesos 1.11.
import { check, healthCheck } from './checks.ts';
import { containerInfo } from './container.ts';
import { any, bool, bytes, double, int, message, oneOf, repeated, required, string } from './fields.ts';
import type { Message } from './schema.ts';

export const id = message({ value: required(string) });

export const labels = message({ labels: repeated(message({ key: required(string), value: string })) });
const duration = message({ nanoseconds: required(int) });
const range = message({ begin: required(int), end: required(int) });
const reservation: Message = {
  principal: string,
  labels,
  role: string,
  type: oneOf('UNKNOWN', 'STATIC', 'DYNAMIC'),
};

export const resource: Message = {
  name: required(string),
  type: required(oneOf('SCALAR', 'RANGES', 'SET', 'TEXT')),
  scalar: message({ value: required(double) }),
  ranges: message({ range: repeated(range) }),
  set: message({ item: repeated(string) }),
  role: string,
  disk: any,
  reservation: any,
  revocable: any,
  shared: any,
  allocation_info: message({ role: string }),
  reservations: repeated(message(reservation)),
};

export const frameworkInfo: Message = {
  user: required(string),
  name: required(string),
  id,
  failover_timeout: double,
  checkpoint: bool,
  role: string,
  hostname: string,
  principal: string,
  webui_url: string,
  capabilities: repeated(
    message({
      type: oneOf(
        'REVOCABLE_RESOURCES',
        'TASK_KILLING_STATE',
        'GPU_RESOURCES',
        'SHARED_RESOURCES',
        'PARTITION_AWARE',
        'MULTI_ROLE',
        'RESERVATION_REFINEMENT',
        'REGION_AWARE',
      ),
    }),
  ),
  labels,
  roles: repeated(string),
};

export const containerId: Message = {
  value: required(string),
  parent: message(() => containerId),
};

export const command: Message = {
  uris: repeated(
    message({
      value: required(string),
      executable: bool,
      extract: bool,
      cache: bool,
      output_file: string,
    }),
  ),
  environment: message({
    variables: repeated(
      message({
        name: required(string),
        value: string,
        type: oneOf('UNKNOWN', 'VALUE', 'SECRET'),
        secret: any,
      }),
    ),
  }),
  value: string,
  user: string,
  shell: bool,
  arguments: repeated(string),
};

const executorInfo: Message = {
  executor_id: required(id),
  data: bytes,
  resources: repeated(message(resource)),
  command: message(command),
  framework_id: id,
  name: string,
  source: string,
  container: message(containerInfo),
  discovery: any,
  shutdown_grace_period: duration,
  labels,
  type: oneOf('UNKNOWN', 'DEFAULT', 'CUSTOM'),
};

export const taskInfo: Message = {
  name: required(string),
  task_id: required(id),
  agent_id: required(id),
  resources: repeated(message(resource)),
  executor: message(executorInfo),
  data: bytes,
  command: message(command),
  health_check: message(healthCheck(command)),
  container: message(containerInfo),
  labels,
  discovery: any,
  kill_policy: message({ grace_period: duration }),
  check: message(check(command)),
  max_completion_time: duration,
  limits: any,
};

export const killPolicy = message({ grace_period: duration });
export const filters = message({ refuse_seconds: double });

export const operation: Message = {
  type: oneOf(
    'UNKNOWN',
    'LAUNCH',
    'LAUNCH_GROUP',
    'RESERVE',
    'UNRESERVE',
    'CREATE',
    'DESTROY',
    'GROW_VOLUME',
    'SHRINK_VOLUME',
    'CREATE_DISK',
    'DESTROY_DISK',
  ),
  launch: message({ task_infos: repeated(message(taskInfo)) }),
  reserve: any,
  unreserve: any,
  create: any,
  destroy: any,
  launch_group: message({
    executor: required(message(executorInfo)),
    task_group: required(message({ tasks: repeated(message(taskInfo)) })),
  }),
  id,
};
