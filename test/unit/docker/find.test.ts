import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { findDocker, type FindOptions } from '../../../src/docker/engine.ts';
import { DockerUnavailable, type DeclinedReason } from '../../../src/docker/errors.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { FakeDaemon, type DaemonFacts } from './fakeDaemon.ts';

describe('finding Docker', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let daemons: FakeDaemon[];

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder('docker'));
    daemons = [];
  });

  afterEach(async () => {
    for (const daemon of daemons) await daemon.stop();
    await remove();
  });

  async function daemon(name: string, facts: DaemonFacts = {}): Promise<FakeDaemon> {
    const started = await FakeDaemon.start(folder, name, facts);
    daemons.push(started);
    return started;
  }

  function find(options: Partial<FindOptions> = {}): ReturnType<typeof findDocker> {
    return findDocker({
      signal: new AbortController().signal,
      limitMs: 1000,
      places: [],
      ...options,
      env: { HOME: folder, ...options.env },
    });
  }

  async function declined(options: Partial<FindOptions>): Promise<DockerUnavailable> {
    try {
      await find(options);
    } catch (error) {
      assert.ok(error instanceof DockerUnavailable, String(error));
      return error;
    }
    assert.fail('Docker was found');
  }

  async function reasonOf(facts: DaemonFacts): Promise<DeclinedReason | undefined> {
    const { candidate } = await daemon(`socket-${String(daemons.length)}`, facts);
    return (await declined({ places: [candidate] })).tried[0]?.reason;
  }

  /** Writes a context as Docker's client does. */
  async function context(name: string, host: string): Promise<void> {
    const id = createHash('sha256').update(name).digest('hex');
    const meta = path.join(folder, '.docker/contexts/meta', id);
    await fs.mkdir(meta, { recursive: true });
    await fs.writeFile(
      path.join(meta, 'meta.json'),
      JSON.stringify({
        Name: name,
        Metadata: {},
        Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
      }),
    );
  }

  async function configure(configuration: object | string): Promise<void> {
    await fs.mkdir(path.join(folder, '.docker'), { recursive: true });
    const text = typeof configuration === 'string' ? configuration : JSON.stringify(configuration);
    await fs.writeFile(path.join(folder, '.docker/config.json'), text);
  }

  it('takes the first that answers, and says what it is', async () => {
    const silent = await daemon('silent', { status: 500 });
    const good = await daemon('good');
    const next = await daemon('next');
    const engine = await find({ places: [silent, good, next].map(({ candidate }) => candidate) });
    assert.equal(engine.endpoint.socketPath, good.socketPath);
    assert.equal(engine.endpoint.local, true);
    assert.deepEqual(engine.info, {
      provider: 'Docker Engine',
      version: '20.10.24',
      apiVersion: '1.41',
      os: 'Debian GNU/Linux 12 (bookworm)',
      arch: 'amd64',
      cgroupVersion: 2,
      cpus: 4,
      memoryMb: 8192,
      rootless: false,
      selinux: false,
      hostname: os.hostname(),
      kernel: '6.1.0',
      storageDriver: 'overlay2',
      dataFolder: '/var/lib/docker',
    });
    assert.deepEqual(next.asked, []);
  });

  for (const [provider, facts] of [
    ['Docker Desktop', { info: { OperatingSystem: 'Docker Desktop', Name: 'docker-desktop' } }],
    ['Docker Desktop', { version: { Platform: { Name: 'Docker Desktop 4.37.1 (178610)' } } }],
    ['OrbStack', { info: { OperatingSystem: 'OrbStack', Name: 'orbstack' } }],
    ['Colima', { info: { OperatingSystem: 'Ubuntu 24.04 LTS', Name: 'colima' } }],
    ['Colima', { info: { OperatingSystem: 'Ubuntu 24.04 LTS', Name: 'colima-work' } }],
    ['Rancher Desktop', { info: { OperatingSystem: 'Alpine Linux v3.20', Name: 'lima-rancher-desktop' } }],
    ['Lima', { info: { OperatingSystem: 'Ubuntu 24.04 LTS', Name: 'lima-docker' } }],
    ['Podman', { version: { Components: [{ Name: 'Podman Engine' }] } }],
  ] as const) {
    it(`recognizes ${provider} by ${JSON.stringify(facts)}`, async () => {
      const { candidate } = await daemon('one', facts);
      assert.equal((await find({ places: [candidate], takeRemote: true })).info.provider, provider);
    });
  }

  it('notices what limits a daemon', async () => {
    const { candidate } = await daemon('limited', {
      info: { SecurityOptions: ['name=rootless', 'name=selinux'], CgroupVersion: '1' },
    });
    const { info } = await find({ places: [candidate] });
    assert.deepEqual([info.rootless, info.selinux, info.cgroupVersion], [true, true, 1]);
  });

  it('speaks the newest version of the API that both know', async () => {
    for (const [facts, spoken] of [
      [{ ApiVersion: '1.41' }, '/v1.41/info?'],
      [{ ApiVersion: '1.99', MinAPIVersion: '1.44' }, '/v1.51/info?'],
      [{ ApiVersion: '1.99', MinAPIVersion: '1.60' }, '/v1.99/info?'],
    ] as const) {
      const one = await daemon(`api-${String(daemons.length)}`, { version: facts });
      await find({ places: [one.candidate] });
      assert.equal(one.asked.at(-1), spoken);
    }
  });

  it('declines what cannot be used, by reason', async () => {
    assert.equal(await reasonOf({ version: { ApiVersion: '1.40' } }), 'too-old');
    assert.equal(await reasonOf({ version: { Os: 'windows' } }), 'windows-containers');
    assert.equal(await reasonOf({ version: { Arch: 's390x' } }), 'architecture');
    assert.equal(await reasonOf({ status: 404 }), 'not-docker');
    assert.equal(await reasonOf({ version: { ApiVersion: null } }), 'not-docker');
    assert.equal(await reasonOf({ silent: true }), 'silent');
  });

  it('says where it looked when nothing is there', async () => {
    const { candidate } = await daemon('gone');
    await daemons.pop()?.stop();
    const error = await declined({ places: [candidate] });
    assert.equal(error.message, 'Docker was not found');
    assert.equal(error.why, `nothing listens at ${folder}/gone`);
    assert.match(error.next ?? '', /docs\.docker\.com\/engine\/install/);
  });

  it('says what is in the way of the first that is there', async () => {
    const old = await daemon('old', { version: { ApiVersion: '1.30', Version: '17.06' } });
    const silent = await daemon('silent', { silent: true });
    const error = await declined({ places: [old.candidate, silent.candidate], limitMs: 200 });
    assert.equal(error.message, 'Docker cannot be used');
    assert.equal(
      error.why,
      [
        `old at unix://${folder}/old: it is too old: 17.06 speaks API 1.30, at least 1.41 is needed`,
        `silent at unix://${folder}/silent: it did not answer within 0.2 s`,
      ].join('\n'),
    );
  });

  it('is ended by its signal', async () => {
    const { candidate } = await daemon('silent', { silent: true });
    const reason = new Error('not any more');
    const controller = new AbortController();
    const finding = find({ places: [candidate], signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(finding, (error) => error === reason);
  });

  describe('chosen', () => {
    it('by a context, DOCKER_HOST, DOCKER_CONTEXT and config.json, in this order', async () => {
      for (const name of ['flag', 'host', 'variable', 'current']) {
        await daemon(name);
        if (name !== 'host') await context(name, `unix://${folder}/${name}`);
      }
      await configure({ currentContext: 'current' });
      const env: NodeJS.ProcessEnv = { DOCKER_HOST: `unix://${folder}/host`, DOCKER_CONTEXT: 'variable' };
      const taken = async (options: Partial<FindOptions>): Promise<string> =>
        path.basename((await find(options)).endpoint.socketPath ?? '');
      assert.equal(await taken({ env, context: 'flag' }), 'flag');
      assert.equal(await taken({ env }), 'host');
      assert.equal(await taken({ env, context: 'default' }), 'host');
      delete env.DOCKER_HOST;
      assert.equal(await taken({ env }), 'variable');
      assert.equal(await taken({ env: { DOCKER_CONTEXT: '' } }), 'current');
      const elsewhere = await daemon('elsewhere');
      const places = [elsewhere.candidate];
      assert.equal(await taken({ context: 'default', places }), 'elsewhere');
      assert.equal(await taken({ env: { DOCKER_CONTEXT: 'default' }, places }), 'elsewhere');
    });

    it('in another folder by DOCKER_CONFIG', async () => {
      await daemon('current');
      await context('current', `unix://${folder}/current`);
      await configure({ currentContext: 'current' });
      const env = { HOME: '/nowhere', DOCKER_CONFIG: path.join(folder, '.docker') };
      assert.equal((await find({ env })).endpoint.name, 'context current');
    });

    it('is taken or nothing, but others that answer are named', async () => {
      const other = await daemon('other');
      const error = await declined({
        env: { DOCKER_HOST: `unix://${folder}/none` },
        places: [other.candidate],
      });
      assert.equal(
        error.message,
        `The chosen Docker Engine cannot be used (DOCKER_HOST: unix://${folder}/none)`,
      );
      assert.equal(error.why, 'nothing is there');
      assert.match(
        error.next ?? '',
        /Docker Engine answers at unix:\S+\/other; to use it: DOCKER_HOST=unix:/,
      );
    });

    it('but over ssh, or missing, or unreadable', async () => {
      const ssh = await declined({ env: { DOCKER_HOST: 'ssh://me@there' } });
      assert.equal(ssh.tried[0]?.reason, 'unsupported');
      assert.match(ssh.why ?? '', /ssh/);
      assert.match(ssh.next ?? '', /docker context use default/);
      const missing = await declined({ context: 'nowhere' });
      assert.equal(missing.tried[0]?.reason, 'no-context');
      assert.match(missing.next ?? '', /docker context ls/);
      const unclear = await declined({ env: { DOCKER_HOST: 'what://ever' } });
      assert.equal(unclear.tried[0]?.reason, 'unsupported');
      await configure('{');
      const broken = await declined({});
      assert.match(broken.why ?? '', /config\.json could not be read/);
    });

    it('but not running, or unknown', async () => {
      const unknown = await declined({ env: { DOCKER_HOST: 'tcp://docker.invalid:2375' } });
      assert.equal(unknown.tried[0]?.reason, 'unknown-host');
      const refused = await declined({ env: { DOCKER_HOST: 'tcp://127.0.0.1:1' } });
      assert.equal(refused.tried[0]?.reason, 'not-running');
    });

    it('as what is no Docker Engine is declined', async () => {
      const server = http.createServer((_request, response) => response.writeHead(404).end('<html>'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        const error = await declined({ env: { DOCKER_HOST: `tcp://127.0.0.1:${String(port)}` } });
        assert.equal(error.tried[0]?.reason, 'not-docker');
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });
  });
});
