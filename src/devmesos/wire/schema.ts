// From JSON to a message, as Mesos does it (stout's protobuf.hpp): unknown fields are ignored, an unknown enum name leaves an
// optional field unset, a lone value stands for a list of one, numbers may come as text, null is unset. Errors carry its words.
import type { Json, JsonObject } from '../json.ts';
import { parseJson } from './jsonText.ts';

export type Field = { readonly required?: true; readonly repeated?: true } & (
  | { readonly kind: 'string' | 'bytes' | 'bool' | 'int' | 'double' | 'any' }
  | { readonly kind: 'enum'; readonly names: ReadonlySet<string> }
  | { readonly kind: 'message'; readonly of: Message | (() => Message) }
);

/** Fields by name, in the order of their numbers: missing ones are reported in that order. */
export type Message = Readonly<Record<string, Field>>;

type Decoded = Record<string, unknown>;

/** Why a text is not such a message, in Mesos's words. */
export class DecodeError extends Error {}

/**
 * Reads the text of a message. Throws DecodeError. `type` is its name in the errors ("Call"); agents name none where JSON is
 * no such message.
 */
export function decode(text: string, message: Message, type: string | undefined): unknown {
  const conversion = type === undefined ? '' : `Failed to convert JSON into ${type} protobuf: `;
  const parsed = parseJson(text);
  if ('error' in parsed) throw new DecodeError(`Failed to parse body into JSON: ${parsed.error}`);
  const { value } = parsed;
  if (!isObject(value)) throw new DecodeError(`${conversion}Expecting a JSON object`);
  try {
    const decoded = decodeMessage(value, message);
    const missing = missingFields(decoded, message, '');
    if (missing.length > 0) throw new DecodeError(`Missing required fields: ${missing.join(', ')}`);
    return decoded;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(`${conversion}${error.message}`);
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeMessage(json: JsonObject, message: Message): Decoded {
  const decoded: Decoded = {};
  // Mesos goes through the fields in the order of their names, so the first fault in that order is the one reported.
  for (const name of Object.keys(json).sort()) {
    const field = Object.hasOwn(message, name) ? message[name] : undefined;
    const value = json[name];
    if (!field || value === null || value === undefined) continue;
    if (field.repeated) {
      const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
      decoded[name] = items
        .map((item) => decodeField(name, field, item))
        .filter((item) => item !== undefined);
    } else {
      if (Array.isArray(value) && field.kind !== 'any') throw unexpected('array', name);
      const single = decodeField(name, field, value);
      if (single !== undefined) decoded[name] = single;
    }
  }
  return decoded;
}

function decodeField(name: string, field: Field, value: Json): unknown {
  if (field.kind === 'any') return value;
  if (value === null) return undefined;
  if (Array.isArray(value)) throw unexpected('array', name);
  if (typeof value === 'string') return decodeString(name, field, value);
  if (typeof value === 'number') {
    if (field.kind === 'double') return value;
    if (field.kind === 'int') return Math.trunc(value);
    throw unexpected('number', name);
  }
  if (typeof value === 'boolean') {
    if (field.kind === 'bool') return value;
    throw unexpected('boolean', name);
  }
  if (field.kind !== 'message' || !isObject(value)) throw unexpected('object', name);
  return decodeMessage(value, typeof field.of === 'function' ? field.of() : field.of);
}

function decodeString(name: string, field: Field, value: string): unknown {
  switch (field.kind) {
    case 'string':
      return value;
    case 'bytes':
      return decodeBytes(name, value);
    case 'enum':
      if (field.names.has(value)) return value;
      if (field.required) throw new DecodeError(`Failed to find enum for '${value}'`);
      return undefined;
    case 'bool':
      if (value === 'true' || value === 'false') return value === 'true';
      throw new DecodeError(
        `Failed to parse '${value}' as a JSON boolean for field '${name}': Unexpected JSON type parsed`,
      );
    case 'int':
    case 'double': {
      if (field.kind === 'double' && value === 'Infinity') return Infinity;
      if (field.kind === 'double' && value === '-Infinity') return -Infinity;
      const parsed = parseJson(value);
      if ('error' in parsed) {
        throw new DecodeError(
          `Failed to parse '${value}' as a JSON number for field '${name}': ${parsed.error}`,
        );
      }
      if (typeof parsed.value !== 'number') {
        throw new DecodeError(
          `Failed to parse '${value}' as a JSON number for field '${name}': Unexpected JSON type parsed`,
        );
      }
      return field.kind === 'int' ? Math.trunc(parsed.value) : parsed.value;
    }
    default:
      throw unexpected('string', name);
  }
}

/** Bytes stay base64, but in its plain form: no blanks, whole padding. */
function decodeBytes(name: string, value: string): string {
  const text = value.replace(/\s/g, '');
  const wrong = /[^A-Za-z0-9+/=]/u.exec(text)?.[0];
  if (wrong !== undefined) {
    throw new DecodeError(`Failed to base64 decode bytes field '${name}': Invalid character '${wrong}'`);
  }
  return Buffer.from(text, 'base64').toString('base64');
}

function unexpected(what: string, name: string): DecodeError {
  return new DecodeError(`Not expecting a JSON ${what} for field '${name}'`);
}

/** Paths of the required fields that are absent: a message's own first, then those of the messages in it. */
function missingFields(value: Decoded, message: Message, prefix: string): string[] {
  const own = Object.entries(message)
    .filter(([name, field]) => field.required && value[name] === undefined)
    .map(([name]) => prefix + name);
  const nested = Object.entries(message).flatMap(([name, field]) => {
    const held = value[name];
    if (field.kind !== 'message' || held === undefined) return [];
    const of = typeof field.of === 'function' ? field.of() : field.of;
    if (!field.repeated) return missingFields(held as Decoded, of, `${prefix}${name}.`);
    return (held as Decoded[]).flatMap((item, index) =>
      missingFields(item, of, `${prefix}${name}[${index}].`),
    );
  });
  return [...own, ...nested];
}
