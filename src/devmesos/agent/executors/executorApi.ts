import { acceptedForm, contentTypeError, jsonType, protobufType } from '../../http/negotiation.ts';
import {
  accepted,
  badRequest,
  methodNotAllowed,
  notImplemented,
  text,
  type Reply,
} from '../../http/reply.ts';
import type { HttpRequest } from '../../http/server.ts';
import { BadProtobuf, ProtobufCodec } from '../../protobuf/codec.ts';
import { executorCall } from '../../wire/executorCall.ts';
import { decode, DecodeError } from '../../wire/schema.ts';
import type { AgentState } from '../state.ts';
import { callError, type ExecutorCall, type UncheckedCall } from './callValidation.ts';
import { eventText } from './events.ts';
import { bearerToken, isSameToken } from './executorToken.ts';
import type { Executor } from './executor.ts';
import type { Executors } from './executors.ts';

/** POST /api/v1/executor: what executors call. Checks in the order in which Mesos does. */
export class ExecutorApi {
  readonly #state: AgentState;
  readonly #executors: Executors;
  /** Made when the first executor speaks it. */
  #protobuf: ProtobufCodec | undefined;

  constructor(state: AgentState, executors: Executors) {
    this.#state = state;
    this.#executors = executors;
  }

  handle(request: HttpRequest): Reply {
    const token = bearerToken(request.headers.authorization);
    if (!this.#isKnown(token)) {
      return text(401, '401 Unauthorized.', { 'WWW-Authenticate': 'Bearer realm="mesos-agent-executor"' });
    }
    if (request.method !== 'POST') return methodNotAllowed('POST', request.method);
    const contentType = request.headers['content-type'];
    const badType = contentTypeError(contentType, [jsonType, protobufType]);
    if (badType) return badType;
    let unchecked: UncheckedCall;
    try {
      unchecked = this.#decode(request.body, contentType === protobufType);
    } catch (error) {
      if (error instanceof DecodeError) return badRequest(error.message);
      if (error instanceof BadProtobuf) return badRequest('Failed to parse body into Call protobuf');
      throw error;
    }
    const invalid = callError(unchecked);
    if (invalid) return badRequest(`Failed to validate Executor::Call: ${invalid}`);
    return this.#perform(unchecked as ExecutorCall, request.headers.accept, token);
  }

  #perform(call: ExecutorCall, accept: string | undefined, token: string): Reply {
    // Mesos' own library sends these with whatever ids.
    if (call.type === 'HEARTBEAT') return accepted();
    const form = call.type === 'SUBSCRIBE' ? acceptedForm(accept) : jsonType;
    if (typeof form !== 'string') return form;
    if (call.type !== 'SUBSCRIBE' && this.#state.isRecovering)
      return text(503, 'Agent has not finished recovery');
    const executor = this.#executors.find(call.framework_id, call.executor_id);
    if (!executor) {
      return badRequest(`${this.#knows(call.framework_id.value) ? 'Executor' : 'Framework'} cannot be found`);
    }
    if (this.#wantsToken && !isSameToken(executor.token, token)) {
      return text(403, "The token is not this executor's");
    }
    if (call.type === 'SUBSCRIBE') return this.#subscribe(executor, call, form);
    if (executor.phase === 'registering') return text(403, 'Executor is not subscribed');
    switch (call.type) {
      case 'UPDATE':
        this.#executors.update(executor, call.update.status);
        return accepted();
      case 'MESSAGE':
        this.#executors.messageFrom(executor, call.message.data);
        return accepted();
      default:
        return notImplemented();
    }
  }

  #subscribe(
    executor: Executor,
    { subscribe }: ExecutorCall & { type: 'SUBSCRIBE' },
    form: typeof jsonType | typeof protobufType,
  ): Reply {
    return {
      status: 200,
      headers: { 'Content-Type': form },
      encode: form === protobufType ? (event) => this.#codec.encode('executor.Event', event) : eventText,
      opened: (stream) => this.#executors.subscribe(executor, stream, subscribe),
    };
  }

  #decode(body: Buffer, isProtobuf: boolean): UncheckedCall {
    return (
      isProtobuf ? this.#codec.decode('executor.Call', body) : decode(body.toString(), executorCall, 'Call')
    ) as UncheckedCall;
  }

  get #wantsToken(): boolean {
    return this.#state.options.credentials !== undefined;
  }

  /** Whether a token is that of any executor here, if one is wanted. */
  #isKnown(token: string): boolean {
    const executors = [...this.#state.executors.values()];
    return !this.#wantsToken || executors.some((executor) => isSameToken(executor.token, token));
  }

  /** Whether a framework has anything here. */
  #knows(frameworkId: string): boolean {
    const holders = [...this.#state.executors.values(), ...this.#state.tasks.values()];
    return holders.some(({ framework }) => framework.id.value === frameworkId);
  }

  get #codec(): ProtobufCodec {
    this.#protobuf ??= new ProtobufCodec();
    return this.#protobuf;
  }
}
