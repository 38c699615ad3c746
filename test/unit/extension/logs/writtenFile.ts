import type { LogEvent } from '../../../../src/api/logs.ts';

/** A file that a test writes, followed as a service lets it be followed. */
export class WrittenFile {
  bytes = Buffer.alloc(0);
  isOver = false;
  /** Connections break while it is set. */
  trouble: Error | undefined;
  /** How many follow it now. */
  followed = 0;
  /** Where connections began, and whether nothing was to be skipped. */
  readonly connections: { readonly offset: number; readonly whole: boolean }[] = [];
  #notes: { readonly after: number; readonly event: LogEvent }[] = [];
  #wake: () => void = () => undefined;
  #change = new Promise<void>((resolve) => (this.#wake = resolve));

  write(text: string): void {
    this.bytes = Buffer.concat([this.bytes, Buffer.from(text)]);
    this.changed();
  }

  /** Says something of the file, behind what is written by now. */
  note(event: LogEvent): void {
    this.#notes.push({ after: this.bytes.length, event });
    this.changed();
  }

  /** As a file that was rotated, or emptied. */
  empty(event: LogEvent): void {
    this.#notes.push({ after: 0, event });
    this.bytes = Buffer.alloc(0);
    this.changed();
  }

  end(): void {
    this.isOver = true;
    this.changed();
  }

  changed(): void {
    const wake = this.#wake;
    this.#change = new Promise<void>((resolve) => (this.#wake = resolve));
    wake();
  }

  async *follow(
    offset: number,
    signal: AbortSignal,
    whole = false,
    pieceBytes = Infinity,
  ): AsyncGenerator<LogEvent, void, undefined> {
    this.connections.push({ offset, whole });
    this.followed += 1;
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    try {
      let at = offset < 0 ? Math.max(0, this.bytes.length + offset) : offset;
      while (!signal.aborted) {
        const change = this.#change;
        if (this.trouble) throw this.trouble;
        const [said] = this.#notes;
        if (said && said.after <= at) {
          this.#notes.shift();
          yield said.event;
          if (said.event.type === 'note' && /rotated|began-anew/.test(said.event.note)) at = 0;
          continue;
        }
        const data = this.bytes.subarray(at, at + pieceBytes);
        const size = this.bytes.length;
        if (data.length > 0) {
          yield { type: 'data', offset: at, size, data };
          at += data.length;
          continue;
        }
        yield { type: 'quiet', size };
        if (this.isOver) {
          yield { type: 'ended' };
          return;
        }
        if (this.bytes.length <= at) await Promise.race([change, aborted]);
      }
    } finally {
      this.followed -= 1;
    }
  }
}

/** Numbered lines, each of so many characters with its line feed. */
export function numbered(from: number, to: number, length = 20): string {
  return Array.from({ length: to - from }, (_, index) => {
    return `${`line ${from + index} `.padEnd(length - 1, '.')}\n`;
  }).join('');
}
