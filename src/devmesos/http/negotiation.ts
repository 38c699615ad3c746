import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './reply.ts';
import { badRequest, text } from './reply.ts';

export const jsonType = 'application/json';
/** Messages in their binary form. */
export const protobufType = 'application/x-protobuf';
/** Of streams of records: what each of them is stands in another header. */
export const recordioType = 'application/recordio';

const unsupported = "Expecting 'Content-Type' of application/json or application/x-protobuf";
const notAcceptable = "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";

/**
 * What is wrong with a request's Content-Type, if anything. It is compared exactly: a charset is refused.
 * @param types those that the endpoint takes; operators' endpoints take JSON alone yet
 */
export function contentTypeError(
  contentType: string | undefined,
  types: readonly string[] = [jsonType],
): Answer | undefined {
  if (contentType === undefined) return badRequest("Expecting 'Content-Type' to be present");
  if (types.includes(contentType)) return undefined;
  return text(415, unsupported);
}

/** What is wrong with a request's Accept, if anything, where JSON is all that is spoken. */
export function acceptError(accept: string | undefined): Answer | undefined {
  return accepts(accept, jsonType) ? undefined : text(406, notAcceptable);
}

/** In which form an answer is given: JSON where that is accepted at all, whatever else is preferred. Or why in none. */
export function acceptedForm(accept: string | undefined): typeof jsonType | typeof protobufType | Answer {
  if (accepts(accept, jsonType)) return jsonType;
  return accepts(accept, protobufType) ? protobufType : text(406, notAcceptable);
}

/** The same of an answer that is a stream. Its records are JSON, whichever of the two names it goes by. */
export function acceptStreamError(headers: IncomingHttpHeaders): Answer | undefined {
  if (!wantsRecordio(headers)) return acceptError(headers.accept);
  return acceptError(headers['message-accept'] as string | undefined);
}

/** The headers of such an answer. */
export function streamHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return wantsRecordio(headers)
    ? { 'Content-Type': recordioType, 'Message-Content-Type': jsonType }
    : { 'Content-Type': jsonType };
}

function wantsRecordio({ accept = '' }: IncomingHttpHeaders): boolean {
  return accept.split(',').some((part) => part.split(';')[0]?.trim() === recordioType);
}

/** What is wrong with the Content-Type of the records that a request brings, if anything. */
export function recordTypeError(headers: IncomingHttpHeaders): Answer | undefined {
  const type = headers['message-content-type'];
  if (type === undefined) return badRequest("Expecting 'Message-Content-Type' to be present");
  return type === jsonType ? undefined : text(415, unsupported.replace('Content', 'Message-Content'));
}

/** No Accept accepts all; `q=0` excludes; other weights mean nothing to Mesos. The most specific range decides. */
function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const excluded = new Map<string, boolean>();
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const isExcluded = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    excluded.set(range, isExcluded);
  }
  for (const range of [type, 'application/*', '*/*']) {
    const isExcluded = excluded.get(range);
    if (isExcluded !== undefined) return !isExcluded;
  }
  return false;
}
