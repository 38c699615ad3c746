import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import Docker, { type Container } from 'dockerode';
import { agentCapabilities } from '../../../src/engines/docker/mesos/apache.ts';
import { lastLogLines } from '../../../src/docker/logs.ts';
import { choosePort } from '../../../src/host/ports.ts';
import type {
  AgentEntry,
  CommandInfo,
  ContainerInfo,
  Offer,
  TaskInfo,
  TaskStatus,
} from '../../../src/mesos/types.ts';
import { bundle } from '../../support/bundles.ts';
import { json, modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { ensureBaseImages } from '../support/baseImages.ts';

/** An account of the image, not root. */
const user = 'daemon';
const patient = { limitMs: 40_000 };

describe('dev Mesos: master and agents in containers', function () {
  this.timeout(90_000);
  const docker = new Docker();
  const role = `devmesos-test-${randomBytes(4).toString('hex')}`;
  const label = { 'devmesos.role': role };
  let image: string;
  let taskImage: string;
  let folder: { path: string; remove: () => Promise<void> };
  let port: number;
  let master: Container;
  let scheduler: RawScheduler;
  const schedulers: RawScheduler[] = [];
  const used = new Set<string>();

  before(async function () {
    this.timeout(600_000);
    ({ node: image, python: taskImage } = await ensureBaseImages(docker));
    folder = await temporaryFolder('devmesos-docker');
    await bundle(['devmesos'], folder.path);
    await fs.writeFile(path.join(folder.path, 'secret'), 'shared\n', { mode: 0o600 });
    await docker.createNetwork({ Name: role, Labels: label });
    port = await choosePort(25_050);
  });

  after(async () => {
    await docker.getNetwork(role).remove();
    await folder.remove();
  });

  beforeEach(async () => {
    // In any order: an agent waits for its master.
    master = await make('mesos-master', ['master', '--port', '5050', '--allocation-interval', '100ms'], {
      PortBindings: { '5050/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    });
  });

  afterEach(async () => {
    for (const one of schedulers.splice(0)) one.disconnect();
    const filters = { label: [`devmesos.role=${role}`] };
    for (const { Id } of await docker.listContainers({ all: true, filters }))
      await docker.getContainer(Id).remove({ force: true, v: true });
    const { Volumes } = await docker.listVolumes({ filters });
    await Promise.all(Volumes.map(({ Name }) => docker.getVolume(Name).remove()));
  });

  const make = async (
    name: string,
    args: readonly string[],
    host: Docker.HostConfig = {},
  ): Promise<Container> =>
    docker.createContainer({
      name: `${role}-${name}`,
      Image: image,
      Cmd: [
        ...['node', '/program/devmesos.cjs', ...args, '--secret-file', '/program/secret'],
        ...['--host', '0.0.0.0', '--hostname', name, '--without-login'],
      ],
      Labels: label,
      ExposedPorts: { '5050/tcp': {} },
      HostConfig: { Init: true, NetworkMode: role, Binds: [`${folder.path}:/program:ro`], ...host },
      NetworkingConfig: { EndpointsConfig: { [role]: { Aliases: [name] } } },
    });
  const makeAgent = (host: Docker.HostConfig = {}, ...args: string[]): Promise<Container> =>
    make(
      'agent-1',
      [
        ...['agent', '--name', 'agent-1', '--port', '5051', '--master', 'http://mesos-master:5050'],
        ...['--resources', 'cpus:4;mem:4096;disk:1024'],
        ...(args.length > 0 ? args : ['--work-dir', '/var/lib/mesos']),
      ],
      host,
    );
  const subscribe = async (info = { ...modern, user }): Promise<RawScheduler> => {
    const url = `http://127.0.0.1:${port}`;
    scheduler = await until(() => RawScheduler.subscribe(url, info), { ...patient, what: 'the master' });
    schedulers.push(scheduler);
    scheduler.acknowledgeAll();
    return scheduler;
  };
  const openOffers = (): Offer[] | undefined => {
    const rescinded = scheduler.events.flatMap((event) =>
      event.type === 'RESCIND' ? event.rescind.offer_id.value : [],
    );
    const open = scheduler.offers.filter(({ id }) => !used.has(id.value) && !rescinded.includes(id.value));
    return open.length > 0 ? open : undefined;
  };
  const launch = async (
    id: string,
    command: CommandInfo,
    rest: Partial<TaskInfo> = {},
  ): Promise<TaskStatus> => {
    const offers = await until(openOffers, { ...patient, what: 'an offer' });
    for (const offer of offers) used.add(offer.id.value);
    await scheduler.launch(offers, [taskFor(offers[0]!.agent_id, id, command, rest)], 0);
    return scheduler.update(id, 'TASK_RUNNING', patient.limitMs);
  };
  const end = (id: string): Promise<TaskStatus> =>
    until(
      () => scheduler.updates(id).find(({ state }) => /FINISHED|FAILED|KILLED|DROPPED|LOST/.test(state)),
      {
        ...patient,
        what: `the end of ${id}`,
      },
    );
  const kill = (id: string): Promise<unknown> =>
    scheduler.call({ type: 'KILL', kill: { task_id: { value: id } } });
  const agents = async (): Promise<AgentEntry[]> => {
    const { body } = await rawRequest(
      `http://127.0.0.1:${port}/api/v1`,
      'POST',
      json,
      '{"type":"GET_AGENTS"}',
    );
    return (JSON.parse(body) as { get_agents: { agents?: AgentEntry[] } }).get_agents.agents ?? [];
  };
  const addressOf = async (container: Container): Promise<string> =>
    (await container.inspect()).NetworkSettings.Networks[role]?.IPAddress ?? '';
  /** Command lines of what runs in a container. */
  const processes = async (container: Container): Promise<string[]> => {
    const { Processes } = (await container.top({ ps_args: '-o pid,args' })) as { Processes: string[][] };
    return Processes.map(([, args = '']) => args);
  };
  const readFile = async (task: string, file: string): Promise<string> => {
    const offer = scheduler.offers.at(-1);
    const { ip, port: agentPort } = offer!.url!.address;
    const framework = (await scheduler.id()).value;
    const asked = `/frameworks/${framework}/executors/${task}/runs/latest/${file}`;
    const { body } = await rawRequest(`http://${ip}:${agentPort}/files/read?offset=0&path=${asked}`, 'GET');
    return (JSON.parse(body) as { data: string }).data;
  };

  it('know each other by addresses of the network, and are started in any order', async () => {
    const agent = await makeAgent();
    await agent.start();
    await master.start();
    await subscribe();
    const offer = (await until(openOffers, patient))[0]!;
    const ip = await addressOf(agent);
    assert.deepEqual(offer.url?.address, { hostname: 'agent-1', ip, port: 5051 });
    assert.equal(offer.hostname, 'agent-1');
    const { master_info: info } = (await scheduler.event('SUBSCRIBED')).subscribed;
    assert.deepEqual(info?.address, { hostname: 'mesos-master', ip: await addressOf(master), port: 5050 });
    assert.equal((await agents())[0]?.pid, `slave(1)@${ip}:5051`);
    await launch('works', { value: 'id -un; echo "$LIBPROCESS_IP"' });
    assert.equal((await end('works')).state, 'TASK_FINISHED');
    assert.equal(await readFile('works', 'stdout'), `${user}\n${ip}\n`);
  });

  it('a task is ended with all that it started as its user, with the capabilities that a cluster gives an agent', async () => {
    const agent = await makeAgent({
      CapDrop: ['ALL'],
      CapAdd: [...agentCapabilities],
      SecurityOpt: ['no-new-privileges'],
    });
    await Promise.all([master.start(), agent.start()]);
    await subscribe();
    await launch('other', { value: 'sleep 5001' });
    await launch('far', {
      value: '(env -i setsid /bin/sh -c "sleep 5002; true" &); setsid sleep 5003 & sleep 5004',
    });
    const sleeping = async (): Promise<string[]> =>
      (await processes(agent)).filter((args) => args.startsWith('sleep'));
    await until(async () => (await sleeping()).length === 4, patient);
    await kill('far');
    assert.equal((await end('far')).state, 'TASK_KILLED');
    assert.deepEqual(await sleeping(), ['sleep 5001']);
    await launch('reads', { value: 'umask 077; id -un > mine; cat /proc/self/status > caps' });
    await end('reads');
    assert.equal(await readFile('reads', 'mine'), `${user}\n`);
    assert.match(await readFile('reads', 'caps'), /^CapEff:\t0+$/m);
  });

  it('an agent that is stopped ends its tasks and takes leave, as process 1, too', async () => {
    const agent = await makeAgent({ Init: false });
    await Promise.all([master.start(), agent.start()]);
    await subscribe();
    await launch('last', { value: 'sleep 5005' });
    await agent.stop({ t: 20 });
    assert.equal((await agent.inspect()).State.ExitCode, 0);
    assert.equal((await end('last')).state, 'TASK_KILLED');
    await until(async () => (await agents()).length === 0, patient);
    assert.ok((await lastLogLines(agent, 20)).some((line) => line.includes('start it with an init')));
  });

  it('an agent whose container is killed comes back as itself, elsewhere, and its tasks are over', async () => {
    const agent = await makeAgent();
    await Promise.all([master.start(), agent.start()]);
    await subscribe();
    await launch('lost', { value: 'sleep 5006' });
    const [before] = await agents();
    const address = await addressOf(agent);
    await agent.kill();
    // Takes the address that has become free.
    const squatter = await make('squatter', ['master']);
    await squatter.start();
    await agent.start();
    const status = await end('lost');
    assert.deepEqual(
      [status.state, status.message, status.reason],
      ['TASK_FAILED', 'Executor terminated', 'REASON_EXECUTOR_TERMINATED'],
    );
    const [after] = await agents();
    assert.deepEqual(after?.agent_info.id, before?.agent_info.id);
    assert.notEqual(await addressOf(agent), address);
    assert.equal(after?.pid, `slave(1)@${await addressOf(agent)}:5051`);
    await launch('again', { value: 'echo "$LIBPROCESS_IP"' });
    await end('again');
    assert.equal(await readFile('again', 'stdout'), `${await addressOf(agent)}\n`);
  });

  it('a master whose container is killed finds its agents and their tasks again', async () => {
    const agent = await makeAgent();
    await Promise.all([master.start(), agent.start()]);
    const before = await subscribe();
    const id = await before.id();
    await launch('goes-on', { value: 'sleep 5007' });
    const [known] = await agents();
    await master.kill();
    await until(() => before.closed, patient);
    await master.start();
    await subscribe({ ...modern, user, id });
    assert.equal((await until(openOffers, patient))[0]?.agent_id.value, known?.agent_info.id?.value);
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    await scheduler.update('goes-on', 'TASK_RUNNING', patient.limitMs);
    await kill('goes-on');
    assert.equal((await end('goes-on')).state, 'TASK_KILLED');
  });

  it('an agent with the Docker socket runs tasks in containers beside its own', async () => {
    await docker.createVolume({ Name: role, Labels: label });
    const { Mountpoint: workDir } = await docker.getVolume(role).inspect();
    const agent = await makeAgent(
      {
        Binds: [
          `${folder.path}:/program:ro`,
          '/var/run/docker.sock:/var/run/docker.sock',
          `${role}:${workDir}`,
        ],
      },
      ...['--work-dir', workDir, '--containerizers', 'docker,mesos'],
    );
    await Promise.all([master.start(), agent.start()]);
    await subscribe();
    const container = (extra = ''): ContainerInfo => ({
      type: 'DOCKER',
      network_infos: [{ name: role }],
      docker: {
        image: taskImage,
        network: 'USER',
        parameters: [
          { key: 'label', value: `devmesos.role=${role}` },
          { key: 'user', value: user },
          { key: 'env', value: `EXTRA=${extra}` },
        ],
      },
    });
    const sleeper = 'id -un > "$MESOS_SANDBOX/who"; echo begun; sleep 5008';
    const started = await launch('inside', { value: sleeper }, { container: container() });
    const name = `mesos-${started.container_status?.container_id?.value ?? ''}`;
    await until(async () => (await readFile('inside', 'stdout')) === 'begun\n', patient);
    assert.equal(await readFile('inside', 'who'), `${user}\n`);

    await agent.kill();
    assert.equal((await docker.getContainer(name).inspect()).State.Running, true);
    await agent.start();
    assert.equal((await end('inside')).reason, 'REASON_EXECUTOR_TERMINATED');
    await assert.rejects(docker.getContainer(name).inspect(), /no such container/i);
    const next = await launch('next', { value: 'sleep 5009' }, { container: container('x') });
    await agent.stop({ t: 20 });
    assert.equal((await end('next')).state, 'TASK_KILLED');
    const nextName = `mesos-${next.container_status?.container_id?.value ?? ''}`;
    await assert.rejects(docker.getContainer(nextName).inspect(), /no such container/i);
  });
});
