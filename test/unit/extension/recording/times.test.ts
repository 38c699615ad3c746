import assert from 'node:assert/strict';
import { instantOf, timeOfDay } from '../../../../src/extension/recording/times.ts';

const at = (hours: number, minutes: number, seconds = 0, day = 23): number =>
  new Date(2026, 10, day, hours, minutes, seconds).getTime();

describe('a time that a person types for a recording', () => {
  it('is within it, also over midnight, or none', () => {
    const span = { from: at(23, 50, 30) + 400, to: at(0, 20, 0, 24) };
    assert.equal(instantOf('23:55', span), at(23, 55));
    assert.equal(instantOf('0:10:05', span), at(0, 10, 5, 24));
    assert.equal(instantOf('23:50:30', span), span.from);
    assert.equal(instantOf('23:40', span), undefined);
    assert.equal(instantOf('0:30', span), undefined);
    assert.equal(instantOf('25:00', span), undefined);
    assert.equal(instantOf('soon', span), undefined);
    assert.equal(timeOfDay(at(4, 5, 6)), '04:05:06');
  });
});
