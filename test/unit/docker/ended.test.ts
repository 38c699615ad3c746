import assert from 'node:assert/strict';
import { howItEnded } from '../../../src/docker/ended.ts';

describe('how a container ended', () => {
  for (const [state, words] of [
    [{ ExitCode: 0 }, 'ended by itself (exit status 0)'],
    [{ ExitCode: 3 }, 'failed (exit status 3)'],
    [{ ExitCode: 137 }, 'was killed (SIGKILL)'],
    [{ ExitCode: 143 }, 'was ended (SIGTERM)'],
    [{ ExitCode: 139 }, 'was ended by SIGSEGV'],
    [{ ExitCode: 255 }, 'failed (exit status 255)'],
    [
      { ExitCode: 127, Error: 'exec: "x": executable file not found in $PATH' },
      'could not run its command: there is no such program (exit status 127): exec: "x": executable file not found in $PATH',
    ],
  ] as const) {
    it(words, () => assert.equal(howItEnded(state), words));
  }

  it('for want of memory, with its limit where there is one', () => {
    const state = { ExitCode: 137, OOMKilled: true };
    assert.equal(howItEnded(state), 'was killed for want of memory');
    assert.equal(howItEnded(state, 0), 'was killed for want of memory');
    assert.equal(howItEnded(state, 512 * 2 ** 20), 'was killed for want of memory (its limit is 512 MB)');
  });
});
