import assert from 'node:assert/strict';
import { CommandError } from '../../../src/cli/errors.ts';
import { askedByKey } from '../../../src/cli/recording/keys.ts';
import { instantIn, lengthOf, sinceInstant } from '../../../src/cli/times.ts';
import { recordingText } from '../../../src/words/recording.ts';

const at = (hours: number, minutes: number, seconds = 0, day = 23): number =>
  new Date(2026, 10, day, hours, minutes, seconds).getTime();

describe('times of recordings', () => {
  it('are lengths, times of day, or dates', () => {
    assert.equal(lengthOf('90s'), 90_000);
    assert.equal(lengthOf('1.5h'), 5_400_000);
    assert.equal(lengthOf('2d'), 172_800_000);
    assert.equal(lengthOf('h'), undefined);
    assert.equal(sinceInstant('1h', at(14, 0)), at(13, 0));
    assert.equal(sinceInstant('13:30', at(14, 0)), at(13, 30));
    // It has not been so late today: yesterday's is meant.
    assert.equal(sinceInstant('15:00', at(14, 0)), at(15, 0, 0, 22));
    assert.equal(sinceInstant('2026-11-23T13:00', at(14, 0)), at(13, 0));
    assert.throws(() => sinceInstant('soon', at(14, 0)), CommandError);
  });

  it('in one are behind its beginning, also over midnight', () => {
    const from = at(23, 50);
    assert.equal(instantIn('+5m', from), at(23, 55));
    assert.equal(instantIn('23:51:30', from), at(23, 51, 30));
    assert.equal(instantIn('00:10', from), at(0, 10, 0, 24));
    assert.throws(() => instantIn('later', from), CommandError);
  });
});

describe('the keys of a replay', () => {
  const view = { from: 0, to: 100_000, at: 50_000, speed: 1, paused: false };

  it('play, go to another time, change the speed, and end', () => {
    assert.deepEqual(askedByKey(' ', view), { paused: true });
    assert.deepEqual(askedByKey('\u001b[C', view), { at: 60_000 });
    assert.deepEqual(askedByKey('\u001b[D', view), { at: 40_000 });
    assert.deepEqual(askedByKey('+', view), { speed: 2 });
    assert.deepEqual(askedByKey('-', { ...view, speed: 0.25 }), { speed: 0.25 });
    assert.deepEqual(askedByKey('0', view), { at: 0 });
    assert.equal(askedByKey('q', view), 'end');
    assert.equal(askedByKey('x', view), undefined);
  });

  it('are answered by a line that says where it is', () => {
    const clock = (instant: number) => `t${instant}`;
    assert.equal(recordingText(view, clock), 'recording · t50000');
    assert.equal(
      recordingText({ ...view, speed: 4, paused: true }, clock),
      'recording · t50000 · ×4 · paused',
    );
  });
});
