import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Characters that a message may have; a peer that sends a longer one is cut off. */
const longestMessage = 64 * 1024 * 1024;

/** The sending end of a channel. */
export interface Sender<Sent> {
  send(message: Sent): void;
  close(): void;
  /** Closes it once all that was sent is on its way. */
  finish(): Promise<void>;
}

/** JSON messages over a connection, a line each. */
export class Channel<Received, Sent> implements Sender<Sent> {
  readonly #socket: Duplex;
  #isOpen = true;

  /** `onMessage` gets each message in order; `onClose` is called once, with the reason. */
  constructor(socket: Duplex, onMessage: (message: Received) => void, onClose: (reason: string) => void) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    let begun: string[] = [];
    let length = 0;
    socket.on('data', (chunk: Buffer) => {
      const [rest = '', ...lines] = decoder.write(chunk).split('\n').reverse();
      for (const line of lines.reverse()) {
        this.#deliver(begun.join('') + line, onMessage);
        begun = [];
        length = 0;
      }
      begun.push(rest);
      length += rest.length;
      if (length > longestMessage) this.#fail('a message is too long');
    });
    let reason = 'the connection was closed';
    socket.on('error', (error) => (reason = error.message));
    socket.once('close', () => {
      this.#isOpen = false;
      onClose(reason);
    });
    socket.once('end', () => socket.destroy());
  }

  send(message: Sent): void {
    if (this.#isOpen) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  async finish(): Promise<void> {
    this.#isOpen = false;
    await new Promise<void>((resolve) => {
      this.#socket.end(resolve);
    });
  }

  #deliver(line: string, onMessage: (message: Received) => void): void {
    if (!this.#isOpen) return;
    let message: Received;
    try {
      message = JSON.parse(line) as Received;
    } catch {
      this.#fail('a message is not JSON');
      return;
    }
    onMessage(message);
  }

  #fail(reason: string): void {
    this.#isOpen = false;
    this.#socket.destroy(new Error(reason));
  }
}
