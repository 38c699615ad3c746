import { startMaster, type RunningMaster } from '../../../../src/devmesos/master/master.ts';
import { masterDefaults, type MasterOptions } from '../../../../src/devmesos/master/options.ts';
import { FakeAgent } from './fakeAgent.ts';
import { FakeClock } from './fakeClock.ts';

/** A master in this process, with a clock of its own and agents that run nothing. */
export class TestMaster {
  readonly clock = new FakeClock();
  readonly secret = 'between master and agents';
  readonly #master: RunningMaster;
  readonly #agents: FakeAgent[] = [];

  private constructor(master: RunningMaster, clock: FakeClock) {
    this.#master = master;
    this.clock = clock;
  }

  static async start(options: Partial<MasterOptions> = {}): Promise<TestMaster> {
    const clock = new FakeClock();
    const secret = 'between master and agents';
    const master = await startMaster(
      { ...masterDefaults, port: 0, secret, ...options },
      () => undefined,
      clock,
    );
    return new TestMaster(master, clock);
  }

  get url(): string {
    return this.#master.url;
  }

  get port(): number {
    return this.#master.port;
  }

  async addAgent(options: Parameters<typeof FakeAgent.register>[2] = {}): Promise<FakeAgent> {
    const agent = await FakeAgent.register(this.url, this.secret, options);
    this.#agents.push(agent);
    return agent;
  }

  async close(): Promise<void> {
    for (const agent of this.#agents) agent.disconnect();
    await this.#master.close();
  }
}
