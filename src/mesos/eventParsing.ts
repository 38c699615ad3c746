import { BadEventError } from './errors.ts';

/** An event of a type that this client doesn't know: newer masters have some. */
export interface UnknownEvent {
  type: 'unknown';
  /** The event's own type; undefined if it has none. */
  eventType: string | undefined;
  event: object;
}

/** What each known type of event must hold for us to read it: a path to an object. */
export type RequiredParts<Type extends string> = Readonly<Record<Type, readonly string[]>>;

/** @throws BadEventError if the record is no event, or lacks what its type needs. */
export function parseEvent<E extends { type: string }>(
  record: Buffer,
  required: RequiredParts<E['type']>,
): E | UnknownEvent {
  const event = parseObject(record);
  const type = typeof event.type === 'string' ? event.type : undefined;
  if (type === undefined || !Object.hasOwn(required, type))
    return { type: 'unknown', eventType: type, event };
  const path = required[type as E['type']];
  let at: unknown = event;
  for (const name of path) {
    at = isObject(at) ? at[name] : undefined;
    if (!isObject(at)) throw new BadEventError(`is a ${type} without ${path.join('.')}`, record);
  }
  return event as E;
}

function parseObject(record: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(record.toString());
  } catch {
    throw new BadEventError('is not JSON', record);
  }
  if (!isObject(value)) throw new BadEventError('is not a JSON object', record);
  return value;
}

/** Whether a JSON value is an object, not an array and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
