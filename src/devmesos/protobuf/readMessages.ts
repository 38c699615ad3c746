import type { IEnum, IField, IMapField, IType } from 'protobufjs/light.js';

type Fields = Record<string, IField | IMapField>;

/** For protobufjs' Root.fromJSON. */
export type Types = Record<string, IType | IEnum>;

/**
 * Reads messages from lines of
 *
 *     message <name>: <number> <field> <type>, …    a type with `!` is required, with `*` repeated, `string:T` a map
 *     enum <name>: <number> <value>, …
 *
 * A line that begins with blanks goes on with the one before. Names are those within mesos.v1; all get into one scope, by
 * `inScope`.
 */
export function readMessages(text: string): Types {
  const types: Types = {};
  for (const line of text.replace(/\n {4}/g, ' ').split('\n')) {
    const [, kind, name = '', held = ''] = /^(message|enum) ([\w.]+):(.*)$/.exec(line) ?? [];
    if (kind === undefined) continue;
    const parts = held.split(',').map((part) => part.trim().split(' '));
    if (kind === 'enum') {
      types[inScope(name)] = {
        values: Object.fromEntries(parts.map(([id, value = '']) => [value, Number(id)])),
      };
    } else {
      const fields: Fields = {};
      for (const [id, field, type = ''] of parts)
        if (field !== undefined) fields[field] = fieldOf(Number(id), type);
      types[inScope(name)] = { fields };
    }
  }
  return types;
}

/** `Offer.Operation` as a name of its own. */
export function inScope(name: string): string {
  return name.replaceAll('.', '_');
}

function fieldOf(id: number, type: string): IField | IMapField {
  const [, name = '', mark] = /^([^!*]+)([!*]?)$/.exec(type) ?? [];
  const [key, value] = name.split(':');
  if (key !== undefined && value !== undefined) return { id, keyType: key, type: inScope(value) };
  if (mark === '!') return { id, type: inScope(name), rule: 'required' };
  return mark === '*' ? { id, type: inScope(name), rule: 'repeated' } : { id, type: inScope(name) };
}
