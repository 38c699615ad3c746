import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ContextFile } from '../../../../../src/docker/build.ts';
import {
  RequirementNotInImage,
  requirementsForImage,
} from '../../../../../src/engines/docker/images/requirements.ts';
import { temporaryFolder } from '../../../../support/temporary.ts';

/** What is put together in memory. */
function textOf(content: ContextFile['content']): string {
  assert.ok(typeof content === 'string' || Buffer.isBuffer(content));
  return content.toString();
}

describe("the workspace's requirements in an image", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let workspace: string;
  beforeEach(async () => {
    folder = await temporaryFolder('requirements');
    workspace = path.join(folder.path, 'workspace');
    await fs.mkdir(workspace);
  });
  afterEach(() => folder.remove());

  const locked = [{ name: 'apache-airflow', version: '3.3.2', marker: undefined }];
  const write = (name: string, text: string): Promise<void> => fs.writeFile(path.join(workspace, name), text);
  const contents = async (): Promise<Record<string, string>> => {
    const { files } = await requirementsForImage(workspace, locked);
    return Object.fromEntries(files.map(({ content, path: name }) => [name, textOf(content)]));
  };

  it('are none where there is no file, or none that asks for anything', async () => {
    assert.deepEqual(await contents(), { 'requirements/mesos-airflow.json': 'null' });
    await write('requirements.txt', '# nothing yet\n\n');
    assert.deepEqual(await contents(), { 'requirements/mesos-airflow.json': 'null' });
    assert.equal((await requirementsForImage(undefined, locked)).files.length, 1);
  });

  it('come with the files that they include, which lie to each other as they did, and with the locks', async () => {
    await write('requirements.txt', '-r ../common.txt\nhumanize==4.0\n');
    await write('../common.txt', '-c constraints.txt\nsix\n');
    await write('../constraints.txt', 'six<2\n');
    assert.deepEqual(await contents(), {
      'requirements/workspace/requirements.txt': '-r ../common.txt\nhumanize==4.0\n',
      'requirements/common.txt': '-c constraints.txt\nsix\n',
      'requirements/constraints.txt': 'six<2\n',
      'requirements/mesos-airflow-constraints.txt': 'apache-airflow==3.3.2\n',
      'requirements/mesos-airflow.json': '"workspace/requirements.txt"',
    });
  });

  for (const line of [
    './package',
    '../wheels/a-1.0-py3-none-any.whl',
    'a-1.0-py3-none-any.whl',
    '-e .',
    '/opt/package',
    'a @ file:///opt/package',
  ]) {
    it(`are refused where a line names what lies on this machine: ${line}`, async () => {
      await write('requirements.txt', `six\n${line}\n`);
      await assert.rejects(requirementsForImage(workspace, locked), (error: unknown) => {
        assert.ok(error instanceof RequirementNotInImage);
        assert.match(error.why ?? '', /requirements\.txt, line 2/);
        return true;
      });
    });
  }

  for (const line of [
    'a @ https://example.org/a-1.0-py3-none-any.whl',
    'git+https://example.org/a.git',
    '-e git+https://example.org/a.git#egg=a',
    '--extra-index-url https://index.example/simple',
    'package[extra]~=1.0 ; python_version < "3.13"',
  ]) {
    it(`may name what a build can fetch: ${line}`, async () => {
      await write('requirements.txt', `${line}\n`);
      assert.equal((await contents())['requirements/requirements.txt'], `${line}\n`);
    });
  }
});
