import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ensureEnvironment } from '../../../src/airflow/environment/ensure.ts';
import type { EnvironmentOptions } from '../../../src/airflow/environment/types.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { airflowEnvironment } from '../../support/airflowEnvironment.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const locks = path.resolve('cluster/airflow/locks');

describe('the Python environment, with the real lock', function () {
  this.timeout(180_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let options: EnvironmentOptions;

  before(async () => {
    folder = await temporaryFolder('environment');
    options = {
      lockFile: path.join(locks, 'airflow-3.txt'),
      uvLockFile: path.join(locks, 'uv.txt'),
      cacheFolder: path.join(folder.path, 'cache'),
    };
    // What the first environment has fetched, uv among it, the next one need not fetch again.
    await airflowEnvironment();
    const tools = path.join(userFolders().cache, 'tools');
    await fs.cp(tools, path.join(folder.path, 'cache', 'tools'), { recursive: true }).catch(() => undefined);
  });
  after(() => folder.remove());

  it("names the line of the workspace's requirements that Airflow cannot live with, and leaves nothing", async () => {
    const requirements = path.join(folder.path, 'requirements.txt');
    await fs.writeFile(requirements, '# tables\niniconfig\nSQLAlchemy[asyncio] < 2\n');
    await assert.rejects(ensureEnvironment({ ...options, requirements }), (error) => {
      assert.ok(error instanceof ExplainedError, String(error));
      assert.match(error.message, /requirements\.txt, line 3: SQLAlchemy\[asyncio\] < 2/);
      assert.match(error.why ?? '', /locked to sqlalchemy 2\./);
      return true;
    });
    assert.deepEqual(await fs.readdir(path.join(folder.path, 'cache', 'environments')), []);
  });

  it('says which address was not reached', async () => {
    const env = {
      ...process.env,
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
      PIP_FIND_LINKS: '',
      PIP_RETRIES: '1',
    };
    // Nothing that was fetched before may help.
    const cold = {
      ...options,
      cacheFolder: path.join(folder.path, 'cold'),
      env: { ...env, UV_NO_CACHE: '1', UV_HTTP_RETRIES: '0' },
    };
    await assert.rejects(ensureEnvironment(cold), (error) => {
      assert.ok(error instanceof ExplainedError, String(error));
      assert.match(error.message, /http:\/\/127\.0\.0\.1:9 was not reached/);
      assert.match(error.why ?? '', /refused/i);
      return true;
    });
  });
});
