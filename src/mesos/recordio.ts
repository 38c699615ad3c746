// RecordIO, the framing of Mesos's event streams: a record's length in decimal, a newline, the record's bytes, and
// at once the next length. Chunks of the transport mean nothing to it: a chunk may hold many records, a part of one, or end
// within a length or within a character. Source: docs/recordio.md and 3rdparty/stout/…/recordio.hpp of Apache Mesos 1.11.

/** What the decoder can't read: the stream is to be given up. */
export class RecordIOError extends Error {}

/** Where a record's length should be, there is something else. The stream is lost: no later record can be found. */
export class BadRecordLengthError extends RecordIOError {
  /** What was found instead of a length: at most its first 40 bytes, as text. */
  readonly found: string;

  constructor(found: string) {
    super(`RecordIO: expected the length of a record, found ${JSON.stringify(found)}`);
    this.name = 'BadRecordLengthError';
    this.found = found;
  }
}

/** A record announced itself as longer than the decoder was told to take. The stream can't be read on. */
export class RecordTooLongError extends RecordIOError {
  /** Bytes. */
  readonly length: number;
  /** Bytes. */
  readonly maxLength: number;

  constructor(length: number, maxLength: number) {
    super(`RecordIO: a record of ${length} bytes is longer than the ${maxLength} allowed`);
    this.name = 'RecordTooLongError';
    this.length = length;
    this.maxLength = maxLength;
  }
}

/** The stream ended within a record. */
export class TruncatedRecordError extends RecordIOError {
  /** Bytes announced; undefined where the stream ended within the length itself. */
  readonly expected: number | undefined;
  /** Bytes of the record that came. */
  readonly received: number;

  constructor(expected: number | undefined, received: number) {
    super(
      expected === undefined
        ? "RecordIO: the stream ended within a record's length"
        : `RecordIO: the stream ended after ${received} of the ${expected} bytes of a record`,
    );
    this.name = 'TruncatedRecordError';
    this.expected = expected;
    this.received = received;
  }
}

export interface RecordDecoderOptions {
  /** Bytes that one record may have; default 64 MiB. A longer one is refused before any of it is kept. */
  maxLength?: number;
}

const defaultMaxLength = 64 * 1024 * 1024;
/** Mesos reads the length as a 64-bit number, which has at most 20 digits. */
const maxDigits = 20;
/** Room for a record that spans chunks grows from here by doubling, so that an announced length alone costs nothing. */
const firstRoom = 1024 * 1024;
const newline = 0x0a;
const zero = 0x30;

/**
 * Takes a stream's bytes as they come and hands on each record as soon as its last byte is there.
 *
 * Linear in the bytes: a record within one chunk is not copied, one that spans chunks is copied into room that
 * doubles. After an error each further call throws the same error.
 */
export class RecordDecoder {
  readonly #onRecord: (record: Buffer) => void;
  readonly #maxLength: number;
  #failure: Error | undefined;
  /** Of the length being read. */
  #digits = 0;
  /** The length so far; of the record being read once `#inBody`. */
  #length = 0;
  #inBody = false;
  /** The part of a record that earlier chunks brought. */
  #room = Buffer.alloc(0);
  #received = 0;

  /**
   * @param onRecord is called with each record, in order. The bytes may be a view of the chunk that was pushed:
   *   whoever keeps them copies them. What it throws comes out of `push`, and the rest of that chunk is lost.
   */
  constructor(onRecord: (record: Buffer) => void, options: RecordDecoderOptions = {}) {
    this.#onRecord = onRecord;
    this.#maxLength = options.maxLength ?? defaultMaxLength;
  }

  /**
   * Takes the next bytes of the stream.
   * @throws BadRecordLengthError, RecordTooLongError; the records before the fault have been handed on.
   */
  push(chunk: Uint8Array): void {
    if (this.#failure) throw this.#failure;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length) {
      at = this.#inBody ? this.#readBody(bytes, at) : this.#readLength(bytes, at);
    }
  }

  /**
   * To be called at the stream's end.
   * @throws TruncatedRecordError if it ended within a record.
   */
  end(): void {
    if (this.#failure) throw this.#failure;
    if (this.#inBody) throw this.#fail(new TruncatedRecordError(this.#length, this.#received));
    if (this.#digits > 0) throw this.#fail(new TruncatedRecordError(undefined, 0));
  }

  #fail(error: Error): Error {
    this.#failure = error;
    this.#room = Buffer.alloc(0);
    return error;
  }

  #readLength(bytes: Buffer, start: number): number {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const digit = byte - zero;
      if (digit >= 0 && digit <= 9 && this.#digits < maxDigits) {
        this.#length = this.#length * 10 + digit;
        this.#digits++;
      } else if (byte === newline && this.#digits > 0) {
        this.#beginBody();
        return at + 1;
      } else {
        throw this.#fail(new BadRecordLengthError(bytes.toString('utf8', at, at + 40)));
      }
    }
    return bytes.length;
  }

  #beginBody(): void {
    if (this.#length > this.#maxLength)
      throw this.#fail(new RecordTooLongError(this.#length, this.#maxLength));
    this.#received = 0;
    this.#inBody = true;
    // No byte will come to complete an empty record: it is complete now.
    if (this.#length === 0) this.#deliver(Buffer.alloc(0));
  }

  #readBody(bytes: Buffer, start: number): number {
    const end = Math.min(bytes.length, start + this.#length - this.#received);
    const part = bytes.subarray(start, end);
    if (part.length === this.#length) {
      this.#deliver(part);
      return end;
    }
    this.#makeRoom(this.#received + part.length);
    this.#room.set(part, this.#received);
    this.#received += part.length;
    if (this.#received === this.#length) this.#deliver(this.#room.subarray(0, this.#length));
    return end;
  }

  #makeRoom(needed: number): void {
    if (this.#room.length >= needed) return;
    const size = Math.min(this.#length, Math.max(needed, firstRoom, this.#room.length * 2));
    const room = Buffer.allocUnsafe(size);
    room.set(this.#room.subarray(0, this.#received));
    this.#room = room;
  }

  #deliver(record: Buffer): void {
    this.#inBody = false;
    this.#digits = 0;
    this.#length = 0;
    this.#room = Buffer.alloc(0);
    this.#onRecord(record);
  }
}

/** A record framed for the stream. */
export function encodeRecord(record: string | Uint8Array): Buffer {
  const length = typeof record === 'string' ? Buffer.byteLength(record) : record.byteLength;
  const head = Buffer.from(`${length}\n`);
  const framed = Buffer.allocUnsafe(head.length + length);
  framed.set(head);
  if (typeof record === 'string') framed.write(record, head.length);
  else framed.set(record, head.length);
  return framed;
}
