import assert from 'node:assert/strict';
import { stoppedItselfText } from '../../../src/words/stoppedItself.ts';

const at = new Date(2026, 10, 23, 14, 2).getTime();

describe('that a cluster stopped itself', () => {
  it('is said with the time, and for how long nobody had looked', () => {
    assert.equal(
      stoppedItselfText({ at, idle_s: 3600 }, at + 60_000),
      'stopped itself at 14:02 after an hour in which nobody looked and nothing ran',
    );
    assert.match(stoppedItselfText({ at, idle_s: 7200 }, at), /after 2 hours in/);
    assert.match(stoppedItselfText({ at, idle_s: 5400 }, at), /after 90 minutes in/);
    assert.match(stoppedItselfText({ at, idle_s: 3 }, at), /after 3 seconds in/);
    assert.match(
      stoppedItselfText({ at, idle_s: 60 }, at + 86_400_000),
      /at 2026-11-23 14:02 after a minute/,
    );
  });
});
