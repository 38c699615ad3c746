import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxEntry } from '../../../../src/api/logs.ts';
import { SandboxGone } from '../../../../src/extension/sandbox/errors.ts';
import { ExplainedError } from '../../../../src/host/errors.ts';
import { SandboxWatch } from '../../../../src/extension/sandbox/watch.ts';
import { until } from '../../../support/until.ts';
import { entry, sandbox } from './sandboxes.ts';

describe('what is watched of a sandbox', () => {
  let entries: SandboxEntry[];
  let looks: string[];
  let changes: string[];
  let seen: SandboxEntry | undefined;
  let trouble: Error | undefined;
  let watch: SandboxWatch;
  const file = { ...sandbox, path: 'stdout' };

  beforeEach(() => {
    entries = [entry('stdout'), entry('stderr')];
    [looks, changes, seen, trouble] = [[], [], undefined, undefined];
    watch = new SandboxWatch({
      list: (folder) => {
        looks.push(folder.path);
        return trouble ? Promise.reject(trouble) : Promise.resolve(entries);
      },
      seen: () => seen,
      onChange: (all) => changes.push(...all.map(({ place, how }) => `${how} ${place.path}`)),
      shortestMs: 5,
      longestMs: 20,
    });
  });
  afterEach(() => watch.dispose());

  const lookedAgain = async (): Promise<void> => {
    const before = looks.length;
    // The second one began after whatever was set up just now.
    await until(() => looks.length >= before + 2, { what: 'another look' });
  };

  it('is a file alone, or all of a folder, with one question for both', async () => {
    const one = watch.file(file);
    await lookedAgain();
    assert.deepEqual(changes, []);
    entries = [entry('stdout', { size: 13 }), entry('stderr', { size: 13 }), entry('out')];
    await until(() => changes.includes('changed stdout'));
    assert.deepEqual(changes, ['changed stdout']);
    const all = watch.folder(sandbox);
    await lookedAgain();
    assert.equal(watch.size, 1);
    entries = [entry('stdout', { size: 13 }), entry('out')];
    await until(() => changes.includes('deleted stderr'));
    all.dispose();
    one.dispose();
    assert.equal(watch.size, 0);
    assert.ok(looks.every((path) => path === ''));
  });

  it('is not looked at any more once nothing of it is open', async () => {
    const one = watch.file(file);
    await lookedAgain();
    one.dispose();
    one.dispose();
    const { length } = looks;
    await delay(60);
    assert.equal(looks.length, length);
    watch.file(file);
    await lookedAgain();
  });

  it('has not missed what happened between its being read and its being watched', async () => {
    seen = entry('stdout', { size: 4 });
    watch.file(file);
    await until(() => changes.length > 0);
    await lookedAgain();
    assert.deepEqual(changes, ['changed stdout']);
  });

  it('is deleted with its sandbox, but not while nobody can say', async () => {
    watch.file(file);
    await lookedAgain();
    trouble = new Error('the agent is away');
    await lookedAgain();
    assert.deepEqual(changes, []);
    trouble = new SandboxGone('load', new ExplainedError('gone'));
    await until(() => changes.length > 0);
    await lookedAgain();
    assert.deepEqual(changes, ['deleted stdout']);
  });
});
