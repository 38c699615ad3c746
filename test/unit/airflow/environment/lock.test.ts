import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { environmentName, type KeyParts } from '../../../../src/airflow/environment/key.ts';
import { constraintsOf, lockedPackages } from '../../../../src/airflow/environment/lock.ts';
import { readRequirements } from '../../../../src/airflow/environment/requirements.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const lock = `# made by a tool
a2wsgi==1.10.10 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
Typing_Extensions==4.15.0 --hash=sha256:cccc
cryptography==48.0.1 ; platform_machine == 'x86_64' and sys_platform == 'darwin' \\
    --hash=sha256:dddd
cryptography==50.0.2 ; platform_machine != 'x86_64' or sys_platform != 'darwin' \\
    --hash=sha256:eeee
uvicorn[standard]==0.40.0
`;

describe('the lock', () => {
  it('is read with its versions and markers', () => {
    assert.deepEqual(
      lockedPackages(lock.replace(' --hash=sha256:cccc', '')).map(
        ({ name, version }) => `${name} ${version}`,
      ),
      [
        'a2wsgi 1.10.10',
        'typing-extensions 4.15.0',
        'cryptography 48.0.1',
        'cryptography 50.0.2',
        'uvicorn 0.40.0',
      ],
    );
  });

  it('becomes constraints without hashes', () => {
    const constraints = constraintsOf(lockedPackages(lock));
    assert.match(constraints, /^a2wsgi==1\.10\.10$/m);
    assert.match(
      constraints,
      /^cryptography==50\.0\.2 ; platform_machine != 'x86_64' or sys_platform != 'darwin'$/m,
    );
    assert.doesNotMatch(constraints, /hash|\\/);
  });

  it('that comes with the program locks Airflow', async () => {
    const file = path.resolve('cluster/airflow/locks/airflow-3.txt');
    const packages = lockedPackages(await fs.readFile(file, 'utf8'));
    const names = (await fs.readFile(file, 'utf8')).split('\n').filter((line) => /^[a-z0-9]/i.test(line));
    assert.equal(packages.length, names.length);
    assert.match(packages.find(({ name }) => name === 'apache-airflow')?.version ?? '', /^3\.3\./);
  });
});

describe("an environment's name", () => {
  const parts: KeyParts = {
    lock,
    requirements: undefined,
    pythonVersion: '3.11.7',
    basePython: '/usr/bin/python3.11',
    airflowVersion: '3.3.2',
    platform: 'linux',
    arch: 'x64',
  };

  it('is the same for the same parts, and tells people what it is', () => {
    assert.equal(environmentName(parts), environmentName({ ...parts }));
    assert.match(environmentName(parts), /^airflow-3\.3\.2-python-3\.11\.7-[0-9a-f]{12}$/);
  });

  it('changes with each part', () => {
    const others: KeyParts[] = [
      { ...parts, lock: `${lock}\n` },
      { ...parts, requirements: '' },
      { ...parts, requirements: 'pandas' },
      { ...parts, pythonVersion: '3.12.1' },
      { ...parts, basePython: '/opt/python3.11' },
      { ...parts, platform: 'darwin' },
      { ...parts, arch: 'arm64' },
    ];
    assert.equal(new Set([parts, ...others].map(environmentName)).size, others.length + 1);
  });
});

describe("a workspace's requirements", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder('requirements');
  });
  afterEach(() => folder.remove());

  it('are none where the file is missing or asks for nothing', async () => {
    const file = path.join(folder.path, 'requirements.txt');
    assert.equal(await readRequirements(file), undefined);
    await fs.writeFile(file, '# nothing yet\n\n');
    assert.equal(await readRequirements(file), undefined);
  });

  it('are read with their lines and the files that they include', async () => {
    const file = path.join(folder.path, 'requirements.txt');
    await fs.writeFile(
      file,
      '-r base.txt # common\nPandas[excel] >= 2 # tables\n--index-url https://x\n./local\n',
    );
    await fs.writeFile(
      path.join(folder.path, 'base.txt'),
      '-r requirements.txt\nfoo_bar @ https://x/foo.whl\n',
    );
    const read = await readRequirements(file);
    assert.ok(read);
    assert.deepEqual(
      read.lines
        .filter(({ name }) => name !== undefined)
        .map(({ file, line, name }) => [path.basename(file), line, name]),
      [
        ['base.txt', 2, 'foo-bar'],
        ['requirements.txt', 2, 'pandas'],
      ],
    );
    await fs.appendFile(path.join(folder.path, 'base.txt'), 'more\n');
    assert.notEqual((await readRequirements(file))?.content, read.content);
  });
});
