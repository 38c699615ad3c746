import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { makeSandbox, sandboxPath } from '../../../src/devmesos/agent/sandbox.ts';
import { resolvePath } from '../../../src/devmesos/agent/virtualPaths.ts';
import { contentDisposition } from '../../../src/devmesos/http/downloads.ts';
import { bytesAsJsonString } from '../../../src/devmesos/jsonBytes.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('dev agent: paths of sandboxes', () => {
  const container = { agentId: 'm-S0', frameworkId: 'f', executorId: 'täsk', containerId: 'c1' };
  const virtual = '/frameworks/f/executors/täsk/runs/latest';
  let folder: { path: string; remove: () => Promise<void> };
  let workDir: string;
  let sandbox: string;

  before(async () => {
    folder = await temporaryFolder('sandboxes');
    workDir = path.join(await fs.realpath(folder.path), 'work');
    sandbox = await makeSandbox(workDir, container);
    await fs.mkdir(path.join(sandbox, 'logs'));
    await fs.writeFile(path.join(sandbox, 'logs', 'größe.log'), 'x');
    await fs.writeFile(path.join(folder.path, 'secret'), 'x');
    await fs.writeFile(path.join(workDir, 'slaves', 'm-S0', 'secret'), 'x');
    await fs.symlink(path.join(folder.path, 'secret'), path.join(sandbox, 'way-out'));
    await fs.symlink('../../../../../../..', path.join(sandbox, 'way-up'));
    await fs.symlink('logs', path.join(sandbox, 'way-in'));
  });

  after(() => folder.remove());

  const kindOf = async (asked: string): Promise<string> => (await resolvePath(workDir, 'm-S0', asked)).kind;

  it('has the layout of Mesos, 0750, and a link to the newest run', async () => {
    assert.equal(sandbox, `${workDir}/slaves/m-S0/frameworks/f/executors/täsk/runs/c1`);
    assert.equal((await fs.stat(sandbox)).mode & 0o777, 0o750);
    const latest = path.join(path.dirname(sandbox), 'latest');
    assert.equal(await fs.readlink(latest), sandbox);
    const second = await makeSandbox(workDir, { ...container, containerId: 'c2' });
    assert.equal(await fs.readlink(latest), second);
    await fs.rm(latest);
    await fs.symlink(sandbox, latest);
  });

  it('shows sandboxes by their path and, the newest, by their short one', async () => {
    for (const root of [sandbox, virtual]) {
      assert.equal(await kindOf(root), 'file');
      assert.equal(await kindOf(`${root}/`), 'file');
      assert.equal(await kindOf(`${root}/logs/größe.log`), 'file');
      assert.equal(await kindOf(`${root}/way-in/größe.log`), 'file');
      assert.equal(await kindOf(`${root}/logs/../logs`), 'file');
      assert.equal(await kindOf(`${root}/nothing`), 'missing');
    }
    assert.equal(
      await kindOf(virtual.replace('latest', 'c1')),
      'missing',
      'only the newest has a short path',
    );
  });

  it('shows nothing outside', async () => {
    for (const root of [sandbox, virtual]) {
      for (const rest of [
        '/..',
        '/../..',
        '/logs/../..',
        '/way-out',
        '/way-up',
        '/way-up/secret',
        '/../c2',
        '/../none',
      ]) {
        assert.equal(await kindOf(root + rest), 'inaccessible', root + rest);
      }
    }
    const hidden = [
      '/',
      '',
      '/etc/passwd',
      workDir,
      `${workDir}/slaves/m-S0/secret`,
      `${workDir}/slaves/m-S0/frameworks`,
      `${workDir}/slaves/m-S0/frameworks/../../../../secret`,
      `${path.dirname(sandbox)}/..`,
      `${path.dirname(sandbox)}/latest`,
      sandboxPath(workDir, { ...container, agentId: 'm-S1' }),
      '/frameworks/f/executors/../runs/latest',
      `${sandbox}\0`,
    ];
    for (const asked of hidden) assert.equal(await kindOf(asked), 'missing', JSON.stringify(asked));
  });

  it('has a sandbox that is gone missing', async () => {
    assert.equal(await kindOf('/frameworks/f/executors/none/runs/latest'), 'missing');
    assert.equal(await kindOf(sandboxPath(workDir, { ...container, containerId: 'c9' })), 'missing');
  });
});

describe('dev agent: what files hold', () => {
  it('goes into JSON byte by byte', () => {
    const bytes = Buffer.from('a"\\\n\u0001häß');
    assert.equal(JSON.parse(bytesAsJsonString(bytes).toString()), bytes.toString());
    const cut = Buffer.from('ä').subarray(0, 1);
    assert.deepEqual([...bytesAsJsonString(cut)], [0x22, 0xc3, 0x22]);
  });

  it('is downloaded under a name that a header can carry', () => {
    assert.equal(contentDisposition('stdout'), 'attachment; filename=stdout');
    assert.equal(
      contentDisposition('grö"ße 1.txt'),
      'attachment; filename="gr___e 1.txt"; filename*=UTF-8\'\'gr%C3%B6%22%C3%9Fe%201.txt',
    );
  });
});
