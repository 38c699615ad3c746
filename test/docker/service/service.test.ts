import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import Docker from 'dockerode';
import { secretFiles, type DockerSpec, type PartCheck } from '../../../src/api/cluster.ts';
import type { PartView } from '../../../src/api/people.ts';
import { ServiceClient } from '../../../src/client/serviceClient.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { bundle, fixture } from '../../support/bundles.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { ensureBaseImages } from '../support/baseImages.ts';

const label = 'mesos-airflow.test.service';
const run = `service-test-${process.pid}`;
const token = 'an-admin-token';
// Nobody's, where the tests run as root: the service needs no name for its user.
const user = process.getuid?.() === 0 ? 53_127 : (process.getuid?.() ?? 0);

describe('the service in a container of its own', function () {
  this.timeout(120_000);
  const docker = new Docker();
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let client: ServiceClient;

  const containerOf = (part: string): Docker.Container => docker.getContainer(`${run}-${part}`);

  before(async () => {
    const { node } = await ensureBaseImages(docker);
    folder = await temporaryFolder('boxed-service');
    await bundle(['service'], path.join(folder.path, 'programs'));
    await fs.copyFile(
      fixture('service', 'interpreter.cjs'),
      path.join(folder.path, 'programs', 'interpreter.cjs'),
    );
    const port = await choosePort(0);
    await writeVolume(path.join(folder.path, 'volume'), specOf(port));
    await docker.createNetwork({ Name: run, Labels: { [label]: run } });
    const listen = "require('net').createServer((s) => s.on('error', () => {}).resume()).listen(5432)";
    await start(node, 'database', ['-e', listen]);
    await start(node, 'scheduler', ['-e', 'setInterval(() => {}, 1000)']);
    await start(node, 'api-server', ['/programs/interpreter.cjs', '-m', 'component', 'api-server'], {
      Env: ['AIRFLOW__API__HOST=0.0.0.0', 'AIRFLOW__API__PORT=8080'],
    });
    await start(node, 'service', ['/programs/service.cjs', '--cluster', '/var/lib/mesos-airflow'], {
      User: `${user}:0`,
      ExposedPorts: { '7411/tcp': {} },
      HostConfig: {
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        PortBindings: { '7411/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      },
    });
    client = new ServiceClient({ url: `http://127.0.0.1:${port}`, container: `${run}-service` }, token);
    await until(() => client.handshake(), { limitMs: 20_000, what: 'the service' });
  });

  after(async () => {
    const filters = { label: [`${label}=${run}`] };
    for (const { Id } of await docker.listContainers({ all: true, filters })) {
      await docker.getContainer(Id).remove({ force: true, v: true });
    }
    for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
    await folder.remove();
  });

  async function start(
    image: string,
    part: string,
    command: string[],
    more: Docker.ContainerCreateOptions = {},
  ): Promise<void> {
    const container = await docker.createContainer({
      ...more,
      name: `${run}-${part}`,
      Image: image,
      Entrypoint: ['node'],
      Cmd: command,
      Labels: { [label]: run },
      HostConfig: {
        ...more.HostConfig,
        NetworkMode: run,
        Binds: [
          `${path.join(folder.path, 'programs')}:/programs:ro`,
          ...(part === 'service' ? [`${path.join(folder.path, 'volume')}:/var/lib/mesos-airflow`] : []),
        ],
      },
      NetworkingConfig: { EndpointsConfig: { [run]: { Aliases: [part] } } },
    });
    await container.start();
  }

  async function partIn(name: string, state: PartView['state'], limitMs = 15_000): Promise<PartView> {
    return until(
      async () => {
        const part = (await client.cluster()).parts.find((one) => one.name === name);
        return part?.state === state ? part : undefined;
      },
      { limitMs, what: `${name} ${state}` },
    );
  }

  it('needs no root, no capability and nothing to write to but its volume', async () => {
    for (const name of ['database', 'api-server', 'scheduler']) await partIn(name, 'ready');
    const { State } = await containerOf('service').inspect();
    const status = await fs.readFile(`/proc/${State.Pid}/status`, 'utf8');
    assert.match(status, new RegExp(`^Uid:\\t${user}\\t`, 'm'));
    assert.match(status, /^CapEff:\t0+$/m);
  });

  for (const [name, told] of [
    ['database', /database/],
    // It has no port: its name on the network tells.
    ['scheduler', /scheduler/],
  ] as const) {
    it(`sees within two seconds that the container of the ${name} died, and when it is back`, async () => {
      await containerOf(name).kill();
      const dead = await partIn(name, 'restarting', 2500);
      assert.match(dead.detail, told);
      await containerOf(name).start();
      assert.equal((await partIn(name, 'ready')).restarts, 1);
    });
  }

  it('ends at once when Docker stops it, and starts again on the same volume', async () => {
    const container = containerOf('service');
    const begun = Date.now();
    await container.stop({ t: 30 });
    assert.ok(Date.now() - begun < 5000);
    assert.equal((await container.inspect()).State.ExitCode, 0);
    await container.start();
    await until(() => client.handshake(), { limitMs: 20_000, what: 'the service' });
    await container.kill();
    await container.start();
    await until(() => client.handshake(), { limitMs: 20_000, what: 'the service' });
  });
});

async function writeVolume(root: string, spec: DockerSpec): Promise<void> {
  const files = {
    'cluster.json': JSON.stringify(spec),
    [`secrets/${secretFiles.admin}`]: token,
    [`secrets/${secretFiles.airflow}`]: 'a-token',
    [`secrets/${secretFiles.mesosCredentials}`]: 'mesos-airflow a-password',
    'secrets/airflow-admin.password': 'a-password',
  };
  for (const folder of [root, path.join(root, 'secrets')]) {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    await fs.chown(folder, user, -1);
  }
  for (const [name, content] of Object.entries(files)) {
    await fs.writeFile(path.join(root, name), `${content}\n`, { mode: 0o600 });
    await fs.chown(path.join(root, name), user, -1);
  }
}

function specOf(port: number): DockerSpec {
  const part = (name: string, check: PartCheck) => ({ name, container: `${run}-${name}`, check });
  return {
    format: 1,
    name: 'boxed',
    engine: 'docker',
    created: Date.now(),
    service: { port, url: 'http://service:7411', listen: 7411, image: '' },
    mesos: {
      distribution: 'dev',
      why: '',
      preset: null,
      master_port: 5050,
      master_url: 'http://mesos-master:5050',
      agents: [],
    },
    framework: {
      name: 'airflow',
      role: '*',
      user: 'airflow',
      default_resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 },
    },
    tasks: { run_in: 'agent', image: '', network: run, python: '', python_path: '', dags_folder: '' },
    airflow: {
      deployment: 'd',
      python: '',
      version: '3.3.2',
      port: 8080,
      dags_folder: '',
      env: {},
      url: 'http://api-server:8080',
      image: '',
    },
    parts: [
      part('database', { kind: 'tcp', host: 'database', port: 5432 }),
      ...['api-server', 'scheduler'].map((component) =>
        part(component, { kind: 'airflow', component, host: component }),
      ),
    ],
  };
}
