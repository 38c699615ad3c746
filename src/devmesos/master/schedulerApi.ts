import type { SchedulerCall } from '../../mesos/types.ts';
import { acceptedForm, contentTypeError, jsonType, protobufType } from '../http/negotiation.ts';
import type { Answer, Reply } from '../http/reply.ts';
import { accepted, badRequest, methodNotAllowed, notImplemented, ok, text } from '../http/reply.ts';
import type { HttpRequest } from '../http/server.ts';
import { BadProtobuf } from '../protobuf/codec.ts';
import { decode, DecodeError } from '../wire/schema.ts';
import { schedulerCall } from '../wire/schedulerCall.ts';
import type { Acceptance } from './accept.ts';
import { callError, type UncheckedCall } from './callValidation.ts';
import type { Framework } from './framework.ts';
import { newStreamId, type Frameworks } from './frameworks.ts';
import type { Offers } from './offers.ts';
import { operationStatuses } from './operationReconciliation.ts';
import type { MasterState } from './state.ts';
import type { Tasks } from './tasks.ts';

export interface SchedulerApiParts {
  readonly state: MasterState;
  readonly frameworks: Frameworks;
  readonly offers: Offers;
  readonly tasks: Tasks;
  readonly acceptance: Acceptance;
}

type Subscribe = SchedulerCall & { type: 'SUBSCRIBE' };

/** POST /api/v1/scheduler. Checks in the order in which Mesos does: which of two faults is told is part of the interface. */
export class SchedulerApi {
  readonly #parts: SchedulerApiParts;

  constructor(parts: SchedulerApiParts) {
    this.#parts = parts;
  }

  handle(request: HttpRequest): Reply {
    if (request.method !== 'POST') return methodNotAllowed('POST', request.method);
    const contentType = request.headers['content-type'];
    const badType = contentTypeError(contentType, [jsonType, protobufType]);
    if (badType) return badType;
    let unchecked: UncheckedCall;
    try {
      unchecked = (
        contentType === protobufType
          ? this.#parts.state.codec.decode('scheduler.Call', request.body)
          : decode(request.body.toString(), schedulerCall, 'Call')
      ) as UncheckedCall;
    } catch (error) {
      if (error instanceof DecodeError) return badRequest(error.message);
      if (error instanceof BadProtobuf) return badRequest('Failed to parse body into Call protobuf');
      throw error;
    }
    const invalid = callError(unchecked, request.principal);
    if (invalid) return badRequest(`Failed to validate scheduler::Call: ${invalid}`);
    const call = unchecked as SchedulerCall;
    const streamId = [request.headers['mesos-stream-id']].flat().at(0);
    if (call.type === 'SUBSCRIBE' || call.type === 'RECONCILE_OPERATIONS') {
      const form = acceptedForm(request.headers.accept);
      if (typeof form !== 'string') return form;
      if (call.type === 'SUBSCRIBE') return this.#subscribe(call, streamId, form);
    }
    const framework = this.#parts.state.frameworks.get(call.framework_id?.value ?? '');
    const refused = subscriptionMismatch(framework, streamId);
    if (!framework || refused) return refused ?? badRequest('Framework cannot be found');
    return this.#perform(framework, call);
  }

  #subscribe(
    { subscribe }: Subscribe,
    streamId: string | undefined,
    form: typeof jsonType | typeof protobufType,
  ): Reply {
    if (streamId !== undefined) {
      return badRequest("Subscribe calls should not include the 'Mesos-Stream-Id' header");
    }
    const { frameworks } = this.#parts;
    const { framework_info: info, suppressed_roles: suppressed = [] } = subscribe;
    const newId = newStreamId();
    return {
      status: 200,
      headers: { 'Content-Type': form, 'Mesos-Stream-Id': newId },
      ...(form === protobufType
        ? { encode: (event) => this.#parts.state.codec.encode('scheduler.Event', event) }
        : {}),
      opened(stream) {
        const message = frameworks.subscriptionError(info, suppressed);
        if (message === undefined) {
          frameworks.subscribe(info, suppressed, newId, stream);
          return;
        }
        stream.send({ type: 'ERROR', error: { message } });
        stream.end();
      },
    };
  }

  #perform(framework: Framework, call: Exclude<SchedulerCall, Subscribe>): Answer {
    const { frameworks, offers, tasks, acceptance, state } = this.#parts;
    switch (call.type) {
      case 'TEARDOWN':
        frameworks.remove(framework);
        return accepted();
      case 'ACCEPT':
        acceptance.accept(framework, call.accept);
        return accepted();
      case 'DECLINE': {
        const ids = (call.decline.offer_ids ?? []).map(({ value }) => value);
        offers.decline(framework, ids, call.decline.filters?.refuse_seconds);
        return accepted();
      }
      case 'REVIVE':
        frameworks.revive(framework, call.revive?.roles);
        return accepted();
      case 'SUPPRESS':
        frameworks.suppress(framework, call.suppress?.roles);
        return accepted();
      case 'KILL':
        tasks.kill(framework, call.kill.task_id, call.kill.agent_id, call.kill.kill_policy);
        return accepted();
      case 'SHUTDOWN': {
        const { executor_id: executorId, agent_id: agentId } = call.shutdown;
        const agent = state.agents.get(agentId?.value ?? '');
        agent?.send({ type: 'shutdown-executor', frameworkId: framework.info.id, executorId });
        return accepted();
      }
      case 'ACKNOWLEDGE': {
        const { agent_id, task_id, uuid } = call.acknowledge;
        tasks.acknowledge(framework, agent_id.value, task_id, uuid);
        return accepted();
      }
      case 'RECONCILE':
        tasks.reconcile(framework, call.reconcile.tasks ?? []);
        return accepted();
      case 'UPDATE_FRAMEWORK': {
        const { framework_info: info, suppressed_roles: suppressed } = call.update_framework;
        const error = frameworks.update(framework, info, suppressed ?? []);
        return error ? badRequest(`FrameworkInfo update is not valid: ${error}`) : ok();
      }
      case 'MESSAGE': {
        const { agent_id: agentId, executor_id: executorId, data } = call.message;
        const agent = state.agents.get(agentId.value);
        agent?.send({ type: 'message', frameworkId: framework.info.id, executorId, data });
        return accepted();
      }
      case 'RECONCILE_OPERATIONS':
        for (const status of operationStatuses(state, call.reconcile_operations.operations ?? [])) {
          framework.send({ type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
        }
        return accepted();
      case 'REQUEST':
      case 'ACCEPT_INVERSE_OFFERS':
      case 'DECLINE_INVERSE_OFFERS':
      case 'ACKNOWLEDGE_OPERATION_STATUS':
        // What these are about (maintenance, operations with feedback) doesn't exist here: nothing to do.
        return accepted();
      default:
        return notImplemented();
    }
  }
}

function subscriptionMismatch(
  framework: Framework | undefined,
  streamId: string | undefined,
): Answer | undefined {
  if (!framework) return badRequest('Framework cannot be found');
  if (!framework.subscription) return text(403, 'Framework is not subscribed');
  if (streamId === undefined) {
    return badRequest("All non-subscribe calls should include the 'Mesos-Stream-Id' header");
  }
  if (streamId === framework.subscription.streamId) return undefined;
  return badRequest(
    `The stream ID '${streamId}' included in this request didn't match the stream ID currently associated with framework ID ${framework.id}`,
  );
}
