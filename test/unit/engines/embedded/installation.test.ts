import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { install, removeUnused } from '../../../../src/engines/embedded/installation.ts';
import { programFiles } from '../../../../src/engines/program.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

/** A package as npm lays it out. */
async function packageIn(root: string): Promise<string> {
  const files: Record<string, string> = {
    'dist/cli.cjs': '// cli',
    'dist/service.cjs': '// service',
    'dist/devmesos.cjs': '// devmesos',
    'cluster/airflow/airflow_mesos/__init__.py': '',
    'cluster/airflow/airflow_mesos/task.py': 'print("Grüße")\n',
    'cluster/airflow/airflow_mesos/__pycache__/task.cpython-311.pyc': 'bytecode',
    'cluster/airflow/locks/airflow-3.txt': 'apache-airflow==3.3.2\n',
    'cluster/airflow/dags/weather_report.py': '# a DAG\n',
    'cluster/airflow/Dockerfile': 'ARG BASE\n',
    'cluster/airflow/workspace.Dockerfile': 'ARG BASE\n',
    'cluster/airflow/image/install.py': '',
    'cluster/mesos/Dockerfile': 'ARG BASE\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await fs.writeFile(path.join(root, name), text);
  }
  return path.join(root, 'dist', 'cli.cjs');
}

describe('an installation', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (folder = await temporaryFolder('installation')));
  afterEach(() => folder.remove());

  it('is a copy named by its content: the same content is copied once, other content elsewhere', async () => {
    const entry = await packageIn(path.join(folder.path, 'package'));
    const cache = path.join(folder.path, 'cache');
    const first = await install(programFiles(entry), cache);
    assert.equal(
      await fs.readFile(path.join(first.root, 'python/airflow_mesos/task.py'), 'utf8'),
      'print("Grüße")\n',
    );
    assert.equal((await install(programFiles(entry), cache)).root, first.root);

    await fs.writeFile(path.join(path.dirname(entry), 'service.cjs'), '// service, changed');
    const second = await install(programFiles(entry), cache);
    assert.notEqual(second.root, first.root);
    assert.equal(await fs.readFile(first.service, 'utf8'), '// service');
    const left = await fs.readdir(path.join(cache, 'installations'));
    assert.deepEqual(left.sort(), [path.basename(first.root), path.basename(second.root)].sort());
  });

  it('holds no bytecode, which Python makes anew and which would change its name', async () => {
    const entry = await packageIn(path.join(folder.path, 'package'));
    const { root } = await install(programFiles(entry), path.join(folder.path, 'cache'));
    assert.deepEqual((await fs.readdir(path.join(root, 'python/airflow_mesos'))).sort(), [
      '__init__.py',
      'task.py',
    ]);
  });

  it('can be run from: the program finds its files beside itself, and is then its own installation', async () => {
    const entry = await packageIn(path.join(folder.path, 'package'));
    const cache = path.join(folder.path, 'cache');
    const { root } = await install(programFiles(entry), cache);
    const from = programFiles(path.join(root, 'cli.cjs'));
    assert.equal(from.python, path.join(await fs.realpath(root), 'python'));
    assert.equal((await install(from, cache)).root, root);
  });

  it('is found through the link that npm makes for a command', async () => {
    const entry = await packageIn(path.join(folder.path, 'package'));
    const link = path.join(folder.path, 'mesos-airflow');
    await fs.symlink(entry, link);
    assert.deepEqual(programFiles(link), programFiles(entry));
  });

  it('is removed once it is old and no cluster runs from it', async () => {
    const entry = await packageIn(path.join(folder.path, 'package'));
    const cache = path.join(folder.path, 'cache');
    const { root } = await install(programFiles(entry), cache);
    const inAMonth = Date.now() + 30 * 24 * 3600 * 1000;
    await removeUnused(cache, new Set());
    await removeUnused(cache, new Set([root]), inAMonth);
    await fs.access(root);
    await removeUnused(cache, new Set(), inAMonth);
    await assert.rejects(fs.access(root));
  });
});
