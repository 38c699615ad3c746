import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { agentArguments, masterArguments } from '../../../../../src/devmesos/arguments.ts';
import type { ApacheChoice, DevChoice } from '../../../../../src/engines/docker/mesos/choice.ts';
import { mesosContainers } from '../../../../../src/engines/docker/mesos/containers.ts';
import type { MesosContainerPlan, MesosRequest } from '../../../../../src/engines/docker/mesos/plan.ts';

const dev: DevChoice = { distribution: 'dev', preset: null, why: '', limits: [], platform: undefined };
const apache: ApacheChoice = {
  distribution: 'apache',
  preset: 'mesosphere',
  layout: 'separate',
  images: { master: 'm', agent: 'a' },
  why: '',
  limits: [],
  platform: undefined,
};
const mini: ApacheChoice = { ...apache, preset: 'apache-mini', layout: 'all-in-one' };

function request(more: Partial<MesosRequest> = {}): MesosRequest {
  const agent = { cpus: 2, mem: 2048, disk: 10_240, workDir: '/var/lib/mesos' };
  return {
    cluster: 'plain',
    masterImage: 'master:1',
    agentImage: 'agent:1',
    agents: [
      { ...agent, name: 'agent-1' },
      { ...agent, name: 'agent-2' },
    ],
    tasks: 'agent',
    dags: '/home/me/dags',
    ...more,
  };
}

type Kind = 'master' | 'agent';
const published = JSON.parse(
  readFileSync(new URL('../../../../docker/support/apacheMesos/flags.json', import.meta.url), 'utf8'),
) as Record<string, Record<Kind, { booleans: string[]; values: string[] }>>;

/** Flags that a release of Mesos does not have, or whose value it could not read. */
function unknown(release: string, kind: Kind, env: Readonly<Record<string, string>>): string[] {
  const flags = published[release]?.[kind];
  assert.ok(flags, release);
  return Object.entries(env)
    .map(([variable, value]) => ({ name: variable.replace(/^MESOS_/, '').toLowerCase(), value }))
    .filter(
      ({ name, value }) =>
        !flags.values.includes(name) && !(flags.booleans.includes(name) && /^(true|false)$/.test(value)),
    )
    .map(({ name }) => name);
}

function named(plans: readonly MesosContainerPlan[], part: string): MesosContainerPlan {
  const plan = plans.find((one) => one.part === part);
  assert.ok(plan, part);
  return plan;
}

