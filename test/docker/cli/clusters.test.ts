import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Container } from 'dockerode';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import type { ListedCluster } from '../../../src/engines/list.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { runCommand, startCommand, type RunningCommand } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { writeDockerSpec } from '../../unit/cli/dockerSpec.ts';
import { BreakableDocker } from '../support/breakableDocker.ts';
import { importSmallImage } from '../support/smallImage.ts';
import { FakeCluster, letDie } from './fakeCluster.ts';

describe('the command line and what Docker has of clusters', function () {
  this.timeout(60_000);
  let engine: DockerEngine;
  let image: string;
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: NodeJS.ProcessEnv;
  let cluster: FakeCluster;

  before(async () => {
    engine = await findDocker({ env: process.env, signal: new AbortController().signal });
    image = await importSmallImage(engine);
  });
  after(() => engine.docker.getImage(image).remove({ force: true }));
  beforeEach(async () => {
    home = await temporaryFolder('cli');
    env = { MESOS_AIRFLOW_HOME: home.path };
    cluster = new FakeCluster(engine, image);
  });
  afterEach(async () => {
    await cluster.remove();
    await home.remove();
  });

  function run(...args: string[]) {
    return runCommand([...args, '--name', cluster.name], { env });
  }

  async function listed(): Promise<ListedCluster | undefined> {
    const { status, stdout, stderr } = await runCommand(['list', '--json'], { env });
    assert.equal(status, 0, stderr);
    return (JSON.parse(stdout) as ListedCluster[]).find(({ name }) => name === cluster.name);
  }

  it('finds a cluster whose folder is lost, and keeps its engine', async () => {
    const parts = await cluster.start('service', 'agent-1');
    const found = await listed();
    assert.deepEqual([found?.engine, found?.agents], ['docker', 1]);

    const other = await run('up', '--engine', 'embedded');
    assert.equal(other.status, 2);
    assert.match(other.stderr, /is one in Docker/);
    const python = await run('up', '--python', '/usr/bin/python3');
    assert.equal(python.status, 2);
    assert.match(python.stderr, /--python is for embedded clusters/);

    for (const part of parts.values()) await part.stop({ t: 0 });
    assert.equal((await listed())?.state, 'stopped');
    const status = await run('status');
    assert.equal(status.status, 3);
    assert.match(status.stderr, new RegExp(`${cluster.name} is not running\n.*mesos-airflow up`));
  });

  it('says what would go, asks, and removes all of it', async () => {
    await cluster.start('service', 'agent-1');
    const dry = await run('delete', '--dry-run', '--json');
    const { engine: name, goes } = JSON.parse(dry.stdout) as { engine: string; goes: string[] };
    assert.equal(name, 'docker');
    assert.match(goes.join('\n'), /2 containers/);
    const unasked = await run('delete');
    assert.equal(unasked.status, 1);
    assert.match(unasked.stderr, /--yes/);
    assert.equal((await cluster.containers()).length, 2);

    const { status, stderr } = await run('delete', '--yes');
    assert.equal(status, 0, stderr);
    assert.deepEqual(await cluster.containers(), []);
    assert.equal((await run('delete', '--yes')).status, 3);
  });

  it("shows a part's log, of a stopped cluster too", async () => {
    const parts = await cluster.start('agent-1');
    const agent = parts.get('agent-1')!;
    await letDie(agent);
    await until(async () => (await run('logs', '--part', 'agent-1')).stdout === 'last words\n', {
      limitMs: 20_000,
    });
    await agent.stop({ t: 0 });
    assert.equal((await run('logs', '--part', 'agent-1', '--lines', '1')).stdout, 'last words\n');
    const unknown = await run('logs', '--part', 'agent-7');
    assert.notEqual(unknown.status, 0);
    assert.match(unknown.stderr, /agent-7[\s\S]*agent-1/);
  });

  describe('watched', () => {
    let watching: RunningCommand | undefined;
    afterEach(() => watching?.child.kill('SIGKILL'));

    interface Line {
      readonly type: string;
      readonly part?: string;
      readonly state?: string;
      readonly detail?: string;
      readonly lines?: readonly string[];
    }

    function lines(): Line[] {
      const text = watching?.stdout() ?? '';
      return text
        .slice(0, text.lastIndexOf('\n') + 1)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line);
    }

    async function watch(...more: { DOCKER_HOST?: string }[]): Promise<string> {
      const { state } = userFolders(env);
      const root = await writeDockerSpec(state, cluster.name, true);
      watching = startCommand(['watch', '--progress', 'json', '--name', cluster.name], {
        env: Object.assign({}, env, ...more) as NodeJS.ProcessEnv,
      });
      await until(() => lines().some(({ type }) => type === 'watching'), {
        limitMs: 20_000,
        what: 'the watch',
      });
      return root;
    }

    /** That Docker's events are listened to shows by one of them. */
    async function untilListening(container: Container): Promise<void> {
      await until(
        async () => {
          await container.restart({ t: 0 });
          return lines().some(({ type }) => type === 'incident');
        },
        { limitMs: 20_000, everyMs: 300, what: 'an incident' },
      );
    }

    function incident(part: string, state: string): Promise<Line> {
      return until(
        () => lines().find((line) => line.type === 'incident' && line.part === part && line.state === state),
        {
          limitMs: 20_000,
          what: `${part} ${state}`,
        },
      );
    }

    it('tells of a part that dies, with its last words, and that it is back; ends with the cluster', async () => {
      const parts = await cluster.start('service', 'agent-1', 'scheduler', 'database');
      const root = await watch();
      await untilListening(parts.get('database')!);
      await letDie(parts.get('agent-1')!);
      const death = await incident('agent-1', 'restarting');
      assert.match(death.detail ?? '', /exit status 3/);
      assert.deepEqual(death.lines, ['last words']);
      await incident('agent-1', 'running');

      await fs.rm(path.join(root, 'runtime.json'));
      assert.equal((await watching?.ended)?.status, 0);
      assert.equal(lines().at(-1)?.type, 'ended');
    });

    it('goes on when the daemon is back', async () => {
      const parts = await cluster.start('service', 'agent-1', 'scheduler', 'database');
      const docker = new BreakableDocker(
        engine.endpoint.socketPath ?? '',
        path.join(home.path, 'docker.sock'),
      );
      await docker.listen();
      try {
        await watch({ DOCKER_HOST: docker.host });
        await untilListening(parts.get('database')!);
        await docker.cut();
        await letDie(parts.get('scheduler')!);
        await docker.listen();
        await incident('scheduler', 'running');
        watching?.child.kill('SIGTERM');
        assert.equal((await watching?.ended)?.status, 0);
      } finally {
        await docker.cut();
      }
    });
  });
});
