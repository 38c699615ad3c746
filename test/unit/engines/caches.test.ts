import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { cachesOf, removeCaches } from '../../../src/engines/caches.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('the caches that can be removed', () => {
  it('are what we have put there, whatever else lies beside it', async () => {
    const folder = await temporaryFolder('caches');
    try {
      const cache = path.join(folder.path, 'cache');
      const folders = userFolders({ MESOS_AIRFLOW_HOME: folder.path, MESOS_AIRFLOW_CACHE: cache });
      const own = ['environments/airflow-3.3.2-python-3.11.7-0123456789ab', 'installations/0123456789abcdef'];
      const foreign = ['tools/hammer', 'installations/of somebody else', 'others'];
      for (const name of [...own, ...foreign]) {
        await fs.mkdir(path.join(cache, name), { recursive: true });
        await fs.writeFile(path.join(cache, name, 'file'), 'five!');
      }
      await fs.writeFile(path.join(cache, 'locks'), 'a file');
      const found = await cachesOf(folders);
      assert.deepEqual(
        found.map(({ path: where, bytes }) => [path.basename(where), bytes]),
        [
          ['environments', 5],
          ['installations', 5],
        ],
      );
      await removeCaches(folders, found);
      const left = await fs.readdir(cache, { recursive: true });
      assert.deepEqual(
        left.filter((name) => name.endsWith('file')).sort(),
        foreign.map((name) => path.join(name, 'file')).sort(),
      );
      assert.ok(!left.includes('environments'));
      assert.ok(left.includes('locks'));
    } finally {
      await folder.remove();
    }
  });
});
