import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findPython, type PythonSearch } from '../../../../src/airflow/environment/python.ts';
import { ExplainedError } from '../../../../src/host/errors.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

describe('finding a Python', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    folder = await temporaryFolder('python');
  });
  afterEach(() => folder.remove());

  /** A program that answers as an interpreter of this version does. */
  async function fake(name: string, version: string, answer: Record<string, unknown> = {}): Promise<string> {
    const file = path.join(folder.path, name);
    const told = { version, implementation: 'cpython', executable: file, bits: 64, venv: true, ...answer };
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, `#!/bin/sh\necho '${JSON.stringify(told)}'\n`, { mode: 0o755 });
    return file;
  }

  async function script(name: string, body: string): Promise<string> {
    const file = path.join(folder.path, name);
    await fs.writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return file;
  }

  function search(more: Partial<PythonSearch> = {}): PythonSearch {
    const env = { PATH: `${folder.path}:${folder.path}/second`, HOME: folder.path };
    return { env, needsVenv: true, folders: [], ...more };
  }

  async function failure(more: Partial<PythonSearch> = {}): Promise<ExplainedError> {
    const error = await findPython(search(more)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ExplainedError);
    return error;
  }

  it("takes the person's python3 where it will do", async () => {
    const file = await fake('python3', '3.12.4');
    await fake('python3.13', '3.13.0');
    assert.deepEqual(await findPython(search()), { executable: file, version: '3.12.4' });
  });

  it('passes over one that is too old, too new, of another kind or broken', async () => {
    await fake('python3', '3.9.2');
    await fake('second/python3', '3.14.0');
    await fake('python3.13', '3.13.1', { implementation: 'pypy' });
    await script('python3.12', 'echo "pyenv: python3.12: command not found" >&2; exit 127');
    const file = await fake('python3.11', '3.11.7');
    assert.equal((await findPython(search())).executable, file);
  });

  it('tells what was found where, and what to install', async () => {
    await fake('python3', '3.9.2');
    await script('python3.12', 'echo "not here" >&2; exit 127');
    const error = await failure();
    assert.match(error.message, /3\.11, 3\.12 or 3\.13/);
    assert.match(error.why ?? '', new RegExp(`${folder.path}/python3 is Python 3\\.9\\.2: too old`));
    assert.match(error.why ?? '', /python3\.12 does not run \(exit status 127: not here\)/);
    assert.match(error.next ?? '', /--python \/path/);
  });

  it('says so where there is no Python at all', async () => {
    assert.match((await failure()).why ?? '', /no Python was found/);
  });

  it('wants a way to fetch uv only where there is none', async () => {
    const file = await fake('python3', '3.11.2', { venv: false });
    assert.match((await failure()).why ?? '', /without pip, venv and ensurepip/);
    assert.equal((await findPython(search({ needsVenv: false }))).executable, file);
  });

  it('names the interpreter behind a shim or a virtual environment', async () => {
    await fake('python3', '3.11.7', { executable: '/opt/python/bin/python3.11' });
    assert.equal((await findPython(search())).executable, '/opt/python/bin/python3.11');
  });

  it('tries nothing but the chosen one', async () => {
    await fake('python3', '3.12.4');
    const old = await fake('old/python', '3.8.10');
    const error = await failure({ chosen: old });
    assert.match(error.message, new RegExp(old));
    assert.match(error.why ?? '', /3\.8\.10: too old/);
    assert.match((await failure({ chosen: '/nowhere/python3' })).why ?? '', /ENOENT/);
    assert.match((await failure({ chosen: 'python9' })).why ?? '', /no such program/);
    const chosen = await fake('other/python', '3.13.2');
    assert.equal((await findPython(search({ chosen }))).executable, chosen);
    const env = { ...search().env, MESOS_AIRFLOW_PYTHON: chosen };
    assert.equal((await findPython(search({ env }))).executable, chosen);
    assert.match((await failure({ env, chosen: old })).message, new RegExp(old));
  });

  it("takes one of uv's own where nothing else will do", async () => {
    const managed = await fake('uv-managed/python3.12', '3.12.9');
    const uv = await script('uv', `echo ${managed}`);
    assert.equal((await findPython(search({ uv }))).executable, managed);
  });

  it('stops when told to', async () => {
    await script('python3', '/bin/sleep 60');
    const stop = new AbortController();
    const found = findPython(search({ signal: stop.signal }));
    stop.abort(new Error('enough'));
    await assert.rejects(found, /enough/);
  });
});
