import { decode, DecodeError, type Message } from '../wire/schema.ts';
import { acceptError, contentTypeError } from './negotiation.ts';
import type { Reply } from './reply.ts';
import { badRequest, methodNotAllowed } from './reply.ts';
import type { HttpRequest } from './server.ts';

/** An operator call that was decoded and has the body that its type demands. */
export type OperatorCall = Readonly<Record<string, unknown>> & { readonly type: string };

export interface OperatorEndpoint {
  /** `master` or `agent`, as errors name it. */
  readonly side: string;
  readonly schema: Message;
  /** Call types whose body may be left out; any other for which the schema has one is nothing without it. */
  readonly optionalBody: ReadonlySet<string>;
  readonly perform: (call: OperatorCall) => Reply | Promise<Reply>;
}

/** POST /api/v1 of master and agent: the checks that both make, in Mesos's order. */
export async function serveOperator(endpoint: OperatorEndpoint, request: HttpRequest): Promise<Reply> {
  if (request.method !== 'POST') return methodNotAllowed('POST', request.method);
  const badType = contentTypeError(request.headers['content-type']);
  if (badType) return badType;
  let call: Readonly<Record<string, unknown>> & { readonly type?: string };
  try {
    call = decode(request.body.toString(), endpoint.schema, 'Call') as typeof call;
  } catch (error) {
    if (error instanceof DecodeError) return badRequest(error.message);
    throw error;
  }
  const invalid = validate(call, endpoint);
  if (invalid) return badRequest(`Failed to validate ${endpoint.side}::Call: ${invalid}`);
  const notAcceptable = acceptError(request.headers.accept);
  return notAcceptable ?? endpoint.perform(call as OperatorCall);
}

function validate(
  call: { readonly type?: string } & Readonly<Record<string, unknown>>,
  { schema, optionalBody }: OperatorEndpoint,
): string | undefined {
  if (call.type === undefined) return "Expecting 'type' to be present";
  const body = call.type.toLowerCase();
  const isNeeded = Object.hasOwn(schema, body) && !optionalBody.has(call.type);
  return isNeeded && call[body] === undefined ? `Expecting '${body}' to be present` : undefined;
}
