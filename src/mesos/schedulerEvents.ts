import { FrameworkFailedOverError, FrameworkRemovedError, SubscriptionRefusedError } from './errors.ts';
import { parseEvent, type RequiredParts, type UnknownEvent } from './eventParsing.ts';
import type { SchedulerEvent } from './types.ts';

const required: RequiredParts<SchedulerEvent['type']> = {
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
  return parseEvent<SchedulerEvent>(record, required);
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
