import assert from 'node:assert/strict';
import { Throttle } from '../../../src/extension/throttle.ts';
import { until } from '../../support/until.ts';

describe('Throttle', () => {
  it('runs at once, then gathers; what somebody waits for does not wait', async () => {
    let runs = 0;
    const throttle = new Throttle(60_000, () => (runs += 1));
    try {
      throttle.poke();
      throttle.poke();
      await until(() => runs === 1, { what: 'the first run' });
      throttle.poke();
      throttle.hurry();
      throttle.hurry();
      await until(() => runs === 2, { what: 'the hurried run' });
      throttle.poke();
      await new Promise(setImmediate);
      assert.equal(runs, 2);
    } finally {
      throttle.dispose();
    }
  });
});
