import type { AttemptRecord } from '../../../../src/framework/types.ts';
import type { LogEvent } from '../../../../src/api/logs.ts';
import { AgentAway } from '../../../../src/service/agentAway.ts';
import {
  FileFollower,
  type FileEvent,
  type FollowedFile,
  type FollowerOptions,
} from '../../../../src/service/logs/follower.ts';
import type { KeptFile } from '../../../../src/service/logs/kept/format.ts';

/** Times of a test: a follower in a hurry. Milliseconds. */
export const hurry = { least: 2, most: 10, patience: 30, absence: 60, settle: 4, behind: 10 };

export function attempt(more: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    mesos_task_id: 'r1.1',
    request_id: 'r1',
    attempt: 1,
    agent_id: 'S0',
    agent: 'agent-1',
    agent_address: '127.0.0.1:5051',
    framework_id: 'F0',
    executor_id: 'r1.1',
    container_id: null,
    state: 'TASK_RUNNING',
    ended: null,
    reason: null,
    source: null,
    message: null,
    launched: 1,
    redeemed: null,
    ...more,
  };
}

/** An agent with one sandbox, whose files a test changes as it likes; at most 64 KiB at a time, as Mesos gives. */
export class FakeAgent implements FollowedFile {
  readonly files = new Map<string, Buffer>();
  sandbox = true;
  away: 'known' | 'unknown' | undefined;
  ended: number | undefined;
  keptFile: KeptFile | undefined;
  reads = 0;
  /** Called before each read: what happens in mid-read. */
  onRead: (file: string, offset: number) => void | Promise<void> = () => undefined;

  path(): Promise<string> {
    return Promise.resolve('stdout');
  }

  async read(
    file: string,
    offset: number,
    length: number,
  ): Promise<{ data: Buffer; size: number } | undefined> {
    this.reads += 1;
    await this.onRead(file, offset);
    this.#check();
    const content = this.files.get(file);
    if (!content) return undefined;
    return { data: content.subarray(offset, offset + Math.min(length, 65_536)), size: content.length };
  }

  list(folder: string): Promise<{ path: string; size: number }[] | undefined> {
    this.#check();
    if (!this.sandbox || folder !== '') return Promise.resolve(undefined);
    return Promise.resolve([...this.files].map(([path, { length: size }]) => ({ path, size })));
  }

  over(): number | undefined {
    return this.ended === undefined ? undefined : performance.now() - this.ended;
  }

  kept(): Promise<KeptFile | undefined> {
    return Promise.resolve(this.keptFile);
  }

  write(text: string | Buffer, file = 'stdout'): void {
    this.files.set(file, Buffer.concat([this.files.get(file) ?? Buffer.alloc(0), Buffer.from(text)]));
  }

  end(): void {
    this.ended = performance.now();
  }

  #check(): void {
    if (this.away !== undefined) throw new AgentAway(attempt(), this.away === 'known', 'no connection');
  }
}

/** What a follower says, as it comes. */
export class Heard {
  readonly events: FileEvent[] = [];
  readonly #events: AsyncGenerator<FileEvent, void, undefined>;

  constructor(agent: FollowedFile, options: Partial<FollowerOptions> = {}) {
    const signal = options.signal ?? new AbortController().signal;
    this.#events = new FileFollower(agent, {
      ...{ offset: 0, whole: false, pace: hurry },
      ...options,
      signal,
    }).events();
  }

  /** Until an event of which this is so; or, without, to its end. */
  async until(isIt: (event: FileEvent, heard: this) => boolean = () => false): Promise<void> {
    for (;;) {
      const next = await this.#events.next();
      if (next.done) return;
      this.events.push(next.value);
      if (isIt(next.value, this)) return;
    }
  }

  get text(): string {
    return Buffer.concat(this.#data.map(({ data }) => data)).toString();
  }

  get notes(): string[] {
    return this.events.flatMap((event) => (event.type === 'note' ? [event.note] : []));
  }

  get #data(): Extract<LogEvent, { type: 'data' }>[] {
    return this.events.filter((event) => event.type === 'data');
  }

  /** Each run of bytes that belong together, by its offset. */
  get offsets(): number[] {
    return this.#data.map(({ offset }) => offset);
  }
}

export const quiet = (event: FileEvent): boolean => event.type === 'quiet';
export const noted =
  (kind: string) =>
  (event: FileEvent): boolean =>
    event.type === 'note' && event.note === kind;
