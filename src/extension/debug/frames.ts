/** A message of the Debug Adapter Protocol. */
export interface DapMessage {
  readonly type: string;
  readonly seq: number;
  readonly [name: string]: unknown;
}

const headEnd = Buffer.from('\r\n\r\n');
/** No message comes near it; a header that claims more is none. */
const longest = 256 * 1024 * 1024;

/** A message as it is sent: `Content-Length: N`, an empty line, and N bytes of JSON. */
export function framed(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** Reads messages of a stream whose pieces are cut anywhere. */
export class DapReader {
  readonly #onMessage: (message: DapMessage) => void;
  #pieces: Buffer[] = [];
  #size = 0;
  /** Of the message whose head was read. */
  #wanted: number | undefined;

  constructor(onMessage: (message: DapMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** Throws where it is another protocol. */
  push(data: Buffer): void {
    this.#pieces.push(data);
    this.#size += data.length;
    for (;;) {
      if (this.#wanted === undefined && !this.#readHead()) return;
      const length = this.#wanted ?? 0;
      if (this.#size < length) return;
      const all = this.#joined();
      this.#rest(all.subarray(length));
      this.#wanted = undefined;
      this.#onMessage(JSON.parse(all.subarray(0, length).toString()) as DapMessage);
    }
  }

  #readHead(): boolean {
    const all = this.#joined();
    const end = all.indexOf(headEnd);
    if (end < 0) {
      if (all.length > 4096) throw new Error('what came is not the Debug Adapter Protocol');
      return false;
    }
    const length = /^content-length: *(\d+) *$/im.exec(all.subarray(0, end).toString('latin1'))?.[1];
    if (length === undefined || Number(length) > longest) {
      throw new Error('what came is not the Debug Adapter Protocol');
    }
    this.#wanted = Number(length);
    this.#rest(all.subarray(end + headEnd.length));
    return true;
  }

  #joined(): Buffer {
    const [first, ...more] = this.#pieces;
    const all = first && more.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }

  #rest(data: Buffer): void {
    this.#pieces = [data];
    this.#size = data.length;
  }
}
