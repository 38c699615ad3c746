import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Container } from 'dockerode';
import { airflowComponents, type ComponentName } from '../../../src/airflow/components.ts';
import { airflowCfg } from '../../../src/airflow/configuration.ts';
import { airflowSecretsBy, passwordsFile, passwordsJson } from '../../../src/airflow/secrets.ts';
import type { AirflowSetup } from '../../../src/airflow/setup.ts';
import { putFiles } from '../../../src/docker/files.ts';
import { followLog } from '../../../src/docker/logs.ts';
import { ensureAirflowImage, type AirflowImage } from '../../../src/engines/docker/images/airflow.ts';
import {
  giveTemplate,
  keepTemplate,
  readTemplate,
} from '../../../src/engines/docker/images/databaseTemplate.ts';
import { airflowUser } from '../../../src/engines/docker/images/person.ts';
import { until } from '../../support/until.ts';
import { ImageTests } from '../support/imageContext.ts';

describe("Airflow's components in containers", () => {
  const password = randomBytes(8).toString('hex');
  const variable = 'variable-of-the-tests';
  let tests: ImageTests;
  let image: AirflowImage;
  let network: string;

  before(async function () {
    this.timeout(900_000);
    tests = await ImageTests.prepare();
    image = await ensureAirflowImage(tests.ctx);
    network = tests.name();
    await tests.ctx.engine.docker.createNetwork({
      Name: network,
      Labels: { 'mesos-airflow.test': 'images' },
    });
  });

  after(async () => {
    await tests.remove();
    await tests.ctx.engine.docker.getNetwork(network).remove();
  });

  async function setup(): Promise<{ setup: AirflowSetup; files: Record<string, string> }> {
    const home = '/var/lib/airflow';
    const made: AirflowSetup = {
      ...{ python: image.python, version: image.airflowVersion, home, secretsFolder: home, port: 8080 },
      ...{ dagsFolder: '/opt/mesos-airflow/dags', pythonPath: image.pythonPath, parallelism: 4 },
      container: { url: 'http://api-server:8080', listen: 8080 },
      mesos: { url: 'http://service:7411', tokenFile: `${home}/airflow.token`, deployment: randomUUID() },
      variables: {},
      env: {},
    };
    const secrets = await airflowSecretsBy((_, make) => make());
    const database = `postgresql+psycopg2://airflow:${password}@database:5432/airflow`;
    return {
      setup: made,
      files: {
        'airflow.cfg': airflowCfg(secrets, database),
        [path.basename(passwordsFile(made))]: passwordsJson(secrets),
        'airflow.token': 'token\n',
        'env.json': JSON.stringify({ MINE: variable, AIRFLOW__API__PORT: '1' }),
      },
    };
  }

  /** One that is made but not started: it finds its files as on a volume. */
  async function component(name: ComponentName): Promise<Container> {
    const { files, setup: made } = await setup();
    const planned = airflowComponents(made).find((each) => each.name === name);
    assert.ok(planned);
    const container = await tests.make({
      Image: image.image,
      Hostname: name,
      Cmd: [planned.command, ...planned.args],
      Env: Object.entries(planned.env).map(([key, value]) => `${key}=${value}`),
      HostConfig: { NetworkMode: network, Init: true, CapDrop: ['ALL'] },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [name] } } },
    });
    const owned = { mode: 0o600, uid: airflowUser(), gid: 0 };
    await putFiles(
      container,
      made.home,
      Object.entries(files).map(([file, content]) => ({ path: file, content, ...owned })),
    );
    return container;
  }

  async function database(): Promise<Container> {
    return tests.make({
      Image: tests.ctx.settings.databaseImage ?? '',
      Env: ['POSTGRES_USER=airflow', 'POSTGRES_DB=airflow', `POSTGRES_PASSWORD=${password}`],
      HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['database'] } } },
    });
  }

  async function logOf(container: Container): Promise<string> {
    const lines: string[] = [];
    const options = { follow: false, signal: new AbortController().signal };
    for await (const { text } of followLog(container, options)) lines.push(text);
    return lines.join('\n');
  }

  /** Runs a command in a running container; its status and what it printed. */
  async function inside(
    container: Container,
    command: string[],
    user = 'airflow',
  ): Promise<[number, string]> {
    const execution = await container.exec({
      Cmd: command,
      User: user,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await execution.start({});
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    const { ExitCode } = await execution.inspect();
    return [ExitCode ?? -1, Buffer.concat(pieces).toString('utf8')];
  }

  /** Waits until the image's own health check passes. */
  async function well(container: Container): Promise<void> {
    const { Config } = await container.inspect();
    const test = (Config.Healthcheck as { Test: string[] } | undefined)?.Test ?? [];
    assert.equal(test[0], 'CMD-SHELL');
    let lack = '';
    try {
      await until(
        async () => {
          const [status, output] = await inside(container, ['sh', '-c', test[1] ?? '']);
          lack = output;
          return status === 0;
        },
        { limitMs: 180_000, everyMs: 500, what: 'health' },
      );
    } catch (error) {
      assert.fail(`${String(error)}: ${lack}\n${await logOf(container)}`);
    }
  }

  it('start in any order, wait for their database, migrate it once, and live through its restart', async function () {
    this.timeout(600_000);
    const [scheduler, apiServer] = [await component('scheduler'), await component('api-server')];
    await scheduler.start();
    await apiServer.start();
    const [early, why] = await inside(scheduler, [image.python, '-m', 'airflow_mesos.health']);
    assert.equal(early, 1, why);
    const made = await database();
    await made.start();
    await Promise.all([well(scheduler), well(apiServer)]);
    assert.match(await logOf(apiServer), /mesos-airflow: Migrating the database to Airflow/);
    assert.doesNotMatch(await logOf(scheduler), /Migrating/);

    // The person's variables are there, but never in place of ours, and where Docker shows nothing of them.
    const shown = JSON.stringify(await scheduler.inspect());
    for (const secret of [variable, password]) assert.ok(!shown.includes(secret));
    const [, all] = await inside(scheduler, ['sh', '-c', 'cat /proc/[0-9]*/environ 2>/dev/null']);
    assert.ok(all.includes(`MINE=${variable}`));
    assert.ok(!all.includes('AIRFLOW__API__PORT=1\0'));

    await made.restart();
    await scheduler.restart();
    await well(scheduler);
    await well(apiServer);

    const file = path.join(tests.home, 'template.sql');
    const login = { file, name: 'airflow', user: 'airflow' };
    assert.ok(await keepTemplate(made, login, tests.ctx.signal));
    const template = (await readTemplate(file)) ?? '';
    assert.match(template, /COPY public\.alembic_version/);
    // Nobody's data but what the schema begins with.
    assert.deepEqual([...template.matchAll(/^COPY public\.(\w+) .*;$/gm)].map(([, table]) => table).sort(), [
      'alembic_version',
      'log_template',
      'slot_pool',
    ]);
    for (const each of [scheduler, apiServer, made]) await each.remove({ force: true, v: true });
  });

  it('need no migration where the database begins with the tables of an earlier one', async function () {
    this.timeout(600_000);
    const made = await database();
    assert.ok(await giveTemplate(made, path.join(tests.home, 'template.sql')));
    assert.ok(!(await giveTemplate(made, path.join(tests.home, 'none.sql'))));
    const apiServer = await component('api-server');
    await made.start();
    await apiServer.start();
    await well(apiServer);
    assert.doesNotMatch(await logOf(apiServer), /Migrating/);
    assert.doesNotMatch(await logOf(made), /ERROR/);
    // Airflow itself finds nothing to migrate either.
    const [status, output] = await inside(apiServer, ['airflow', 'db', 'check-migrations', '-t', '0']);
    assert.equal(status, 0, output);
    for (const each of [apiServer, made]) await each.remove({ force: true, v: true });
  });
});
