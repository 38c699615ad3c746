import type { FrameworkInfo } from '../../mesos/types.ts';
import { doubleText } from './doubleText.ts';
import { idError } from '../idValidation.ts';
import { roleError } from './roleValidation.ts';

/** Seconds: what fits into a signed 64-bit count of nanoseconds. */
const longestDuration = 9_223_372_036;

/** What is wrong with a FrameworkInfo in a subscription, in Mesos's words; undefined: nothing. */
export function frameworkInfoError(info: FrameworkInfo): string | undefined {
  return rolesError(info) ?? idOf(info) ?? failoverTimeoutError(info);
}

export function suppressedRolesError(info: FrameworkInfo, suppressed: readonly string[]): string | undefined {
  const roles = isMultiRole(info) ? (info.roles ?? []) : [info.role ?? '*'];
  const unknown = suppressed.find((role) => !roles.includes(role));
  return unknown === undefined
    ? undefined
    : `Suppressed role '${unknown}' is not contained in the list of roles`;
}

/** What of an existing framework can't be changed by UPDATE_FRAMEWORK. */
export function frameworkUpdateError(old: FrameworkInfo, updated: FrameworkInfo): string | undefined {
  if (old.principal !== updated.principal) return "Changing framework's principal is not allowed.";
  if (old.user !== updated.user) return unsupportedUpdate('user', old.user, updated.user);
  const [before, after] = [old.checkpoint ?? false, updated.checkpoint ?? false];
  return before === after ? undefined : unsupportedUpdate('checkpoint', String(before), String(after));
}

function unsupportedUpdate(field: string, from: string, to: string): string {
  return `Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${from}' to '${to}'`;
}

function isMultiRole(info: FrameworkInfo): boolean {
  return info.capabilities?.some(({ type }) => type === 'MULTI_ROLE') ?? false;
}

function rolesError(info: FrameworkInfo): string | undefined {
  const roles = info.roles ?? [];
  if (isMultiRole(info)) {
    if (info.role !== undefined) {
      return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
    }
  } else if (roles.length > 0) {
    return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
  }
  const duplicates = new Set(roles.filter((role, index) => roles.indexOf(role) !== index));
  if (duplicates.size > 0) {
    return `'FrameworkInfo.roles' contains duplicate items: { ${[...duplicates].join(', ')} }`;
  }
  for (const role of roles) {
    const error = roleError(role);
    if (error) return `'FrameworkInfo.roles' contains invalid role: ${error}`;
  }
  const error = info.role === undefined ? undefined : roleError(info.role);
  return error && `'FrameworkInfo.role' is not a valid role: ${error}`;
}

function idOf(info: FrameworkInfo): string | undefined {
  // An empty id asks for a new one.
  return info.id && info.id.value !== '' ? idError(info.id.value) : undefined;
}

function failoverTimeoutError({ failover_timeout: timeout }: FrameworkInfo): string | undefined {
  if (timeout === undefined || (Math.abs(timeout) <= longestDuration && !Number.isNaN(timeout)))
    return undefined;
  return `The framework failover_timeout (${doubleText(timeout)}) is invalid`;
}
