import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import Docker, { type ContainerInspectInfo } from 'dockerode';
import type {
  CommandInfo,
  ContainerInfo,
  Offer,
  Resource,
  TaskInfo,
  TaskStatus,
} from '../../../src/mesos/types.ts';
import type { Container } from '../../../src/mesos/agent.ts';
import { Parts } from '../../integration/devmesos/support/parts.ts';
import { json, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { ensureBaseImages } from '../support/baseImages.ts';
import { TestRegistry } from '../support/registry.ts';

type DockerPart = NonNullable<ContainerInfo['docker']>;

describe('dev agent: tasks in Docker containers', function () {
  this.timeout(60_000);
  const docker = new Docker();
  let image: string;
  let parts: Parts;
  let scheduler: RawScheduler;
  let agent: { url: string; id: string; workDir: string };
  const used = new Set<string>();

  before(async function () {
    this.timeout(600_000);
    image = (await ensureBaseImages(docker)).python;
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
    agent = await parts.startAgent('agent-1', '--containerizers', 'docker,mesos');
    scheduler = await RawScheduler.subscribe(parts.masterUrl);
    scheduler.acknowledgeAll();
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
    assert.deepEqual(await ours(), [], 'nothing is left');
  });

  const ours = async (): Promise<string[]> => {
    const label = [`mesos-airflow.agent-id=${agent.id}`];
    return (await docker.listContainers({ all: true, filters: { label } })).map(({ Id }) => Id);
  };
  /** All that the agent offers now: what is free can be in several parts. */
  const openOffers = (): Offer[] | undefined => {
    const rescinded = scheduler.events.flatMap((event) =>
      event.type === 'RESCIND' ? event.rescind.offer_id.value : [],
    );
    const open = scheduler.offers.filter(
      ({ id, agent_id }) =>
        agent_id.value === agent.id && !used.has(id.value) && !rescinded.includes(id.value),
    );
    return open.length > 0 ? open : undefined;
  };
  const launch = async (
    id: string,
    command: CommandInfo,
    container: Omit<Partial<ContainerInfo>, 'docker'> & {
      docker?: Partial<DockerPart> & { port_mappings?: object[] };
    } = {},
    rest: Partial<TaskInfo> = {},
  ): Promise<void> => {
    const offers = await until(openOffers);
    for (const offer of offers) used.add(offer.id.value);
    const task = taskFor({ value: agent.id }, id, command, {
      ...rest,
      container: { type: 'DOCKER', ...container, docker: { image, ...container.docker } },
    });
    await scheduler.launch(offers, [task], 0);
  };
  const end = (id: string, limitMs = 40_000): Promise<TaskStatus> =>
    until(() => scheduler.updates(id).find(({ state }) => /FINISHED|FAILED|KILLED|DROPPED/.test(state)), {
      what: `the end of ${id}`,
      limitMs,
    });
  const running = async (id: string): Promise<ContainerInspectInfo> => {
    const status = await until(() => scheduler.updates(id).find(({ state }) => state === 'TASK_RUNNING'), {
      limitMs: 40_000,
    });
    return docker.getContainer(`mesos-${status.container_status?.container_id?.value ?? ''}`).inspect();
  };
  const sandboxOf = async (id: string): Promise<string> =>
    path.join(
      agent.workDir,
      ...['slaves', agent.id, 'frameworks', (await scheduler.id()).value, 'executors', id, 'runs', 'latest'],
    );
  const read = async (id: string, file: string): Promise<string> =>
    fs.readFile(path.join(await sandboxOf(id), file), 'utf8');
  const kill = (id: string, seconds?: number): Promise<unknown> =>
    scheduler.call({
      type: 'KILL',
      kill: {
        task_id: { value: id },
        ...(seconds === undefined ? {} : { kill_policy: { grace_period: { nanoseconds: seconds * 1e9 } } }),
      },
    });

  it('go through TASK_STARTING and TASK_RUNNING to their end, with their output in the sandbox', async () => {
    const variables = [{ name: 'GREETING', value: 'grüß "dich" $HOME' }];
    await launch('works', {
      value:
        'echo out; echo err >&2; echo "$GREETING"; pwd; echo made > "$MESOS_SANDBOX/made"; env | grep ^MESOS | sort',
      environment: { variables },
    });
    const status = await end('works');
    assert.deepEqual(
      scheduler.updates('works').map(({ state, source }) => [state, source]),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'].map((state) => [state, 'SOURCE_EXECUTOR']),
    );
    assert.equal(status.message, 'Container exited with status 0');
    const name = `mesos-${status.container_status?.container_id?.value ?? ''}`;
    assert.equal(
      await read('works', 'stdout'),
      'out\ngrüß "dich" $HOME\n/\n' +
        `MESOS_ALLOCATION_ROLE=*\nMESOS_CONTAINER_NAME=${name}\nMESOS_SANDBOX=/mnt/mesos/sandbox\n`,
    );
    assert.equal(await read('works', 'stderr'), 'err\n');
    assert.equal(await read('works', 'made'), 'made\n');
    assert.deepEqual(await ours(), []);
  });

  it('say in TASK_RUNNING what Docker says of them, without their environment', async () => {
    const variables = [{ name: 'TICKET', value: 'only-for-the-task' }];
    await launch('told', { value: 'sleep 1006', environment: { variables } });
    await running('told');
    const { data = '' } = await scheduler.update('told', 'TASK_RUNNING');
    const [about] = JSON.parse(Buffer.from(data, 'base64').toString()) as [ContainerInspectInfo];
    assert.equal(about.State.Status, 'running');
    assert.ok(!JSON.stringify(about).includes('only-for-the-task'));
    await kill('told', 0);
    await end('told');
  });

  it('run the image’s own entrypoint with arguments where they ask for no shell', async () => {
    const repo = `devmesos-test/entry-${randomBytes(4).toString('hex')}`;
    const base = await docker.createContainer({ Image: image });
    await base.commit({ repo, tag: '1', changes: 'ENTRYPOINT ["echo", "entry"]\nCMD ["usual"]' });
    await base.remove();
    try {
      const own = { docker: { image: `${repo}:1` } };
      await launch('usual', { shell: false }, own);
      await launch('arguments', { shell: false, value: 'a b', arguments: ['$HOME'] }, own);
      await launch('shell', { value: 'echo no entry' }, own);
      await Promise.all([end('usual'), end('arguments'), end('shell')]);
      await Promise.all([end('usual'), end('arguments'), end('shell')]);
      assert.deepEqual(await Promise.all(['usual', 'arguments', 'shell'].map((id) => read(id, 'stdout'))), [
        'entry usual\n',
        'entry a b $HOME\n',
        'no entry\n',
      ]);
    } finally {
      await docker.getImage(`${repo}:1`).remove();
    }
  });

  it('fail with their exit status', async () => {
    await launch('three', { value: 'exit 3' });
    const status = await end('three');
    assert.deepEqual(
      [status.state, status.message, status.reason],
      ['TASK_FAILED', 'Container exited with status 3', undefined],
    );
  });

  it('fail where their program is not in the image', async () => {
    await launch('absent', { shell: false, value: 'no-such-program' });
    const status = await end('absent');
    assert.equal(status.state, 'TASK_FAILED');
    assert.match(status.message ?? '', /^Failed to run docker container: .*no-such-program/);
    assert.deepEqual(await ours(), []);
  });

  it('are held to their share of the processor and to their memory', async () => {
    const code = 'held = bytearray(200 * 2**20)';
    await launch('greedy', { shell: false, value: 'python3', arguments: ['-c', code] });
    const status = await end('greedy');
    assert.deepEqual(
      [status.state, status.reason, status.source],
      ['TASK_FAILED', 'REASON_CONTAINER_LIMITATION_MEMORY', 'SOURCE_AGENT'],
    );
    assert.match(
      status.message ?? '',
      /^Container exited with status 137: its memory limit of 32 MB was exceeded$/,
    );
    await launch('modest', { value: 'sleep 1006' });
    const { HostConfig } = await running('modest');
    assert.deepEqual([HostConfig.CpuShares, HostConfig.Memory], [102, 32 * 2 ** 20]);
    assert.equal(HostConfig.Privileged, false);
    await kill('modest', 0);
    await end('modest');
  });

  it('have volumes: of the machine, of Docker, and of folders in their sandbox', async () => {
    const folder = path.join(parts.folder, 'volume');
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, 'given'), 'given\n');
    await launch(
      'volumes',
      {
        value: 'cat /given/given; touch /given/x 2>&1; echo kept > /kept/file; echo "$?"; echo rw > /rw/made',
      },
      {
        volumes: [
          { container_path: '/given', host_path: folder, mode: 'RO' },
          { container_path: '/rw', host_path: folder, mode: 'RW' },
          { container_path: '/kept', host_path: 'in/here', mode: 'RW' },
        ],
      },
    );
    assert.equal((await end('volumes')).state, 'TASK_FINISHED');
    const [given, refused, status] = (await read('volumes', 'stdout')).split('\n');
    assert.deepEqual([given, status], ['given', '0']);
    assert.match(refused ?? '', /Read-only file system/);
    assert.equal(await read('volumes', 'in/here/file'), 'kept\n');
    assert.equal(await fs.readFile(path.join(folder, 'made'), 'utf8'), 'rw\n');
  });

  it('have the network that they ask for', async () => {
    const network = await docker.createNetwork({ Name: `devmesos-test-${randomBytes(4).toString('hex')}` });
    try {
      const { Name: name } = (await network.inspect()) as { Name: string };
      const sleeper = { value: 'sleep 1006' };
      await launch('host', sleeper);
      await launch('none', sleeper, { docker: { network: 'NONE' } });
      await launch('bridge', sleeper, { hostname: 'named', docker: { network: 'BRIDGE' } });
      await launch('user', sleeper, { network_infos: [{ name }], docker: { network: 'USER' } });
      const about = await Promise.all(['host', 'none', 'bridge', 'user'].map(running));
      assert.deepEqual(
        about.map(({ HostConfig }) => HostConfig.NetworkMode),
        ['host', 'none', 'bridge', name],
      );
      assert.equal(about[2]?.Config.Hostname, 'named');
      const told = await scheduler.update('user', 'TASK_RUNNING');
      const address = about[3]?.NetworkSettings.Networks[name]?.IPAddress;
      assert.ok(address);
      assert.deepEqual(told.container_status?.network_infos, [
        { name, ip_addresses: [{ protocol: 'IPv4', ip_address: address }] },
      ]);
      await Promise.all(['host', 'none', 'bridge', 'user'].map((id) => kill(id, 0)));
      await Promise.all(['host', 'none', 'bridge', 'user'].map((id) => end(id)));
    } finally {
      await network.remove();
    }
  });

  it('have ports of the machine that are among their resources, on loopback', async () => {
    const resources = (port: number): Resource[] => [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: port, end: port }] } },
    ];
    const mapped = (port: number) => ({
      docker: { network: 'BRIDGE' as const, port_mappings: [{ host_port: port, container_port: 80 }] },
    });
    await launch('refused', { value: 'true' }, mapped(31_901), { resources: resources(31_902) });
    assert.match((await end('refused')).message ?? '', /Port \[31901\] not included in resources$/);
    const serve = 'python3 -m http.server 80 --directory /mnt/mesos/sandbox';
    await launch('served', { value: serve }, mapped(31_900), { resources: resources(31_900) });
    const { NetworkSettings } = await running('served');
    assert.deepEqual(NetworkSettings.Ports['80/tcp'], [{ HostIp: '127.0.0.1', HostPort: '31900' }]);
    const { body } = await until(() => rawRequest('http://127.0.0.1:31900/', 'GET'), { limitMs: 40_000 });
    assert.match(body, /stdout/);
    await kill('served', 0);
    await end('served');
  });

  it('take options of docker run, and are refused with others', async () => {
    const parameters = [
      { key: 'label', value: 'devmesos.role=yes' },
      { key: 'label', value: 'mesos-airflow.agent-id=not-yours' },
      { key: 'env', value: 'MORE=a=b' },
      { key: 'workdir', value: '/tmp' },
      { key: 'user', value: 'daemon' },
      { key: 'init', value: 'true' },
      { key: 'memory', value: '64m' },
    ];
    await launch('options', { value: 'pwd; id -un; echo $MORE; sleep 1006' }, { docker: { parameters } });
    const { Config, HostConfig } = await running('options');
    assert.equal(Config.Labels['devmesos.role'], 'yes');
    assert.equal(Config.Labels['mesos-airflow.agent-id'], agent.id);
    assert.deepEqual([HostConfig.Init, HostConfig.Memory], [true, 64 * 2 ** 20]);
    await until(async () => (await read('options', 'stdout')) === '/tmp\ndaemon\na=b\n');
    await kill('options');
    await end('options');
    await launch('odd', { value: 'true' }, { docker: { parameters: [{ key: 'pid', value: 'host' }] } });
    const status = await end('odd');
    assert.deepEqual([status.state, status.reason], ['TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED']);
    assert.match(status.message ?? '', /^Failed to launch container: .*the parameter 'pid' is not supported/);
    await launch('strong', { value: 'true' }, { docker: { privileged: true } });
    assert.match((await end('strong')).message ?? '', /runs nothing privileged$/);
  });

  it('are pulled where they are absent, and fail where there is no such image', async () => {
    const name = `127.0.0.1:1/devmesos-test/${randomBytes(4).toString('hex')}:1`;
    await launch('no-registry', { value: 'true' }, { docker: { image: name } });
    const status = await end('no-registry');
    assert.deepEqual(
      [status.state, status.source, status.reason],
      ['TASK_FAILED', 'SOURCE_AGENT', 'REASON_CONTAINER_LAUNCH_FAILED'],
    );
    assert.ok(status.message?.startsWith(`Failed to launch container: Failed to pull image '${name}': `));
    assert.deepEqual(
      scheduler.updates('no-registry').map(({ state }) => state),
      ['TASK_FAILED'],
    );
    const registry = await TestRegistry.start();
    try {
      await launch('unknown', { value: 'true' }, { docker: { image: `${registry.host}/devmesos/none:1` } });
      assert.equal((await end('unknown')).reason, 'REASON_CONTAINER_LAUNCH_FAILED');
      const slow = await registry.offer('devmesos/slow:1', {
        layers: [{ bytes: 5_000_000, serving: 'halfway' }],
      });
      await launch('slow', { value: 'true' }, { docker: { image: slow } });
      await until(() => registry.sending.size > 0, { limitMs: 40_000 });
      await kill('slow');
      const killed = await end('slow');
      assert.deepEqual([killed.state, killed.reason], ['TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH']);
      // Its one layer is random bytes: that it was asked for is all that can be seen of it.
      const odd = await registry.offer('devmesos/odd:1', { layers: [{ bytes: 1000 }] });
      await launch(
        'fresh',
        { shell: false, value: '/x' },
        { docker: { image: odd, force_pull_image: true } },
      );
      await end('fresh');
      const before = registry.asked.length;
      await launch('again', { shell: false, value: '/x' }, { docker: { image: odd } });
      await end('again');
      assert.equal(registry.asked.length, before, 'present: not pulled again');
      await launch(
        'forced',
        { shell: false, value: '/x' },
        { docker: { image: odd, force_pull_image: true } },
      );
      await end('forced');
      assert.ok(registry.asked.length > before, 'asked for again');
      await docker.getImage(odd).remove({ force: true });
    } finally {
      await registry.stop();
    }
  });

  it('end by the stop signal and within their grace, with all that runs in them', async () => {
    await launch('polite', { value: 'trap "exit 0" TERM; echo up; while :; do sleep 0.05; done' });
    await until(async () => (await read('polite', 'stdout')) === 'up\n', { limitMs: 40_000 });
    await running('polite');
    await kill('polite', 60);
    const polite = await end('polite');
    assert.deepEqual([polite.state, polite.message], ['TASK_KILLED', 'Container exited with status 0']);
    assert.equal(scheduler.updates('polite')[2]?.state, 'TASK_KILLING');

    await launch('stubborn', {
      value:
        'trap "" TERM; (setsid sh -c "trap \\"\\" TERM; while :; do sleep 1006; done" &); echo up; while :; do sleep 0.05; done',
    });
    await until(async () => (await read('stubborn', 'stdout')) === 'up\n', { limitMs: 40_000 });
    const { State } = await running('stubborn');
    await kill('stubborn', 0.3);
    assert.equal((await end('stubborn')).message, 'Container exited with status 137');
    assert.deepEqual(await ours(), []);
    assert.throws(() => process.kill(State.Pid, 0));
  });

  it('end when somebody removes them', async () => {
    await launch('removed', { value: 'sleep 1006' });
    const { Id } = await running('removed');
    await docker.getContainer(Id).remove({ force: true });
    assert.equal((await end('removed')).state, 'TASK_FAILED');
  });

  it('write their output down to the last byte, however much', async () => {
    await launch('much', {
      shell: false,
      value: 'python3',
      arguments: [
        '-c',
        'import sys\nfor n in range(400000): sys.stdout.write(f"{n}\\n")\nsys.stderr.write("end")',
      ],
    });
    assert.equal((await end('much')).state, 'TASK_FINISHED');
    const lines = (await read('much', 'stdout')).split('\n');
    assert.deepEqual([lines.length, lines.at(-2)], [400_001, '399999']);
    assert.equal(await read('much', 'stderr'), 'end');
  });

  it('are among the agent’s containers, with what they use and may use', async () => {
    await launch('listed', { value: 'sleep 1006' });
    await running('listed');
    const { body } = await rawRequest(`${agent.url}/api/v1`, 'POST', json, '{"type":"GET_CONTAINERS"}');
    const { get_containers: listed } = JSON.parse(body) as { get_containers: { containers: Container[] } };
    const found = listed.containers.find(({ executor_id }) => executor_id.value === 'listed');
    const { mem_limit_bytes, mem_total_bytes = 0, cpus_limit, timestamp } = found!.resource_statistics!;
    assert.equal(mem_limit_bytes, 32 * 2 ** 20);
    assert.ok(mem_total_bytes > 0 && mem_total_bytes < 32 * 2 ** 20);
    assert.ok(Math.abs((cpus_limit ?? 0) - 0.1) < 0.01);
    assert.ok(Math.abs(timestamp - Date.now() / 1000) < 60);
    await kill('listed', 0);
    await end('listed');
  });

  it('go when their agent is told to end, and when another comes after one that was killed', async () => {
    await launch('left', { value: 'sleep 1006' });
    const { Id } = await running('left');
    await parts.kill('agent-1');
    const ofAnother = await docker.createContainer({
      Image: image,
      Labels: { 'mesos-airflow.agent-id': 'another' },
    });
    assert.equal((await docker.getContainer(Id).inspect()).State.Running, true, 'goes on alone');
    agent = await parts.startAgent('agent-1', '--containerizers', 'docker,mesos');
    const status = await end('left');
    assert.deepEqual(
      [status.state, status.message, status.reason],
      ['TASK_FAILED', 'Executor terminated', 'REASON_EXECUTOR_TERMINATED'],
    );
    assert.deepEqual(await ours(), []);
    await ofAnother.inspect();
    await ofAnother.remove();

    await launch('last', { value: 'sleep 1006' });
    await running('last');
    assert.equal(await parts.stop('agent-1'), 0);
    assert.equal((await end('last')).state, 'TASK_KILLED');
    assert.deepEqual(await ours(), []);
  });

  it('are refused where there is no Docker Engine, as by an agent without this containerizer', async () => {
    for (const [name, flags, names] of [
      ['none', ['--containerizers', 'docker,mesos', '--docker-socket', '/no/such.sock'], 'docker,mesos'],
      ['plain', [], 'mesos'],
    ] as const) {
      agent = await parts.startAgent(name, ...flags);
      await launch(`refused-${name}`, { value: 'true' });
      const status = await end(`refused-${name}`);
      assert.deepEqual([status.state, status.reason], ['TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED']);
      assert.ok(
        status.message?.startsWith(
          `Failed to launch container: None of the enabled containerizers (${names}) could create a container for the provided TaskInfo/ExecutorInfo message`,
        ),
        status.message,
      );
      await parts.stop(name);
    }
  });
});
