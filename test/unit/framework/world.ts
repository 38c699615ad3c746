import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Framework } from '../../../src/framework/framework.ts';
import { openStore } from '../../../src/framework/store.ts';
import type { Store } from '../../../src/framework/store.ts';
import type {
  FrameworkOptions,
  JudgeCaller,
  Launcher,
  NewRequest,
  Notice,
  TaskEvent,
} from '../../../src/framework/types.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { FakeClock, MortalClock, settle } from './fakeClock.ts';
import { FakeMaster } from './fakeMaster.ts';
import type { FakeDriver } from './fakeMaster.ts';

export const deployment = '5d2f7f0c-1111-4222-8333-444455556666';

export const launcher: Launcher = ({ request, ticket }) => ({
  name: `${request.key.dag_id}.${request.key.task_id}`,
  command: {
    shell: false,
    value: '/bin/true',
    environment: { variables: [{ name: 'TICKET', value: ticket }] },
  },
});

export function newRequest(task_id: string, more: Partial<NewRequest> = {}): NewRequest {
  return {
    id: randomUUID(),
    key: { dag_id: 'dag', run_id: 'run', task_id, map_index: -1, try_number: 1 },
    workload: { token: `secret of ${task_id}` },
    resources: { cpus: 1, mem: 100 },
    ...more,
  };
}

export interface WorldParts {
  options?: FrameworkOptions;
  open?: (file: string) => Store;
  launcher?: Launcher;
  judgeCaller?: JudgeCaller;
}

/** A framework on a file, before a fake master; `restart` is a new process on the same file. */
export class World {
  readonly clock = new FakeClock();
  readonly master = new FakeMaster();
  readonly notices: Notice[] = [];
  readonly file: string;
  readonly #remove: () => Promise<void>;
  readonly #parts: WorldParts;
  #process: MortalClock;
  #store: Store;
  #framework: Framework;
  #drivers: FakeDriver[] = [];
  #closed = false;

  static async make(parts: WorldParts = {}): Promise<World> {
    const folder = await temporaryFolder('framework');
    return new World(path.join(folder.path, 'store.sqlite'), folder.remove, parts);
  }

  private constructor(file: string, remove: () => Promise<void>, parts: WorldParts) {
    this.file = file;
    this.#remove = remove;
    this.#parts = parts;
    this.#process = new MortalClock(this.clock);
    this.#store = this.#open();
    this.#framework = this.#make();
  }

  get framework(): Framework {
    return this.#framework;
  }

  get store(): Store {
    return this.#store;
  }

  get driver(): FakeDriver {
    const driver = this.#drivers.at(-1);
    if (!driver) throw new Error('The framework has not connected.');
    return driver;
  }

  async start(): Promise<void> {
    this.#framework.start();
    await settle();
  }

  /** SIGKILL: no code of it runs any more. */
  kill(): void {
    this.#process.die();
    for (const driver of this.#drivers) driver.die();
  }

  /** Ends the process, and its hold on the file with it. */
  async close(): Promise<void> {
    this.kill();
    await settle();
    if (!this.#closed) this.#store.close();
    this.#closed = true;
  }

  async restart(): Promise<void> {
    await this.close();
    this.#process = new MortalClock(this.clock);
    this.#store = this.#open();
    this.#drivers = [];
    this.#closed = false;
    this.#framework = this.#make();
    await this.start();
  }

  async remove(): Promise<void> {
    await this.close();
    await this.#remove();
  }

  // Short ways

  async submit(...requests: NewRequest[]): Promise<void> {
    const { accepted } = await this.#framework.submit(deployment, requests);
    if (accepted.length !== requests.length) throw new Error('A request was refused.');
    await settle();
  }

  async offer(split = false): Promise<void> {
    this.master.offer(split);
    await settle();
  }

  async report(...args: Parameters<FakeMaster['report']>): Promise<void> {
    this.master.report(...args);
    await settle();
  }

  /** What the task's first process would find in its environment. */
  ticketOf(mesosTaskId: string): string {
    const task = this.master.tasks.get(mesosTaskId);
    const ticket = task?.info.command?.environment?.variables?.find(({ name }) => name === 'TICKET')?.value;
    if (ticket === undefined) throw new Error(`${mesosTaskId} has no ticket.`);
    return ticket;
  }

  state(id: string): string | undefined {
    return this.#framework.task(id)?.task.state;
  }

  /** Every event of the deployment since the beginning. */
  events(): TaskEvent[] {
    const all: TaskEvent[] = [];
    let cursor = `${this.#store.epoch}:0`;
    for (;;) {
      const page = this.#framework.events(deployment, cursor, 100);
      if (page.events.length === 0) return all;
      all.push(...page.events);
      cursor = page.cursor;
    }
  }

  /** The states told of one request, in order. */
  told(id: string): string[] {
    return this.events()
      .filter((event) => event.id === id)
      .map(({ state }) => state);
  }

  #open(): Store {
    return this.#parts.open?.(this.file) ?? openStore(this.file, randomUUID);
  }

  #make(): Framework {
    const framework = new Framework({
      connect: (id) => {
        const driver = this.master.connect(id);
        this.#drivers.push(driver);
        return driver;
      },
      store: this.#store,
      clock: this.#process,
      launcher: this.#parts.launcher ?? launcher,
      log: () => undefined,
      ...(this.#parts.options && { options: this.#parts.options }),
      ...(this.#parts.judgeCaller && { judgeCaller: this.#parts.judgeCaller }),
    });
    framework.on('notice', (notice) => this.notices.push(notice));
    return framework;
  }
}
