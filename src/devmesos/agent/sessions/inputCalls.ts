import type { IncomingMessage } from 'node:http';
import type { ContainerId } from '../../../mesos/types.ts';
import { RecordDecoder, RecordIOError } from '../../../mesos/recordio.ts';
import { messageOf } from '../../../host/errors.ts';
import type { OperatorCall } from '../../http/operatorEndpoint.ts';
import { recordioType } from '../../http/negotiation.ts';
import { badRequest, ok, text, type Answer } from '../../http/reply.ts';
import { NestedContainer } from './nestedContainer.ts';
import type { WindowSize } from './sessionCommand.ts';

/** Of a call that brings input: 64 KiB of it as base64, and what is around. */
const longestInput = 1024 * 1024;

interface AttachInput {
  readonly type?: 'UNKNOWN' | 'CONTAINER_ID' | 'PROCESS_IO';
  readonly container_id?: ContainerId;
  readonly process_io?: {
    readonly data?: { readonly type?: string; readonly data?: string };
    readonly control?: { readonly type?: string; readonly tty_info?: { readonly window_size?: WindowSize } };
  };
}

/**
 * ATTACH_CONTAINER_INPUT, a request that is a stream of calls: the container's id, then what is for it. `find` gives the
 * container, or why its input can't be had.
 */
export async function takeInput(
  stream: IncomingMessage,
  decode: (record: Buffer) => OperatorCall | string,
  find: (id: ContainerId) => NestedContainer | Answer,
): Promise<Answer> {
  const calls: (OperatorCall | string)[] = [];
  const decoder = new RecordDecoder((record) => calls.push(decode(record)), {
    maxLength: longestInput,
  });
  let container: NestedContainer | undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      decoder.push(chunk);
      for (const call of calls.splice(0)) {
        const input = inputOf(call);
        if ('status' in input) return input;
        if (container) {
          await give(input, container);
          continue;
        }
        const found = attachTo(input, find);
        if (!(found instanceof NestedContainer)) return found;
        container = found;
      }
    }
  } catch (error) {
    if (error instanceof RecordIOError) return badRequest(error.message);
    // The client has gone: a session ends with its output.
    return badRequest(messageOf(error));
  } finally {
    if (container) container.hasInput = false;
  }
  return container ? ok() : badRequest('Received EOF while reading request body');
}

function inputOf(call: OperatorCall | string): AttachInput | Answer {
  if (typeof call === 'string') return badRequest(call);
  if (call.type !== 'ATTACH_CONTAINER_INPUT')
    return text(415, `Streaming 'Content-Type' ${recordioType} is not supported for ${call.type} call`);
  return call.attach_container_input as AttachInput;
}

function attachTo(
  { type, container_id: id }: AttachInput,
  find: (id: ContainerId) => NestedContainer | Answer,
): NestedContainer | Answer {
  if (type !== 'CONTAINER_ID' || !id)
    return badRequest("Expecting 'attach_container_input.type' to be CONTAINER_ID");
  const found = find(id);
  if (!(found instanceof NestedContainer)) return found;
  if (found.hasInput) return text(409, 'Multiple input connections are not allowed');
  found.hasInput = true;
  return found;
}

async function give({ process_io: io = {} }: AttachInput, container: NestedContainer): Promise<void> {
  const size = io.control?.tty_info?.window_size;
  if (size) container.resize(size);
  if (io.data?.type === 'STDIN') await container.write(Buffer.from(io.data.data ?? '', 'base64'));
}
