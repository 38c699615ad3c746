import {
  BadEventError,
  FrameworkFailedOverError,
  FrameworkRemovedError,
  SubscriptionRefusedError,
} from './errors.ts';
import type { SchedulerEvent } from './types.ts';

/** An event of a type that this client doesn't know: newer masters have some. */
export interface UnknownEvent {
  type: 'unknown';
  /** The event's own type; undefined if it has none. */
  eventType: string | undefined;
  event: object;
}

/** What each known event must hold for us to read it: a path to an object. */
const required: Record<SchedulerEvent['type'], readonly string[]> = {
  SUBSCRIBED: ['subscribed', 'framework_id'],
  OFFERS: ['offers'],
  INVERSE_OFFERS: ['inverse_offers'],
  RESCIND: ['rescind', 'offer_id'],
  RESCIND_INVERSE_OFFER: ['rescind_inverse_offer', 'inverse_offer_id'],
  UPDATE: ['update', 'status'],
  UPDATE_OPERATION_STATUS: ['update_operation_status', 'status'],
  MESSAGE: ['message', 'executor_id'],
  FAILURE: ['failure'],
  ERROR: ['error'],
  HEARTBEAT: [],
};

/** @throws BadEventError if the record is no event, or lacks what its type needs. */
export function parseSchedulerEvent(record: Buffer): SchedulerEvent | UnknownEvent {
  const event = parseObject(record);
  const type = 'type' in event && typeof event.type === 'string' ? event.type : undefined;
  if (type === undefined || !isKnown(type)) return { type: 'unknown', eventType: type, event };
  let at: unknown = event;
  for (const name of required[type]) {
    at = isObject(at) && name in at ? at[name] : undefined;
    if (!isObject(at)) throw new BadEventError(`is a ${type} without ${required[type].join('.')}`, record);
  }
  return event as SchedulerEvent;
}

/** @throws BadEventError if the record is not a JSON object. */
export function parseObject(record: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(record.toString());
  } catch {
    throw new BadEventError('is not JSON', record);
  }
  if (!isObject(value)) throw new BadEventError('is not a JSON object', record);
  return value;
}

/**
 * What an ERROR event means. The master sends one when it won't have the framework, and ends the stream; trying
 * again with the same data gets the same answer. The wire tells the causes apart by their text alone.
 */
export function refusal(message: string): Error {
  if (message === 'Framework has been removed') return new FrameworkRemovedError(message);
  if (message === 'Framework failed over') return new FrameworkFailedOverError(message);
  return new SubscriptionRefusedError(message);
}

function isKnown(type: string): type is SchedulerEvent['type'] {
  return Object.hasOwn(required, type);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
