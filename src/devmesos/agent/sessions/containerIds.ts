import type { ContainerId } from '../../../mesos/types.ts';
import { idError } from '../../idValidation.ts';

/** As Mesos writes it: `<task's container>.<nested>`. */
export function nameOf({ value, parent }: ContainerId): string {
  return parent ? `${nameOf(parent)}.${value}` : value;
}

/** The container of a task or an executor, below which it is. */
export function rootOf({ value, parent }: ContainerId): string {
  return parent ? rootOf(parent) : value;
}

/** The values below the root, from the outside to the inside. */
export function levelsOf({ value, parent }: ContainerId): string[] {
  return parent ? [...levelsOf(parent), value] : [];
}

const mostCharacters = 242;

/** What is wrong with an id. */
export function containerIdError({ value, parent }: ContainerId): string | undefined {
  const wrong = idError(value);
  if (wrong !== undefined) return wrong;
  const named = `'ContainerID.value' '${value}'`;
  if (value.length > mostCharacters) return `${named} exceeds the maximum length (${mostCharacters})`;
  if (/[. ]/.test(value)) return `${named} contains invalid characters`;
  const above = parent && containerIdError(parent);
  return above === undefined ? undefined : `'ContainerID.parent' is invalid: ${above}`;
}
