import path from 'node:path';
import { startAgent, type RunningAgent } from '../../../../../src/devmesos/agent/start.ts';
import { agentDefaults, type AgentOptions } from '../../../../../src/devmesos/agent/options.ts';
import { parseAttributes, parseResources } from '../../../../../src/devmesos/flagValues.ts';
import type { MasterOptions } from '../../../../../src/devmesos/master/options.ts';
import { temporaryFolder } from '../../../../support/temporary.ts';
import { rawRequest } from '../../../../support/rawScheduler.ts';
import { until } from '../../../../support/until.ts';
import { TestMaster } from '../../support/testMaster.ts';
import { JumpingClock } from './jumpingClock.ts';
import { Silence } from './silence.ts';

/** Time is let go on faster than agents can answer: what they are given for that has to last. */
const patient = { agentPingTimeout: 3_600_000 };

/** A master, whose time stands still until it is told to go on, and real agents, whose time can jump, in this process. */
export class Cluster {
  master: TestMaster;
  readonly #options: Partial<MasterOptions>;
  readonly agents: RunningAgent[] = [];
  /** What stands between each agent and the master. */
  readonly links: Silence[] = [];
  readonly folder: string;
  readonly #agentTime = new JumpingClock();
  readonly #removeFolder: () => Promise<void>;

  private constructor(
    master: TestMaster,
    options: Partial<MasterOptions>,
    folder: string,
    removeFolder: () => Promise<void>,
  ) {
    this.master = master;
    this.#options = options;
    this.folder = folder;
    this.#removeFolder = removeFolder;
  }

  static async start(differing: Partial<MasterOptions> = {}): Promise<Cluster> {
    const options = { ...patient, ...differing };
    const folder = await temporaryFolder('conformance');
    return new Cluster(await TestMaster.start(options), options, folder.path, folder.remove);
  }

  get url(): string {
    return this.master.url;
  }

  /** Adds an agent as the recorded ones were, and waits until the master knows it. */
  async addAgent(
    resources = 'cpus:4;mem:4096;disk:4096;ports:[31000-31999]',
    attributes = '',
    options: Partial<AgentOptions> = {},
  ): Promise<RunningAgent> {
    const name = `agent${this.agents.length + 1}`;
    const link = await Silence.before(this.master.port);
    this.links.push(link);
    const agent = await startAgent(
      {
        ...agentDefaults,
        name,
        port: 0,
        advertiseIp: undefined,
        hostname: undefined,
        credentials: undefined,
        dockerSocket: undefined,
        terminalPython: undefined,
        master: link.url,
        secret: this.master.secret,
        workDir: path.join(this.folder, name, 'work'),
        resources: parseResources(resources),
        attributes: attributes === '' ? [] : parseAttributes(attributes),
        ...options,
      },
      () => undefined,
      this.#agentTime,
    );
    this.agents.push(agent);
    await agent.registered;
    return agent;
  }

  /** The master ends as if it were killed, and another one, which knows nothing, takes its place. */
  async replaceMaster(): Promise<void> {
    await this.master.close();
    this.master = await TestMaster.start(this.#options);
  }

  /** The agents find the new master. */
  async agentsReturn(): Promise<void> {
    for (const link of this.links) link.leadTo(this.master.port);
    const { url } = this;
    await until(
      async () => {
        this.advance(1000);
        const { body } = await rawRequest(`${url}/slaves`, 'GET');
        return (JSON.parse(body) as { slaves: unknown[] }).slaves.length === this.agents.length;
      },
      { what: 'the agents' },
    );
  }

  /** Lets so many milliseconds pass, for the master and for the agents. */
  advance(milliseconds: number): void {
    this.#agentTime.advance(milliseconds);
    this.master.clock.advance(milliseconds);
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.close()));
    await Promise.all(this.links.map((link) => link.close()));
    await this.master.close();
    await this.#removeFolder();
  }
}
