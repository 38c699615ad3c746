import { decode, DecodeError, type Message } from '../wire/schema.ts';
import { acceptError, contentTypeError } from './negotiation.ts';
import type { Reply } from './reply.ts';
import { badRequest, methodNotAllowed } from './reply.ts';
import type { HttpRequest } from './server.ts';

/** An operator call that was decoded and has the body that its type demands. */
export type OperatorCall = Readonly<Record<string, unknown>> & { readonly type: string };

export interface OperatorEndpoint {
  readonly schema: Message;
  /** Call types whose body may be left out; any other for which the schema has one is nothing without it. */
  readonly optionalBody: ReadonlySet<string>;
  readonly perform: (call: OperatorCall, request: HttpRequest) => Reply | Promise<Reply>;
}

/** POST /api/v1 of a master: its checks, in Mesos's order. */
export async function serveOperator(endpoint: OperatorEndpoint, request: HttpRequest): Promise<Reply> {
  if (request.method !== 'POST') return methodNotAllowed('POST', request.method);
  const badType = contentTypeError(request.headers['content-type']);
  if (badType) return badType;
  const call = decodeCall(endpoint, request.body);
  if (typeof call === 'string') return badRequest(call);
  return acceptError(request.headers.accept) ?? endpoint.perform(call, request);
}

/** A call; or, as text, why it is none. */
function decodeCall(endpoint: OperatorEndpoint, body: Buffer): OperatorCall | string {
  let call: Readonly<Record<string, unknown>> & { readonly type?: string };
  try {
    call = decode(body.toString(), endpoint.schema, 'Call') as typeof call;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  const invalid = missingBody(call, endpoint.schema, endpoint.optionalBody);
  return invalid ? `Failed to validate master::Call: ${invalid}` : (call as OperatorCall);
}

/** What a call lacks: its type, or the body that the type demands. */
export function missingBody(
  call: Readonly<Record<string, unknown>> & { readonly type?: string },
  schema: Message,
  optionalBody: ReadonlySet<string>,
): string | undefined {
  if (call.type === undefined) return "Expecting 'type' to be present";
  const body = call.type.toLowerCase();
  const isNeeded = Object.hasOwn(schema, body) && !optionalBody.has(call.type);
  return isNeeded && call[body] === undefined ? `Expecting '${body}' to be present` : undefined;
}
