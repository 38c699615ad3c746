import type { Answer } from './reply.ts';
import { badRequest, text } from './reply.ts';

export const jsonType = 'application/json';

const unsupported = "Expecting 'Content-Type' of application/json or application/x-protobuf";
const notAcceptable = "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";

/** What is wrong with a request's Content-Type, if anything. It is compared exactly: a charset is refused. */
export function contentTypeError(contentType: string | undefined): Answer | undefined {
  if (contentType === undefined) return badRequest("Expecting 'Content-Type' to be present");
  if (contentType === jsonType) return undefined;
  return text(415, unsupported);
}

/** What is wrong with a request's Accept, if anything: JSON is all that we speak yet. */
export function acceptError(accept: string | undefined): Answer | undefined {
  return acceptsJson(accept) ? undefined : text(406, notAcceptable);
}

/** No Accept accepts all; `q=0` excludes; other weights mean nothing to Mesos. The most specific range decides. */
function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const excluded = new Map<string, boolean>();
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const isExcluded = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    excluded.set(range, isExcluded);
  }
  for (const range of [jsonType, 'application/*', '*/*']) {
    const isExcluded = excluded.get(range);
    if (isExcluded !== undefined) return !isExcluded;
  }
  return false;
}
