import { double, int, message, oneOf, required, string } from './fields.ts';
import type { Message } from './schema.ts';

// HealthCheck and CheckInfo of a task. Source: include/mesos/v1/mesos.proto of Apache Mesos 1.11.

const type = oneOf('UNKNOWN', 'COMMAND', 'HTTP', 'TCP');
const protocol = oneOf('IPv4', 'IPv6');
const times: Message = { delay_seconds: double, interval_seconds: double, timeout_seconds: double };

/** `command`: CommandInfo. */
export const healthCheck = (command: Message): Message => ({
  http: message({ port: required(int), path: string, scheme: string, protocol }),
  ...times,
  consecutive_failures: int,
  grace_period_seconds: double,
  command: message(command),
  type,
  tcp: message({ port: required(int), protocol }),
});

/** `command`: CommandInfo. */
export const check = (command: Message): Message => ({
  type,
  command: message({ command: required(message(command)) }),
  http: message({ port: required(int), path: string }),
  ...times,
  tcp: message({ port: required(int) }),
});