describe('containers of Mesos', () => {
  for (const release of Object.keys(published)) {
    it(`sets flags only that Apache Mesos ${release} has`, () => {
      for (const tasks of ['agent', 'container'] as const) {
        const plans = mesosContainers(apache, request({ tasks }));
        assert.deepEqual(unknown(release, 'master', named(plans, 'mesos-master').env), []);
        assert.deepEqual(unknown(release, 'agent', named(plans, 'agent-1').env), []);
      }
    });
  }

  it('starts the program of the images, whatever command they have themselves', () => {
    const plans = mesosContainers(apache, request());
    assert.deepEqual(
      plans.map(({ part, entrypoint, command }) => [part, [...entrypoint, ...command].join(' ')]),
      [
        ['mesos-master', 'mesos-master'],
        ['agent-1', '/opt/mesos-airflow/runtime/bin/python /opt/mesos-airflow/agent.py mesos-slave'],
        ['agent-2', '/opt/mesos-airflow/runtime/bin/python /opt/mesos-airflow/agent.py mesos-slave'],
      ],
    );
  });

  it('lets agents find the master, and frameworks find agents, by their names on the network', () => {
    const plans = mesosContainers(apache, request());
    const { env } = named(plans, 'agent-2');
    assert.equal(env.MESOS_MASTER, 'mesos-master:5050');
    assert.equal(env.MESOS_HOSTNAME, 'agent-2');
    assert.equal(env.MESOS_ATTRIBUTES, 'name:agent-2');
    assert.deepEqual(named(plans, 'agent-2').health, { 'agent-2': 'http://agent-2:5051/health' });
  });

  it('gives each agent resources of its own', () => {
    const plans = mesosContainers(apache, request());
    const resources = ['agent-1', 'agent-2'].map((part) => named(plans, part).env.MESOS_RESOURCES);
    assert.deepEqual(resources, [
      'cpus:2;mem:2048;disk:10240;ports:[31000-31099]',
      'cpus:2;mem:2048;disk:10240;ports:[31100-31199]',
    ]);
  });

  it('asks for a login everywhere, by files that tasks cannot read, and holds no secret', () => {
    const plans = mesosContainers(apache, request());
    const master = named(plans, 'mesos-master').env;
    for (const flag of ['AGENTS', 'FRAMEWORKS', 'HTTP_FRAMEWORKS', 'HTTP_READONLY', 'HTTP_READWRITE']) {
      assert.equal(master[`MESOS_AUTHENTICATE_${flag}`], 'true', flag);
    }
    assert.equal(master.MESOS_CREDENTIALS, '/etc/mesos-airflow/mesos.credentials');
    const agent = named(plans, 'agent-1').env;
    assert.equal(agent.MESOS_HTTP_CREDENTIALS, '/etc/mesos-airflow/mesos.credentials');
    assert.equal(agent.MESOS_AUTHENTICATE_HTTP_READWRITE, 'true');
    assert.equal(agent.MESOS_SWITCH_USER, 'true');
    assert.doesNotMatch(JSON.stringify(plans), /secret [^"]|principal/);
  });

  it('runs without privileges, and without capabilities that Docker does not give', () => {
    for (const choice of [apache, dev]) {
      for (const plan of mesosContainers(choice, request())) {
        assert.equal(plan.privileged, false);
        assert.notEqual(plan.capabilities, 'default');
        assert.equal(plan.pidMode, undefined);
      }
    }
  });

  it('keeps the registry, and each agent its tasks, on volumes', () => {
    const volumes = mesosContainers(apache, request()).map(({ mounts }) =>
      mounts.flatMap((mount) => (mount.kind === 'volume' ? [`${mount.volume}:${mount.target}`] : [])),
    );
    assert.deepEqual(volumes, [
      ['mesos:/etc/mesos-airflow', 'mesos-master:/var/lib/mesos-master'],
      ['mesos:/etc/mesos-airflow', 'agent-1:/var/lib/mesos'],
      ['mesos:/etc/mesos-airflow', 'agent-2:/var/lib/mesos'],
    ]);
  });

  for (const choice of [apache, dev]) {
    it(`gives Docker's socket to agents of ${choice.distribution} only where tasks have containers`, () => {
      const withSocket = (tasks: 'agent' | 'container'): string[] =>
        mesosContainers(choice, request({ tasks }))
          .filter(({ mounts }) => mounts.some(({ target }) => target === '/var/run/docker.sock'))
          .map(({ part }) => part);
      assert.deepEqual(withSocket('agent'), []);
      assert.deepEqual(withSocket('container'), ['agent-1', 'agent-2']);
    });
  }

  it("gives Apache's Docker containerizer what it sets limits with", () => {
    const plan = named(mesosContainers(apache, request({ tasks: 'container' })), 'agent-1');
    assert.equal(plan.env.MESOS_CONTAINERIZERS, 'docker,mesos');
    assert.equal(plan.pidMode, 'host');
    assert.ok(plan.mounts.some(({ target }) => target === '/sys/fs/cgroup'));
  });

  it('gives our own Mesos arguments that it takes', () => {
    const read = (file: string): string => (file.endsWith('.secret') ? 'shared' : 'mesos-airflow word');
    for (const tasks of ['agent', 'container'] as const) {
      const plans = mesosContainers(dev, request({ tasks }));
      const { command: ofMaster } = named(plans, 'mesos-master');
      const master = masterArguments(ofMaster.slice(1), read);
      assert.equal(master.host, '0.0.0.0');
      const { command: ofAgent, entrypoint } = named(plans, 'agent-2');
      assert.deepEqual(entrypoint, ['/usr/local/bin/node', '/opt/mesos-airflow/devmesos.cjs']);
      const agent = agentArguments(ofAgent.slice(1), read);
      assert.equal(agent.hostname, 'agent-2');
      assert.equal(agent.master, 'http://mesos-master:5050');
      assert.equal(agent.switchUser, true);
      assert.deepEqual(agent.containerizers, tasks === 'agent' ? ['mesos'] : ['docker', 'mesos']);
      assert.equal(agent.credentials?.get('mesos-airflow'), 'word');
    }
  });

  describe('of an all-in-one image', () => {
    const one = request({ agents: request().agents.slice(0, 1) });

    it('are one, which answers to both names', () => {
      const plans = mesosContainers(mini, one);
      assert.equal(plans.length, 1);
      const plan = named(plans, 'mesos-master');
      assert.deepEqual(plan.aliases, ['agent-1']);
      assert.deepEqual(plan.ports, [5050, 5051]);
      assert.deepEqual(Object.keys(plan.health), ['mesos-master', 'agent-1']);
      assert.equal(plan.image, 'agent:1');
    });

    it("say themselves that they are privileged, and leave process 1 to the image's systemd", () => {
      const plan = named(mesosContainers(mini, one), 'mesos-master');
      assert.equal(plan.privileged, true);
      assert.equal(plan.init, false);
      assert.deepEqual(plan.entrypoint, ['/entrypoint.sh']);
    });

    it('put flags into the files that the services read, with names that Mesos has', () => {
      const { files } = named(mesosContainers(mini, one), 'mesos-master');
      for (const [kind, path] of [
        ['master', '/etc/default/mesos-master'],
        ['agent', '/etc/default/mesos-agent'],
      ] as const) {
        const content = files.find((file) => file.path === path)?.content ?? '';
        const pairs = [...content.matchAll(/^(MESOS_\w+)='([^']*)'$/gm)].map(
          ([, name = '', value = '']) => [name, value] as const,
        );
        assert.ok(pairs.length > 8, path);
        assert.deepEqual(unknown('1.9', kind, Object.fromEntries(pairs)), []);
      }
    });
  });
});
