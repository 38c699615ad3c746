// Mesos' messages between their binary form and the objects that stand for them everywhere else: as in Mesos' JSON, with
// enums by name, bytes as base64 and numbers as numbers.
import protobuf from 'protobufjs/light.js';
import type { Type } from 'protobufjs/light.js';
import { executorMessages } from './executorMessages.ts';
import { mesosMessages } from './mesosMessages.ts';
import { inScope, readMessages } from './readMessages.ts';
import { schedulerMessages } from './schedulerMessages.ts';
import { textFormat } from './textFormat.ts';

/** What is sent by itself. */
export type Sent = 'scheduler.Call' | 'scheduler.Event' | 'executor.Call' | 'executor.Event';

/** What errors show. */
export type Shown = 'ExecutorInfo';

type Plain = Record<string, unknown>;

/** The bytes are no such message, or a required field is missing. */
export class BadProtobuf extends Error {}

/** Encodes and decodes. Made once, since it reads what all messages consist of. */
export class ProtobufCodec {
  readonly #root = protobuf.Root.fromJSON({
    nested: readMessages(mesosMessages + schedulerMessages + executorMessages),
  });

  /** Fields that the message does not have are left out. */
  encode(name: Sent, message: object): Uint8Array {
    const type = this.#type(name);
    return type.encode(type.fromObject(message)).finish();
  }

  /** Unknown fields, and values of enums that Mesos 1.11 does not know, are left out as it does. Throws BadProtobuf. */
  decode(name: Sent, bytes: Uint8Array): unknown {
    const type = this.#type(name);
    let plain: Plain;
    try {
      plain = type.toObject(type.decode(bytes), { enums: String, bytes: String, longs: Number });
    } catch (error) {
      throw new BadProtobuf(`no ${name}`, { cause: error });
    }
    leaveOutUnknown(plain, type);
    return plain;
  }

  /** In the text format, as errors show it. */
  text(name: Shown, message: object): string {
    return textFormat(this.#type(name), message as Plain);
  }

  #type(name: Sent | Shown): Type {
    return this.#root.lookupType(inScope(name));
  }
}

/** A value that an enum does not have is still a number. */
function leaveOutUnknown(plain: Plain, type: Type): void {
  for (const field of type.fieldsArray) {
    const value = plain[field.name];
    const of = field.resolve().resolvedType;
    if (value === undefined || of === null) continue;
    if (of instanceof protobuf.Enum) {
      if (Array.isArray(value)) plain[field.name] = value.filter((each) => typeof each !== 'number');
      else if (typeof value === 'number') Reflect.deleteProperty(plain, field.name);
      continue;
    }
    const held = field.map
      ? Object.values(value as Plain)
      : Array.isArray(value)
        ? (value as unknown[])
        : [value];
    for (const each of held) leaveOutUnknown(each as Plain, of);
  }
}
