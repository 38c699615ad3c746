import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Characters that a message may have; a peer that sends a longer one is cut off. */
const longestMessage = 64 * 1024 * 1024;

/** JSON messages over a connection, a line each. */
export class Channel<Received, Sent> {
  readonly #socket: Duplex;
  #isOpen = true;

  /** `onMessage` gets each message in order; `onClose` is called once, with the reason. */
  constructor(socket: Duplex, onMessage: (message: Received) => void, onClose: (reason: string) => void) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    let line = '';
    socket.on('data', (chunk: Buffer) => {
      line += decoder.write(chunk);
      if (!line.includes('\n')) {
        if (line.length > longestMessage) this.#fail('a message is too long');
        return;
      }
      const lines = line.split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) {
        if (!this.#isOpen) return;
        let message: Received;
        try {
          message = JSON.parse(each) as Received;
        } catch {
          this.#fail('a message is not JSON');
          return;
        }
        onMessage(message);
      }
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

  /** Closes it once all that was sent is on its way. */
  async finish(): Promise<void> {
    this.#isOpen = false;
    await new Promise<void>((resolve) => {
      this.#socket.end(resolve);
    });
  }

  #fail(reason: string): void {
    this.#isOpen = false;
    this.#socket.destroy(new Error(reason));
  }
}
