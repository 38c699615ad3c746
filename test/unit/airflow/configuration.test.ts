import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { airflowComponents } from '../../../src/airflow/components.ts';
import {
  airflowCfg,
  airflowEnvironment,
  airflowVariables,
  taskEnvironment,
  taskVariables,
} from '../../../src/airflow/configuration.ts';
import { prepareAirflow } from '../../../src/airflow/prepare.ts';
import { airflowSecrets } from '../../../src/airflow/secrets.ts';
import { passwordFile } from '../../../src/airflow/setup.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { setupIn } from './setup.ts';

describe("Airflow's configuration", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder('airflow');
  });
  afterEach(() => folder.remove());

  it('starts the four components, each with the whole environment', () => {
    const components = airflowComponents(setupIn(folder.path));
    assert.deepEqual(
      components.map(({ name }) => name),
      ['api-server', 'scheduler', 'dag-processor', 'triggerer'],
    );
    for (const { env, args } of components) {
      assert.equal(env.AIRFLOW__API__HOST, '127.0.0.1');
      assert.equal(env.AIRFLOW__CORE__EXECUTOR, 'airflow_mesos.executor.MesosExecutor');
      assert.equal(env.PYTHONPATH, path.join(folder.path, 'python'));
      assert.equal(env.AWS_SECRET_ACCESS_KEY, undefined);
      assert.ok(!('PYTHONDONTWRITEBYTECODE' in env));
      assert.equal(args[1], 'airflow_mesos.component');
    }
  });

  it('is told where it is, in containers: other addresses inside than outside, and no connection to a database', () => {
    const setup = setupIn('/var/lib', {
      container: { url: 'http://api-server:8080', listen: 8080 },
      port: 8091,
      env: {},
      variables: {
        MINE: 'yes',
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: 'sqlite:////else',
        AIRFLOW__API__PORT: '1',
        PYTHONPATH: '/host',
      },
    });
    for (const { args, env } of airflowComponents({ ...setup, variables: {} })) {
      assert.equal(args[1], 'airflow_mesos.container');
      assert.equal(env.AIRFLOW__API__HOST, '0.0.0.0');
      assert.equal(env.AIRFLOW__API__PORT, '8080');
      assert.equal(env.AIRFLOW__API__BASE_URL, 'http://127.0.0.1:8091/');
      assert.equal(env.AIRFLOW__CORE__EXECUTION_API_SERVER_URL, 'http://api-server:8080/execution/');
      assert.ok(!('AIRFLOW__DATABASE__SQL_ALCHEMY_CONN' in env));
    }
    assert.deepEqual(airflowVariables(setup), { MINE: 'yes' });
    const cfg = airflowCfg(
      { password: '', jwt: 'j', fernet: 'f', api: 'a' },
      'postgresql://u:p%40@database/airflow',
    );
    assert.match(
      cfg,
      /\n\[database\]\nload_default_connections = False\ncheck_migrations = False\nsql_alchemy_conn = postgresql:\/\/u:p%%40@/,
    );
  });

  it('keeps every secret out of arguments and environments', async () => {
    const setup = setupIn(folder.path);
    const secrets: Record<string, string> = { ...(await airflowSecrets(setup)) };
    const shown = JSON.stringify([airflowComponents(setup), taskEnvironment(setup), taskVariables(setup)]);
    for (const [name, secret] of Object.entries(secrets)) assert.ok(!shown.includes(secret), name);
  });

  it('writes secrets to files that only their owner can read, and keeps them', async () => {
    const setup = await migratedSetup();
    await prepareAirflow(setup);
    const cfg = await fs.readFile(path.join(setup.home, 'airflow.cfg'), 'utf8');
    const secrets = await airflowSecrets(setup);
    assert.ok(cfg.includes(`\n[api_auth]\njwt_secret = ${secrets.jwt}\n`), cfg);
    assert.ok(cfg.includes(`\nfernet_key = ${secrets.fernet}\n`));
    assert.equal(Buffer.from(secrets.fernet, 'base64url').length, 32);
    assert.ok(Buffer.from(secrets.jwt).length >= 64);
    assert.match(secrets.password, /^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    assert.equal((await fs.readFile(passwordFile(setup), 'utf8')).trim(), secrets.password);
    const files = [path.join(setup.home, 'airflow.cfg')];
    for (const name of await fs.readdir(setup.secretsFolder))
      files.push(path.join(setup.secretsFolder, name));
    for (const file of files) assert.equal((await fs.stat(file)).mode & 0o077, 0, file);
    await prepareAirflow(setup);
    assert.equal(await fs.readFile(path.join(setup.home, 'airflow.cfg'), 'utf8'), cfg);
  });

  it("gives the person's variables to Airflow and to tasks, but lets none take over the cluster", () => {
    const variables = {
      GREETING: 'Grüße',
      AIRFLOW__CORE__DEFAULT_TIMEZONE: 'Europe/Berlin',
      AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT: '60',
      AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD: 'cat url',
      AIRFLOW__API_AUTH__JWT_SECRET: 'mine',
      AIRFLOW__API_AUTH__JWT_SECRET_CMD: 'cat mine',
      AIRFLOW_HOME: '/mine',
      PYTHONPATH: '/mine',
    };
    const setup = setupIn(folder.path, { variables });
    const env = airflowEnvironment(setup);
    assert.equal(env.GREETING, 'Grüße');
    assert.equal(env.AIRFLOW__CORE__DEFAULT_TIMEZONE, 'Europe/Berlin');
    assert.equal(env.AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT, '60');
    assert.equal(env.AIRFLOW__CORE__EXECUTOR, 'airflow_mesos.executor.MesosExecutor');
    assert.equal(env.AIRFLOW_HOME, setup.home);
    assert.equal(env.PYTHONPATH, `${setup.pythonPath}:/mine`);
    const tasks = taskVariables(setup);
    assert.equal(tasks.GREETING, 'Grüße');
    for (const name of Object.keys(variables).filter((each) => /JWT|CONN|EXECUTOR|HOME$/.test(each))) {
      assert.ok(!(name in tasks), name);
      if (/JWT|_CMD/.test(name)) assert.ok(!(name in env), name);
    }
  });

  it("shows to Mesos what a task needs, none of it the person's own", () => {
    const setup = setupIn(folder.path, { variables: { PASSWORD: 'hunter2' } });
    const env = taskEnvironment(setup);
    assert.equal(env.AIRFLOW__CORE__EXECUTION_API_SERVER_URL, 'http://127.0.0.1:8080/execution/');
    assert.equal(env.AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL, '1');
    assert.doesNotMatch(JSON.stringify(env), /hunter2|not yours/);
  });

  it('refuses a database of a newer Airflow', async () => {
    const setup = await migratedSetup('3.4.0');
    await assert.rejects(prepareAirflow(setup), (error) => {
      assert.ok(error instanceof ExplainedError);
      assert.match(error.message, /newer Airflow \(3\.4\.0\)/);
      assert.match(error.next ?? '', /mesos-airflow delete/);
      return true;
    });
  });

  it('migrates a new database once, and copies it for the next cluster of the environment', async () => {
    const log = path.join(folder.path, 'calls');
    const setup = setupIn(folder.path);
    const environment = path.join(folder.path, 'environment');
    await fs.mkdir(path.join(environment, 'bin'), { recursive: true });
    await fs.writeFile(
      path.join(environment, 'mesos-airflow.json'),
      JSON.stringify({ airflowVersion: '3.3.2', pythonVersion: '3.11.7', packages: 130 }),
    );
    const python = `#!/bin/sh\necho "$*" >> ${log}\necho tables > "$AIRFLOW_HOME/airflow.db"\n`;
    await fs.writeFile(setup.python, python, { mode: 0o755 });
    await prepareAirflow(setup);
    await prepareAirflow(setup);
    const second = { ...setup, home: path.join(folder.path, 'second') };
    await prepareAirflow(second);
    assert.equal(await fs.readFile(log, 'utf8'), '-m airflow db migrate\n');
    const database = path.join(second.home, 'airflow.db');
    assert.equal(await fs.readFile(database, 'utf8'), 'tables\n');
    assert.equal((await fs.stat(database)).mode & 0o077, 0);
    await prepareAirflow({ ...second, version: '3.3.3' });
    assert.match(await fs.readFile(log, 'utf8'), /(-m airflow db migrate\n){2}/);
  });

  it("tells why a migration failed, in Airflow's words", async () => {
    const setup = setupIn(folder.path);
    await fs.mkdir(path.dirname(setup.python), { recursive: true });
    await fs.writeFile(
      setup.python,
      '#!/bin/sh\necho "Can\'t locate revision identified by abc" >&2; exit 1\n',
      {
        mode: 0o755,
      },
    );
    await assert.rejects(
      prepareAirflow(setup),
      (error) => error instanceof ExplainedError && error.why === "Can't locate revision identified by abc",
    );
  });

  /** A setup whose database this version has migrated already. */
  async function migratedSetup(version = '3.3.2'): Promise<ReturnType<typeof setupIn>> {
    const setup = setupIn(folder.path);
    await fs.mkdir(setup.home, { recursive: true });
    await fs.writeFile(path.join(setup.home, 'airflow.db'), 'tables');
    await fs.writeFile(path.join(setup.home, 'database-version'), `${version}\n`);
    return setup;
  }
});
