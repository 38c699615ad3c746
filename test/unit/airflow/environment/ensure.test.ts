import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ensureEnvironment } from '../../../../src/airflow/environment/ensure.ts';
import type { EnvironmentOptions, EnvironmentProgress } from '../../../../src/airflow/environment/types.ts';
import { ExplainedError } from '../../../../src/host/errors.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

// A uv and a Python that do in milliseconds what the real ones do: made folders, printed lines, exit statuses.
describe('the environment', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let at: (...names: string[]) => string;

  beforeEach(async () => {
    folder = await temporaryFolder('environment');
    at = (...names) => path.join(folder.path, ...names);
    await fs.mkdir(at('bin'));
    await fs.writeFile(at('lock.txt'), 'apache-airflow==3.3.2\npydantic==2.14.3\n');
    await fakePython('3.11.7');
    await fakeUv('');
  });
  afterEach(() => folder.remove());

  async function fakePython(version: string): Promise<void> {
    const told = {
      version,
      implementation: 'cpython',
      executable: at('bin', 'python3'),
      bits: 64,
      venv: true,
    };
    await fs.writeFile(at('bin', 'python3'), `#!/bin/sh\necho '${JSON.stringify(told)}'\n`, { mode: 0o755 });
  }

  /** `onInstall` runs where uv installs packages; `$env` is the environment's folder. */
  async function fakeUv(onInstall: string): Promise<void> {
    const script = `#!/bin/sh
PATH=/usr/bin:/bin
if [ "$1" = --version ]; then echo "uv 0.13.9"; exit; fi
echo "$*" >> ${at('calls')}
if [ "$1" = venv ]; then
  for env in "$@"; do :; done
  mkdir -p "$env/bin" "$env/lib/python3.11/site-packages/apache_airflow-3.3.2.dist-info"
  ln -s ${at('bin', 'python3')} "$env/bin/python"
  exit
fi
${onInstall}
echo "Installed 2 packages in 1ms"
`;
    await fs.writeFile(at('bin', 'uv'), script, { mode: 0o755 });
  }

  function ensure(more: Partial<EnvironmentOptions> = {}): ReturnType<typeof ensureEnvironment> {
    return ensureEnvironment({
      lockFile: at('lock.txt'),
      cacheFolder: at('cache'),
      env: { PATH: at('bin'), HOME: folder.path },
      ...more,
    });
  }

  const calls = async (): Promise<string[]> => (await fs.readFile(at('calls'), 'utf8')).trim().split('\n');
  const environments = (): Promise<string[]> => fs.readdir(at('cache', 'environments'));

  it('is made once and then taken from the cache', async () => {
    const made = await ensure();
    assert.deepEqual(
      [made.reused, made.airflowVersion, made.pythonVersion, made.packages],
      [false, '3.3.2', '3.11.7', 1],
    );
    assert.equal(made.python, path.join(made.folder, 'bin', 'python'));
    const before = await calls();
    assert.deepEqual(await ensure(), { ...made, reused: true });
    assert.deepEqual(await calls(), before);
  });

  it('is another one for another lock, other requirements or another Python', async () => {
    await ensure();
    await fs.appendFile(at('lock.txt'), 'six==1.17.0\n');
    await ensure();
    await fs.writeFile(at('requirements.txt'), 'pandas\n');
    await ensure({ requirements: at('requirements.txt') });
    await fakePython('3.12.1');
    await ensure();
    assert.equal((await environments()).length, 4);
  });

  it("takes the workspace's requirements, held to the lock", async () => {
    await fs.writeFile(at('requirements.txt'), 'pandas\n');
    const { folder: made } = await ensure({ requirements: at('requirements.txt') });
    const last = (await calls()).at(-1) ?? '';
    assert.match(last, /-r \S+requirements\.txt -c (\S+)/);
    const constraints = /-c (\S+)/.exec(last)?.[1] ?? '';
    assert.match(await fs.readFile(constraints, 'utf8'), /^pydantic==2\.14\.3$/m);
    assert.ok(constraints.startsWith(made));
  });

  it('leaves nothing behind where installing failed, and tries again', async () => {
    await fakeUv('echo "error: No space left on device (os error 28)" >&2; exit 2');
    await assert.rejects(
      ensure(),
      (error) => error instanceof ExplainedError && error.message.includes('too full'),
    );
    assert.deepEqual(await environments(), []);
    await fakeUv('');
    assert.equal((await ensure()).reused, false);
  });

  it('leaves neither a folder nor a process behind where it is interrupted', async () => {
    await fakeUv(`echo $$ > ${at('pid')}; sleep 60`);
    const stop = new AbortController();
    const made = ensure({ signal: stop.signal });
    const pid = await until(async () => Number(await fs.readFile(at('pid'), 'utf8')), {
      what: 'the installer',
    });
    stop.abort(new Error('enough'));
    await assert.rejects(made, /enough/);
    assert.deepEqual(await environments(), []);
    await until(() => !isRunning(pid), { what: "the installer's end" });
  });

  it('is made by one of two that want it, while the other waits', async () => {
    await fakeUv('sleep 0.3');
    const seen: EnvironmentProgress[] = [];
    const both = await Promise.all([
      ensure(),
      ensure({ onProgress: (progress) => seen.push(progress) }),
      ensure(),
    ]);
    assert.deepEqual(both.map(({ reused }) => reused).sort(), [false, true, true]);
    assert.equal((await calls()).filter((call) => call.startsWith('venv')).length, 1);
  });

  it('is made again where it was left half-made, or its Python is gone', async () => {
    const made = await ensure();
    await fs.rm(path.join(made.folder, 'mesos-airflow.json'));
    await fs.mkdir(at('cache', 'environments', 'airflow-3.3.2-python-3.11.7-dead'));
    assert.equal((await ensure()).reused, false);
    assert.deepEqual(await environments(), [path.basename(made.folder)]);
    await fs.rm(path.join(made.folder, 'bin', 'python'));
    assert.equal((await ensure()).reused, false);
  });

  it('tells what it does', async () => {
    await fakeUv('echo "Resolved 2 packages in 1ms"; echo "Downloading grpcio (7.0MiB)"');
    const seen: string[] = [];
    await ensure({ onProgress: ({ detail }) => seen.push(detail) });
    assert.ok(seen.includes('fetching 2 packages, 0 of 7 MB'), seen.join('\n'));
  });

  it("asks uv again with the system's certificates where its own do not do", async () => {
    await fakeUv(
      'if [ -z "$UV_SYSTEM_CERTS" ]; then echo "invalid peer certificate: UnknownIssuer"; exit 2; fi',
    );
    assert.equal((await ensure()).reused, false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
