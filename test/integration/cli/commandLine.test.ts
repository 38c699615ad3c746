import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { cliBundle, runCommand } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('mesos-airflow', function () {
  this.timeout(30_000);
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    home = await temporaryFolder('cli');
    // Whatever this machine's Docker has of clusters is not of interest here.
    env = { MESOS_AIRFLOW_HOME: home.path, DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  });
  afterEach(() => home.remove());

  it('prints help that shows where to begin', async () => {
    for (const args of [[], ['--help'], ['help'], ['up', '--help']]) {
      const { status, stdout } = await runCommand(args);
      assert.equal(status, 0, args.join(' '));
      assert.match(stdout, /mesos-airflow up/);
    }
  });

  it('ends with 2 where it is used wrongly, and suggests what may have been meant', async () => {
    const { status, stderr } = await runCommand(['stauts']);
    assert.equal(status, 2);
    assert.match(stderr, /status/);
    assert.equal((await runCommand(['up', '--engine', 'nomad'])).status, 2);
    assert.equal((await runCommand(['up', '--agents', '99'], { env })).status, 2);
    assert.equal((await runCommand(['status', '--name', '../x'], { env })).status, 2);
  });

  it('ends with 3 where there is no such cluster, and says how to start one', async () => {
    for (const command of [
      'status',
      'agents',
      'tasks',
      'dags',
      'down',
      'open',
      'logs x',
      'kill x',
      'trigger x',
      'pause x',
      'unpause x',
      'clear x/y',
      'retry x/y',
    ]) {
      const { status, stderr, stdout } = await runCommand(command.split(' '), { env });
      assert.equal(status, 3, command);
      assert.match(stderr, /no cluster called default[\s\S]*mesos-airflow up/, command);
      assert.equal(stdout, '', command);
    }
    const json = await runCommand(['status', '--json'], { env });
    assert.deepEqual(Object.keys(JSON.parse(json.stderr) as object), ['error', 'why', 'next', 'kind']);
  });

  it('lists no cluster where there is none', async () => {
    assert.deepEqual(JSON.parse((await runCommand(['list', '--json'], { env })).stdout), []);
  });

  it('refuses a DAG folder that does not exist before anything is started', async () => {
    const missing = path.join(home.path, 'größe', 'dags');
    const { status, stdout, stderr } = await runCommand(['up', '--dags', missing, '--progress', 'json'], {
      env,
    });
    assert.equal(status, 6);
    assert.equal(stderr, '');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      records.map(({ type, state }) => [type, state]),
      [
        ['phase', 'running'],
        ['phase', 'failed'],
        ['error', undefined],
      ],
    );
    assert.ok(String(records[2]?.error).includes(missing));
    assert.ok(String(records[2]?.next).includes('--dags'));
  });

  it('names what is wrong with the Python that was chosen', async () => {
    await fs.mkdir(path.join(home.path, 'dags'));
    const { status, stderr } = await runCommand(['up', '--python', '/no/such/python', '--dags', 'dags'], {
      env,
      cwd: home.path,
    });
    assert.equal(status, 6);
    assert.match(stderr, /\/no\/such\/python/);
    assert.match(stderr, /3\.11/);
  });

  it('examines this machine', async () => {
    const { status, stdout } = await runCommand(['doctor', '--json'], { env });
    const { ok, findings } = JSON.parse(stdout) as {
      ok: boolean;
      findings: { name: string; state: string }[];
    };
    assert.equal(status, ok ? 0 : 6);
    assert.ok(findings.some(({ name }) => name === 'Python'));
    const without = await runCommand(['doctor', '--json', '--python', '/no/such/python'], { env });
    assert.equal(without.status, 6);
    const python = (
      JSON.parse(without.stdout) as { findings: { name: string; state: string; remedy?: string }[] }
    ).findings.find(({ name }) => name === 'Python');
    assert.equal(python?.state, 'failed');
    assert.ok(python.remedy);
  });

  it('does not mind a reader that goes away', () => {
    const command = `"${process.execPath}" "${cliBundle}" --help; echo "status $?" >&2`;
    const { stderr } = spawnSync('sh', ['-c', `{ ${command} ; } | head -c 1 > /dev/null`], {
      encoding: 'utf8',
    });
    assert.equal(stderr.trim(), 'status 0');
  });
});
