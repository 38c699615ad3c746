import assert from 'node:assert/strict';
import type { OutputHandler } from '../../src/client/session.ts';
import { DapReader, framed, type DapMessage } from '../../src/extension/debug/frames.ts';

interface Waiter {
  readonly wants: (message: DapMessage) => boolean;
  readonly resolve: (message: DapMessage) => void;
  readonly reject: (error: Error) => void;
}

/** The way to the debug adapter: a session in a task's sandbox is one. */
export interface Line {
  onOutput(handler: OutputHandler): void;
  write(data: Uint8Array): Promise<void>;
  close(): void;
  readonly exit: Promise<{ readonly status: number }>;
}

export interface Frame {
  readonly id: number;
  readonly line: number;
  readonly source?: { readonly path?: string };
}

const limitMs = 120_000;

/** A debugger that speaks the Debug Adapter Protocol, as the editor does. */
export class Debugger {
  readonly #session: Line;
  readonly #seen: DapMessage[] = [];
  readonly #waiters = new Set<Waiter>();
  #sequence = 0;
  #words = '';
  #ended: string | undefined;

  constructor(session: Line) {
    this.#session = session;
    const reader = new DapReader((message) => this.#came(message));
    session.onOutput((stream, data) => {
      if (stream === 'stdout') reader.push(data);
      else this.#words += data.toString();
    });
    session.exit.then(
      ({ status }) => this.#end(`the relay ended with ${status}: ${this.#words}`),
      (error: unknown) => this.#end(String(error)),
    );
  }

  /** What the copy printed, as far as it came. */
  get output(): string {
    return this.#seen
      .filter(({ event }) => event === 'output')
      .map(({ body }) => (body as { output?: string }).output ?? '')
      .join('');
  }

  async ask(command: string, args: object = {}): Promise<Record<string, unknown>> {
    const seq = this.#send(command, args);
    const answer = await this.#next(command, (message) => message.request_seq === seq);
    assert.equal(answer.success, true, JSON.stringify(answer));
    return (answer.body ?? {}) as Record<string, unknown>;
  }

  async event(name: string): Promise<Record<string, unknown>> {
    const { body } = await this.#next(name, ({ event }) => event === name);
    return (body ?? {}) as Record<string, unknown>;
  }

  /** Attaches with breakpoints in one file. */
  async attach(file: string, lines: readonly number[], args: object = {}): Promise<void> {
    await this.ask('initialize', { adapterID: 'debugpy', pathFormat: 'path', linesStartAt1: true });
    // Answered only once it is configured.
    this.#send('attach', { justMyCode: true, redirectOutput: true, ...args });
    await this.event('initialized');
    const breakpoints = lines.map((line) => ({ line }));
    await this.ask('setBreakpoints', { source: { path: file }, breakpoints });
    await this.ask('configurationDone');
  }

  /** Waits for a stop, and gives the innermost frame there. */
  async stopped(): Promise<{ threadId: number; frame: Frame }> {
    const { threadId } = (await this.event('stopped')) as { threadId: number };
    const { stackFrames } = (await this.ask('stackTrace', { threadId })) as { stackFrames: Frame[] };
    const [frame] = stackFrames;
    assert.ok(frame);
    return { threadId, frame };
  }

  async evaluate(expression: string, frame: Frame): Promise<unknown> {
    return (await this.ask('evaluate', { expression, frameId: frame.id, context: 'repl' })).result;
  }

  /** As where the editor dies. */
  close(): void {
    this.#session.close();
  }

  #send(command: string, args: object): number {
    this.#sequence += 1;
    const request = { seq: this.#sequence, type: 'request', command, arguments: args };
    void this.#session.write(framed(request));
    return this.#sequence;
  }

  #came(message: DapMessage): void {
    for (const waiter of this.#waiters) {
      if (!waiter.wants(message)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(message);
      return;
    }
    this.#seen.push(message);
  }

  #next(what: string, wants: Waiter['wants']): Promise<DapMessage> {
    const index = this.#seen.findIndex(wants);
    const [found] = index < 0 ? [] : this.#seen.splice(index, 1);
    if (found) return Promise.resolve(found);
    const told = (why: string): Error =>
      new Error(`${what} did not come: ${why}\n${this.output.slice(-4000)}`);
    if (this.#ended !== undefined) return Promise.reject(told(this.#ended));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(told(`nothing within ${limitMs} ms`));
      }, limitMs);
      const waiter: Waiter = {
        wants,
        resolve: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(told(error.message));
        },
      };
      this.#waiters.add(waiter);
    });
  }

  #end(why: string): void {
    this.#ended = why;
    for (const waiter of this.#waiters) waiter.reject(new Error(why));
    this.#waiters.clear();
  }
}
