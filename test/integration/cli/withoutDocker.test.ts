import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { ListedCluster } from '../../../src/engines/list.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { runCommand } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { writeDockerSpec } from '../../unit/cli/dockerSpec.ts';

describe('mesos-airflow where no Docker can be used', function () {
  this.timeout(60_000);
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    home = await temporaryFolder('cli');
    env = {
      MESOS_AIRFLOW_HOME: home.path,
      // `npm test` names the cache that all suites share: what is removed here must not be that.
      MESOS_AIRFLOW_CACHE: path.join(home.path, 'cache'),
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    };
  });
  afterEach(() => home.remove());

  it('says so with a status of its own and a kind for programs', async () => {
    const { status, stderr } = await runCommand(['up', '--engine', 'docker'], { env });
    assert.equal(status, 7);
    assert.match(stderr, /\/nonexistent\/docker\.sock/);
    const { stdout } = await runCommand(['up', '--engine', 'docker', '--progress', 'json'], { env });
    assert.equal(
      (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { kind: string }).kind,
      'DockerUnavailable',
    );
  });

  it('takes with auto the embedded engine, and says why', async () => {
    const dags = path.join(home.path, 'missing');
    const args = ['up', '--engine', 'auto', '--mesos', 'dev', '--dags', dags];
    const { status, stdout } = await runCommand(args, { env });
    assert.equal(status, 6, 'it is the DAG folder that is missing');
    assert.match(stdout, /^Engine: embedded\. .*\/nonexistent\/docker\.sock/m);
    const json = await runCommand([...args, '--progress', 'json'], { env });
    const [first] = json.stdout
      .split('\n')
      .map((line) => JSON.parse(line || '{}') as Record<string, unknown>);
    assert.deepEqual([first?.type, first?.engine], ['engine', 'embedded']);
    assert.ok(first?.why);
  });

  it("refuses Docker's options for an embedded cluster, and a variable with a wrong value", async () => {
    const refused = await runCommand(['up', '--mesos', 'dev', '--tasks', 'agent'], { env });
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--mesos, --tasks are for clusters in Docker/);
    const wrong = await runCommand(['up'], { env: { ...env, MESOS_AIRFLOW_ENGINE: 'nomad' } });
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /MESOS_AIRFLOW_ENGINE cannot be nomad/);
  });

  it('shows a cluster in Docker by its folder, with the reason, and cannot end it', async () => {
    await writeDockerSpec(userFolders(env).state, 'box', true);
    const { status, stdout } = await runCommand(['list', '--json'], { env });
    assert.equal(status, 0);
    const [listed] = JSON.parse(stdout) as ListedCluster[];
    assert.deepEqual([listed?.name, listed?.engine, listed?.state], ['box', 'docker', 'unreachable']);
    assert.match(listed?.problem ?? '', /nonexistent/);
    for (const command of ['down', 'delete', 'watch']) {
      const args = command === 'delete' ? ['--yes'] : [];
      assert.equal((await runCommand([command, '--name', 'box', ...args], { env })).status, 7, command);
    }
  });

  it('removes all data but what only Docker can, and nothing that is not its own', async () => {
    // As the program sees them: with what it inherits.
    const { state, cache, runtime } = userFolders({ ...process.env, ...env });
    for (const folder of [state, cache, runtime]) assert.ok(isBelow(home.path, folder), folder);
    await writeDockerSpec(state, 'box', true);
    for (const file of [
      'environments/airflow-3-0123456789ab/bin/python',
      'installations/0123456789abcdef/cli.cjs',
      'of-somebody/else',
    ]) {
      await fs.mkdir(path.dirname(path.join(cache, file)), { recursive: true });
      await fs.writeFile(path.join(cache, file), 'x');
    }
    await fs.mkdir(path.join(state, 'clusters', 'half-made'), { recursive: true });
    const plan = await runCommand(['purge', '--dry-run', '--json'], { env });
    assert.equal(plan.status, 0, plan.stderr);
    const told = JSON.parse(plan.stdout) as {
      clusters: { name: string }[];
      caches: { path: string }[];
      images: unknown[];
      stays: string[];
    };
    assert.deepEqual(
      told.clusters.map(({ name }) => name),
      ['half-made'],
    );
    assert.deepEqual(
      told.caches.map((cached) => cached.path),
      [path.join(cache, 'environments'), path.join(cache, 'installations')],
    );
    assert.deepEqual(told.images, []);
    assert.match(told.stays[0] ?? '', /: box\. .*nonexistent/);

    const refused = await runCommand(['purge'], { env });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /Nothing was removed[\s\S]*purge --yes/);
    assert.deepEqual((await fs.readdir(cache)).sort(), ['environments', 'installations', 'of-somebody']);

    const done = await runCommand(['purge', '--yes', '--progress', 'json'], { env });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(JSON.parse(done.stdout.trimEnd().split('\n').at(-1) ?? ''), { type: 'purged' });
    assert.deepEqual(await fs.readdir(cache), ['of-somebody']);
    assert.deepEqual(await fs.readdir(path.join(state, 'clusters')), ['box']);
  });

  it('waits for a Docker that hangs two seconds, and no longer', async () => {
    const silent = net.createServer();
    const socket = path.join(home.path, 'silent.sock');
    await new Promise<void>((resolve) => silent.listen(socket, resolve));
    try {
      const hanging = { ...env, DOCKER_HOST: `unix://${socket}` };
      const before = Date.now();
      const { status, stderr } = await runCommand(['list'], { env: hanging });
      assert.equal(status, 0);
      assert.match(stderr, /did not answer within 2 s/);
      assert.ok(Date.now() - before < 6000, `${Date.now() - before} ms, the start of the program included`);
    } finally {
      silent.close();
    }
  });

  it('tells in doctor what was tried, and that an embedded cluster is possible all the same', async () => {
    const { stdout } = await runCommand(['doctor', '--json'], { env });
    const { engines, findings } = JSON.parse(stdout) as {
      engines: Record<string, boolean>;
      findings: { name: string; state: string; detail: string; engine?: string }[];
    };
    assert.equal(engines.docker, false);
    const docker = findings.find(({ name }) => name === 'Docker');
    assert.deepEqual([docker?.state, docker?.engine], ['failed', 'docker']);
    assert.match(docker?.detail ?? '', /nonexistent/);
    assert.equal((await runCommand(['doctor', '--engine', 'docker'], { env })).status, 7);
  });
});

function isBelow(folder: string, file: string): boolean {
  return file.startsWith(path.join(folder, path.sep));
}
