import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { checkDagsFolder, checkFolders, MachineError } from '../../../src/engines/checks.ts';
import { usualDagsFolder, workspaceOf } from '../../../src/engines/workspace.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('checking this machine', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (folder = await temporaryFolder('checks')));
  afterEach(() => folder.remove());

  it('refuses a DAG folder that does not exist or is a file, and says what to do', async () => {
    const file = path.join(folder.path, 'dag.py');
    await fs.writeFile(file, '');
    for (const wrong of [path.join(folder.path, 'none'), file]) {
      await assert.rejects(checkDagsFolder(wrong), (error: unknown) => {
        assert.ok(error instanceof MachineError);
        assert.ok(error.message.includes(wrong));
        assert.ok(error.next?.includes('--dags'));
        return true;
      });
    }
    assert.equal(await checkDagsFolder(folder.path), folder.path);
  });

  it('refuses a disk with too little space, with the numbers', async () => {
    const folders = {
      state: path.join(folder.path, 'state'),
      cache: path.join(folder.path, 'cache'),
      runtime: path.join(folder.path, 'run'),
    };
    assert.ok((await checkFolders(folders, { state: 1, cache: 1 })) > 0);
    await assert.rejects(checkFolders(folders, { state: 1, cache: 1e12 }), (error: unknown) => {
      assert.ok(error instanceof MachineError);
      assert.match(error.why ?? '', /MB are free/);
      assert.match(error.next ?? '', /MESOS_AIRFLOW_HOME/);
      return true;
    });
  });

  it('says which folder cannot be written', async () => {
    const blocked = path.join(folder.path, 'file');
    await fs.writeFile(blocked, '');
    const folders = { state: path.join(blocked, 'state'), cache: folder.path, runtime: folder.path };
    await assert.rejects(checkFolders(folders, { state: 1, cache: 1 }), MachineError);
  });

  it("takes the person's ./dags where nothing is named, else the examples", async () => {
    assert.equal(usualDagsFolder(folder.path, '/examples'), '/examples');
    await fs.mkdir(path.join(folder.path, 'dags'));
    assert.equal(usualDagsFolder(folder.path, '/examples'), path.join(folder.path, 'dags'));
  });

  it('takes requirements.txt and .env from the folder that holds the DAGs, and not from elsewhere or home', () => {
    assert.equal(workspaceOf('/work/project/dags', '/work/project', '/home/me'), '/work/project');
    assert.equal(workspaceOf('/work/project', '/work/project', '/home/me'), '/work/project');
    assert.equal(workspaceOf('/work/project-2/dags', '/work/project', '/home/me'), undefined);
    assert.equal(workspaceOf('/elsewhere/dags', '/work/project', '/home/me'), undefined);
    assert.equal(workspaceOf('/home/me/dags', '/home/me', '/home/me'), undefined);
  });
});
