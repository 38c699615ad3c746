/** One server-sent event. */
export interface ServerSentEvent {
  readonly id: string;
  readonly data: string;
}

/**
 * Reads the text of an event stream (WHATWG HTML, 9.2.6 "Interpreting an event stream"), however it is cut into pieces:
 * within a line, between CR and LF, within a character.
 */
export class EventParser {
  readonly #decoder = new TextDecoder('utf-8');
  #rest = '';
  #id = '';
  #data: string[] = [];

  push(bytes: Uint8Array): ServerSentEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events: ServerSentEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (!end) return events;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      const event = this.#line(line);
      if (event) events.push(event);
    }
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === '') {
      const data = this.#data.join('\n');
      const any = this.#data.length > 0;
      this.#data = [];
      return any ? { id: this.#id, data } : undefined;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    if (field === 'id') this.#id = value;
    return undefined;
  }
}
