import type { IncomingMessage } from 'node:http';
import { decode, DecodeError, type Message } from '../wire/schema.ts';
import { acceptError, acceptStreamError, contentTypeError } from './negotiation.ts';
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
  /** Call types that are answered with a stream of records. */
  readonly streamed?: ReadonlySet<string>;
  readonly perform: (call: OperatorCall, request: HttpRequest) => Reply | Promise<Reply>;
  /** Takes a request that is a stream of calls; without it such requests are refused. */
  readonly take?: (stream: IncomingMessage, request: HttpRequest) => Promise<Reply>;
}

/** POST /api/v1 of master and agent: the checks that both make, in Mesos's order. */
export async function serveOperator(endpoint: OperatorEndpoint, request: HttpRequest): Promise<Reply> {
  if (request.method !== 'POST') return methodNotAllowed('POST', request.method);
  if (request.stream && endpoint.take) return endpoint.take(request.stream, request);
  const badType = contentTypeError(request.headers['content-type']);
  if (badType) return badType;
  const call = decodeCall(endpoint, request.body);
  if (typeof call === 'string') return badRequest(call);
  const isStream = endpoint.streamed?.has(call.type) ?? false;
  const notAcceptable = isStream ? acceptStreamError(request.headers) : acceptError(request.headers.accept);
  return notAcceptable ?? endpoint.perform(call, request);
}

/** A call; or, as text, why it is none. */
export function decodeCall(endpoint: OperatorEndpoint, body: Buffer): OperatorCall | string {
  let call: Readonly<Record<string, unknown>> & { readonly type?: string };
  try {
    call = decode(
      body.toString(),
      endpoint.schema,
      endpoint.side === 'master' ? 'Call' : undefined,
    ) as typeof call;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  const invalid = validate(call, endpoint);
  return invalid ? `Failed to validate ${endpoint.side}::Call: ${invalid}` : (call as OperatorCall);
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
