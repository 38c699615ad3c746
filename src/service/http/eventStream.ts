import type { ServerResponse } from 'node:http';

/** A client that has this much waiting does not read: it is dropped, and finds a fresh snapshot when it comes back. */
const mostUnread = 8 * 1024 * 1024;
const keepAliveMs = 15_000;

/** Server-sent events to one client. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;

  constructor(response: ServerResponse, onClose: () => void) {
    this.#response = response;
    response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'keep-alive' });
    response.socket?.setNoDelay(true);
    // The client's first reconnection after a drop waits this long.
    response.write('retry: 500\n\n');
    this.#keepAlive = setInterval(() => this.#write(': alive\n\n'), keepAliveMs);
    response.once('close', () => {
      clearInterval(this.#keepAlive);
      onClose();
    });
  }

  /** `data`: one line of JSON. */
  send(id: string, data: string): void {
    this.#write(`id: ${id}\ndata: ${data}\n\n`);
  }

  close(): void {
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    if (this.#response.writableLength > mostUnread) {
      this.#response.destroy();
      return;
    }
    this.#response.write(text);
  }
}
