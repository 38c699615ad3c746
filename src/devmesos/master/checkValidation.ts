import type { CheckInfo, CheckTimes, CommandInfo, HealthCheck, TaskInfo } from '../../mesos/types.ts';

/** What is wrong with how a task wants to be checked, in Mesos' words; undefined: nothing. */
export function checksError({ check, health_check }: TaskInfo): string | undefined {
  const wrong = check && checkError(check);
  if (wrong !== undefined) return `Task uses invalid check: ${wrong}`;
  const unhealthy = health_check && healthCheckError(health_check);
  return unhealthy === undefined ? undefined : `Task uses invalid health check: ${unhealthy}`;
}

function checkError(check: CheckInfo): string | undefined {
  const { type, command, http } = check;
  if (type === undefined) return "CheckInfo must specify 'type'";
  if (type === 'UNKNOWN') return "'UNKNOWN' is not a valid check type";
  const name = type.toLowerCase() as 'command' | 'http' | 'tcp';
  if (!check[name]) return `Expecting '${name}' to be set for ${type} check`;
  return (
    (type === 'COMMAND' ? commandError(command?.command ?? {}, 'Command check') : undefined) ??
    (type === 'HTTP' ? pathError(http?.path, 'HTTP check') : undefined) ??
    timesError(check, ['delay_seconds', 'interval_seconds', 'timeout_seconds'])
  );
}

function healthCheckError(check: HealthCheck): string | undefined {
  const { type, command, http } = check;
  if (type === undefined) return "HealthCheck must specify 'type'";
  if (type === 'UNKNOWN') return "'UNKNOWN' is not a valid health check type";
  const name = type.toLowerCase() as 'command' | 'http' | 'tcp';
  if (!check[name]) return `Expecting '${name}' to be set for ${type} health check`;
  if (type === 'HTTP' && http?.scheme !== undefined && !['http', 'https'].includes(http.scheme))
    return `Unsupported HTTP health check scheme: '${http.scheme}'`;
  return (
    (type === 'COMMAND' ? commandError(command ?? {}, 'Command health check') : undefined) ??
    (type === 'HTTP' ? pathError(http?.path, 'HTTP health check') : undefined) ??
    timesError(check, ['delay_seconds', 'grace_period_seconds', 'interval_seconds', 'timeout_seconds'])
  );
}

function commandError({ value, shell = true }: CommandInfo, what: string): string | undefined {
  if (value !== undefined) return undefined;
  return `${what} must contain ${shell ? "'shell command'" : "'executable path'"}`;
}

function pathError(path: string | undefined, what: string): string | undefined {
  if (path === undefined || path.startsWith('/')) return undefined;
  return `The path '${path}' of ${what} must start with '/'`;
}

function timesError(
  times: CheckTimes & { readonly grace_period_seconds?: number },
  names: readonly (keyof typeof times)[],
): string | undefined {
  const negative = names.find((name) => (times[name] ?? 0) < 0);
  return negative && `Expecting '${negative}' to be non-negative`;
}
