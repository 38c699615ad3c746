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

/** No Accept accepts all; `q=0` excludes; other weights mean nothing to Mesos. The most specific range decides. */
export function accepts(accept: string | undefined, type: string): boolean {
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
