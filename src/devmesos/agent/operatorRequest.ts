import type { IncomingHttpHeaders } from 'node:http';
import { missingBody, type OperatorCall } from '../http/operatorEndpoint.ts';
import { accepts, jsonType, protobufType, recordioType } from '../http/negotiation.ts';
import { badRequest, text, type Answer } from '../http/reply.ts';
import { agentCall } from '../wire/operatorCall.ts';
import { decode, DecodeError } from '../wire/schema.ts';
import { nestedCallError } from './sessions/callErrors.ts';

const optionalBody: ReadonlySet<string> = new Set(['GET_CONTAINERS', 'PRUNE_IMAGES']);
/** Of a request that is a stream of calls, and one that is a single call. */
const isStream = (type: string): boolean => type === recordioType;

/** What is wrong with what a request says of its own form and its answer's, if anything: in the agent's own order. */
export function mediaTypesError(headers: IncomingHttpHeaders): Answer | undefined {
  const contentType = headers['content-type'];
  if (contentType === undefined) return badRequest("Expecting 'Content-Type' to be present");
  if (contentType !== jsonType && !isStream(contentType))
    return text(415, `Expecting 'Content-Type' of ${jsonType} or ${protobufType} or ${recordioType}`);
  return messageTypeError(isStream(contentType), headers['message-content-type']) ?? acceptError(headers);
}

function messageTypeError(isStreamed: boolean, type: string | string[] | undefined): Answer | undefined {
  if (!isStreamed) {
    if (type === undefined) return undefined;
    return text(415, "Expecting 'Message-Content-Type' to be not set for non-streaming requests");
  }
  if (type === undefined)
    return badRequest("Expecting 'Message-Content-Type' to be set for streaming requests");
  return type === jsonType
    ? undefined
    : text(415, `Expecting 'Message-Content-Type' of ${jsonType} or ${protobufType}`);
}

function acceptError(headers: IncomingHttpHeaders): Answer | undefined {
  const { accept } = headers;
  const messageAccept = headers['message-accept'] as string | undefined;
  if (accepts(accept, jsonType)) {
    if (messageAccept === undefined) return undefined;
    return text(406, "Expecting 'Message-Accept' to be not set for non-streaming responses");
  }
  if (!accepts(accept, recordioType))
    return text(406, `Expecting 'Accept' to allow ${jsonType} or ${protobufType} or ${recordioType}`);
  if (accepts(messageAccept, jsonType)) return undefined;
  return text(406, `Expecting 'Message-Accept' to allow ${jsonType} or ${protobufType}`);
}

/** The headers of an answer that is a stream of records. */
export function streamHeaders({ accept }: IncomingHttpHeaders): Record<string, string> {
  return accepts(accept, jsonType)
    ? { 'Content-Type': jsonType }
    : { 'Content-Type': recordioType, 'Message-Content-Type': jsonType };
}

/** A call; or, as text, why it is none. */
export function decodeAgentCall(body: Buffer): OperatorCall | string {
  let call: Readonly<Record<string, unknown>> & { readonly type?: string };
  try {
    call = decode(body.toString(), agentCall, undefined) as typeof call;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  const invalid = missingBody(call, agentCall, optionalBody) ?? nestedCallError(call as OperatorCall);
  return invalid === undefined ? (call as OperatorCall) : `Failed to validate agent::Call: ${invalid}`;
}
