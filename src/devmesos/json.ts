// JSON as Mesos prints it: fields whose type is double carry a fraction even where it is zero (15.0), since typed clients
// tell a double from an integer by it.

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = Readonly<Record<string, Json | undefined>>;

/** Names of the fields of Mesos's messages and endpoints that are doubles. `value` is one wherever it is a number. */
const doubleFields: ReadonlySet<string> = new Set([
  'value',
  'timestamp',
  'heartbeat_interval_seconds',
  'failover_timeout',
  'refuse_seconds',
  'weight',
  'build_time',
  'start_time',
  'elected_time',
  'registered_time',
  'reregistered_time',
  'unregistered_time',
  'activated_slaves',
  'deactivated_slaves',
  'unreachable_slaves',
  'cpus',
  'mem',
  'disk',
  'gpus',
  'mtime',
  'cpus_user_time_secs',
  'cpus_system_time_secs',
  'cpus_limit',
  'cpus_soft_limit',
  'delay_seconds',
  'interval_seconds',
  'timeout_seconds',
  'grace_period_seconds',
]);

/** The text of a message, in the order of its fields. Unset (undefined) fields are left out. */
export function stringify(value: unknown): string {
  return write(value, false);
}

function write(value: unknown, isDouble: boolean): string {
  if (typeof value === 'number') {
    return isDouble && Number.isInteger(value) && Math.abs(value) < 1e21
      ? `${value}.0`
      : JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    let text = '[';
    for (const [index, item] of value.entries()) text += (index > 0 ? ',' : '') + write(item, false);
    return `${text}]`;
  }
  if (typeof value === 'object' && value !== null) {
    let text = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      if (text.length > 1) text += ',';
      text += `${JSON.stringify(key)}:${write(item, doubleFields.has(key))}`;
    }
    return `${text}}`;
  }
  return JSON.stringify(value ?? null);
}
