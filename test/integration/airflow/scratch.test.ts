import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../../src/airflow/program.ts';
import { makeScratch, type ScratchAirflow } from '../../../src/airflow/scratch.ts';
import { airflowEnvironment } from '../../support/airflowEnvironment.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const pythonPath = fileURLToPath(new URL('../../../cluster/airflow', import.meta.url));

const dag = `
import os
from airflow.sdk import Variable, dag, task

@dag(dag_id="tested", schedule=None)
def tested():
    @task
    def numbers():
        return [1, 2]

    @task
    def double(number):
        return 2 * number

    @task
    def add(numbers):
        if os.environ["MOOD"] == "bad":
            raise RuntimeError("kaputt")
        print("sum", sum(numbers), Variable.get("colour"), os.environ["MOOD"])
        print("files", sorted(os.listdir(os.environ["AIRFLOW_HOME"])))
        Variable.set("colour", "red")

    add(double.expand(number=numbers()))

tested()
`;

describe('A scratch Airflow', function () {
  this.timeout(240_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let python: string;
  let version: string;
  let dagsFolder: string;

  before(async () => {
    ({ python, airflowVersion: version } = await airflowEnvironment());
    folder = await temporaryFolder('scratch');
    dagsFolder = path.join(folder.path, 'dags');
    await fs.mkdir(dagsFolder);
    await fs.writeFile(path.join(dagsFolder, 'tested.py'), dag);
  });
  after(() => folder.remove());

  function make(variables: Readonly<Record<string, string>>): Promise<ScratchAirflow> {
    const setup = { python, version, dagsFolder, pythonPath, variables };
    return makeScratch({ parent: path.join(folder.path, 'debug'), setup });
  }

  function test(scratch: ScratchAirflow, dagId: string): ReturnType<typeof runProgram> {
    const args = ['-m', scratch.module, ...scratch.args, path.join(dagsFolder, 'tested.py'), dagId];
    return runProgram(scratch.python, args, { env: { PATH: process.env.PATH, ...scratch.env } });
  }

  it('runs a DAG with the workspace’s variables, which no command line shows, and is gone then', async () => {
    const elsewhere = path.join(folder.path, 'elsewhere.db');
    const scratch = await make({
      MOOD: 'good-geheim',
      AIRFLOW_VAR_COLOUR: 'blue',
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${elsewhere}`,
      AIRFLOW_HOME: folder.path,
    });
    assert.doesNotMatch(JSON.stringify(scratch), /geheim/);
    const { mode } = await fs.stat(path.join(scratch.folder, 'environment.json'));
    assert.equal(mode & 0o777, 0o600);
    const { status, output } = await test(scratch, 'tested');
    assert.equal(status, 0, output);
    assert.match(output, /sum 6 blue good-geheim/);
    assert.match(output, /files .*'airflow.db'/);
    assert.doesNotMatch(output, /files .*environment.json/);
    assert.match(output, /^double\[1\]: success$/m);
    assert.match(output, /^tested: success$/m);
    assert.equal(existsSync(scratch.folder), false);
    assert.equal(existsSync(elsewhere), false);
  });

  it('says of a DAG that fails, and of one that is not there, that it does', async () => {
    const failed = await test(await make({ MOOD: 'bad', AIRFLOW_VAR_COLOUR: 'blue' }), 'tested');
    assert.equal(failed.status, 1, failed.output);
    assert.match(failed.output, /kaputt/);
    assert.match(failed.output, /^tested: failed$/m);
    const missing = await test(await make({}), 'other');
    assert.equal(missing.status, 2, missing.output);
    assert.match(missing.output, /There is no DAG other in /);
    assert.deepEqual(await fs.readdir(path.join(folder.path, 'debug')), []);
  });

  it('that nobody came to run is removed a day later', async () => {
    const old = await make({});
    const dayAgo = new Date(Date.now() - 25 * 3_600_000);
    await fs.utimes(old.folder, dayAgo, dayAgo);
    const scratch = await make({});
    assert.deepEqual(await fs.readdir(path.join(folder.path, 'debug')), [path.basename(scratch.folder)]);
  });
});
