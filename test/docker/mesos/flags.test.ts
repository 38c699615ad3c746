import assert from 'node:assert/strict';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { lastLogLines } from '../../../src/docker/logs.ts';
import type { ApacheChoice } from '../../../src/engines/docker/mesos/choice.ts';
import { mesosContainers } from '../../../src/engines/docker/mesos/containers.ts';
import type { MesosContainerPlan } from '../../../src/engines/docker/mesos/plan.ts';
import { until } from '../../support/until.ts';
import { ensureStandIns, standIns } from '../support/apacheMesos/standIns.ts';
import { dagsFolder, login, MesosContainers } from '../support/mesosContainers.ts';

const choice: ApacheChoice = {
  distribution: 'apache',
  preset: 'mesosphere',
  layout: 'separate',
  images: { master: standIns.master, agent: standIns.agent },
  why: '',
  limits: [],
  platform: undefined,
};

describe("Apache's images", () => {
  const never = new AbortController().signal;
  let engine: DockerEngine;
  let mesos: MesosContainers;

  before(async function () {
    this.timeout(600_000);
    engine = await findDocker({ env: process.env, signal: never });
    await ensureStandIns(engine);
  });

  beforeEach(async () => {
    mesos = await MesosContainers.make(engine);
  });

  afterEach(async () => {
    await mesos.remove();
  });

  function plans(which = choice): MesosContainerPlan[] {
    const agent = { name: 'agent-1', cpus: 1, mem: 512, disk: 1024, workDir: '/var/lib/mesos' };
    return mesosContainers(which, {
      cluster: mesos.cluster,
      masterImage: which.images.master,
      agentImage: which.images.agent,
      agents: [agent],
      tasks: 'agent',
      dags: dagsFolder,
    });
  }

  /** Starts a container that must not stay up; what it printed. */
  async function refused(plan: MesosContainerPlan): Promise<string> {
    const container = await mesos.create(plan);
    await container.update({ RestartPolicy: { Name: 'no' } });
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    assert.notEqual(StatusCode, 0);
    return (await lastLogLines(container, 20)).join('\n');
  }

  const master = (more: Partial<MesosContainerPlan> = {}): MesosContainerPlan => ({
    ...plans()[0]!,
    ...more,
  });
  /** Without our script before it, which the agent's own image does not have. */
  const agent = (more: Partial<MesosContainerPlan> = {}): MesosContainerPlan => {
    const [, plan] = plans();
    return { ...plan!, entrypoint: ['mesos-slave'], command: [], ...more };
  };

  it('start a master with our flags, which is healthy for all and shows itself to those with the login', async () => {
    await mesos.start(master());
    const url = await mesos.masterUrl();
    await until(async () => (await fetch(`${url}/health`)).status === 200, { what: 'a healthy master' });
    assert.equal((await fetch(`${url}/state`)).status, 401);
    const authorization = `Basic ${Buffer.from(`${login.principal}:${login.secret}`).toString('base64')}`;
    const state = await fetch(`${url}/state`, { headers: { authorization } });
    assert.equal(((await state.json()) as { hostname: string }).hostname, 'mesos-master');
    const found = await mesos.run('mesos-master', ['ls', '/var/lib/mesos-master']);
    assert.equal(found.output, 'replicated_log');
  });

  it('refuse a flag that Mesos does not have', async () => {
    const log = await refused(master({ command: ['--work_directory=/var/lib/mesos-master'] }));
    assert.match(log, /^Failed to load unknown flag 'work_directory'$/m);
  });

  it('refuse a variable that Mesos does not have, and a value that it cannot read', async () => {
    const { env } = master();
    assert.match(await refused(master({ env: { ...env, MESOS_NOSUCH: '1' } })), /MESOS_NOSUCH is no flag/);
    await mesos.remove();
    mesos = await MesosContainers.make(engine);
    const log = await refused(master({ env: { ...env, MESOS_AUTHENTICATE_AGENTS: 'perhaps' } }));
    assert.match(log, /Failed to load flag 'authenticate_agents'.*Expecting a boolean/);
  });

  for (const [title, without, expected] of [
    ['no folder for its registry', ['MESOS_WORK_DIR'], /--work_dir needed for replicated log based registry/],
    [
      'no way to know frameworks',
      ['MESOS_HTTP_FRAMEWORK_AUTHENTICATORS'],
      /Missing `--http_framework_authent/,
    ],
    ['a login that nobody knows', ['MESOS_CREDENTIALS'], /No credentials provided for the default 'basic'/],
  ] as const) {
    it(`refuse a master with ${title}`, async () => {
      const env = Object.fromEntries(
        Object.entries(master().env).filter(([name]) => !(without as readonly string[]).includes(name)),
      );
      assert.match(await refused(master({ env })), expected);
    });
  }

  it('refuse an agent that would make control groups, which a container may not', async () => {
    const env = { ...agent().env, MESOS_LAUNCHER: 'linux' };
    assert.match(
      await refused(agent({ env })),
      /Failed to mount cgroups hierarchy .*Operation not permitted/,
    );
  });

  it('refuse an agent whose master has no name yet', async () => {
    assert.match(await refused(agent()), /Failed to parse 'mesos-master:5050'/);
  });

  it('refuse to be all in one without privileges', async () => {
    const mini = { ...choice, preset: 'apache-mini', layout: 'all-in-one' } as const;
    const [plan] = plans({ ...mini, images: { master: standIns.mini, agent: standIns.mini } });
    assert.equal(plan!.privileged, true);
    assert.match(await refused({ ...plan!, privileged: false }), /Operation not permitted/);
  });
});
