import type { IncomingMessage, ServerResponse } from 'node:http';
import { logStreamType, type LogHeader } from '../../../src/api/logs.ts';

/** One record has so many bytes at most. */
const pieceBytes = 64 * 1024;

interface Stream {
  readonly response: ServerResponse;
  sent: number;
}

/** Logs that a test writes, followed as a service lets them be followed. */
export class FakeLogStreams {
  /** By `<task>/<file>`; the task as it was asked for. */
  readonly #texts = new Map<string, Buffer>();
  readonly #ended = new Set<string>();
  readonly #streams = new Map<string, Set<Stream>>();

  readonly #outputOf: (task: string) => { text: string; isOver: boolean } | undefined;

  /** `outputOf`: the standard output of a task that is written elsewhere; looked at again and again. */
  constructor(outputOf: (task: string) => { text: string; isOver: boolean } | undefined) {
    this.#outputOf = outputOf;
  }

  /** How many are followed now. */
  get followed(): number {
    return [...this.#streams.values()].reduce((sum, { size }) => sum + size, 0);
  }

  write(log: string, text: string): void {
    this.#texts.set(log, Buffer.concat([this.#texts.get(log) ?? Buffer.alloc(0), Buffer.from(text)]));
    this.#send(log);
  }

  /** As a service that goes away. */
  breakOff(): void {
    for (const streams of this.#streams.values()) for (const { response } of streams) response.destroy();
  }

  /** The task is over. */
  end(log: string): void {
    this.#ended.add(log);
    this.#send(log);
  }

  /** Answers `tasks/{task}/log/stream`; false where it is none of that. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, task] = /^\/v1\/tasks\/([^/]+)\/log\/stream$/.exec(url.pathname) ?? [];
    if (task === undefined) return false;
    const log = `${decodeURIComponent(task)}/${url.searchParams.get('file') ?? 'stdout'}`;
    const look = (): void => this.#look(task, log);
    look();
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const size = this.#texts.get(log)?.length ?? 0;
    const stream: Stream = { response, sent: offset < 0 ? Math.max(0, size + offset) : offset };
    const streams = this.#streams.get(log) ?? new Set();
    this.#streams.set(log, streams.add(stream));
    const looking = setInterval(look, 50);
    response.once('close', () => {
      clearInterval(looking);
      streams.delete(stream);
    });
    response.writeHead(200, { 'Content-Type': logStreamType });
    this.#send(log);
    return true;
  }

  #look(task: string, log: string): void {
    const output = log.endsWith('/stdout') ? this.#outputOf(decodeURIComponent(task)) : undefined;
    if (!output || (output.text === '' && !output.isOver)) return;
    const text = Buffer.from(output.text);
    const isSame = this.#texts.get(log)?.equals(text) ?? false;
    if (isSame && (!output.isOver || this.#ended.has(log))) return;
    this.#texts.set(log, text);
    if (output.isOver) this.#ended.add(log);
    this.#send(log);
  }

  #send(log: string): void {
    const text = this.#texts.get(log) ?? Buffer.alloc(0);
    for (const stream of this.#streams.get(log) ?? []) {
      while (stream.sent < text.length) {
        const data = text.subarray(stream.sent, stream.sent + pieceBytes);
        record(stream, { type: 'data', offset: stream.sent, size: text.length }, data);
        stream.sent += data.length;
      }
      if (this.#ended.has(log)) {
        record(stream, { type: 'ended' });
        stream.response.end();
      } else record(stream, { type: 'quiet', size: text.length });
    }
  }
}

function record({ response }: Stream, header: LogHeader, data: Uint8Array = Buffer.alloc(0)): void {
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  response.write(`${line.length + data.length}\n`);
  response.write(line);
  if (data.length > 0) response.write(data);
}
