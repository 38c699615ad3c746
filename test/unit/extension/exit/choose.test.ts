import assert from 'node:assert/strict';
import { exitSetting, StartedHere } from '../../../../src/extension/exit/choose.ts';

describe('what becomes of a cluster when the window is closed', () => {
  it('is asked where the setting does not say', () => {
    assert.equal(exitSetting('stop'), 'stop');
    assert.equal(exitSetting('ask'), 'ask');
    assert.equal(exitSetting('never'), 'ask');
    assert.equal(exitSetting(undefined), 'ask');
  });

  it('is this workspace’s matter only for clusters that it started', async () => {
    const kept = new Map<string, unknown>();
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    const started = new StartedHere(memory);
    assert.equal(started.has('a'), false);
    await started.add('a');
    await started.add('a');
    await started.add('b');
    // Another window of the same workspace, later.
    assert.equal(new StartedHere(memory).has('a'), true);
    await started.remove('a');
    assert.equal(started.has('a'), false);
    assert.equal(started.has('b'), true);
  });
});
