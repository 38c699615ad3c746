// Words to write Mesos v1's messages with.
import type { Field, Message } from './schema.ts';

export const string: Field = { kind: 'string' };
export const bytes: Field = { kind: 'bytes' };
export const bool: Field = { kind: 'bool' };
export const int: Field = { kind: 'int' };
export const double: Field = { kind: 'double' };
/** Kept as it came. */
export const any: Field = { kind: 'any' };

export const required = (field: Field): Field => ({ ...field, required: true });
export const repeated = (field: Field): Field => ({ ...field, repeated: true });
export const message = (of: Message | (() => Message)): Field => ({ kind: 'message', of });
export const oneOf = (...names: readonly string[]): Field => ({ kind: 'enum', names: new Set(names) });
