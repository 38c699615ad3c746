import assert from 'node:assert/strict';
import {
  checkName,
  checkRange,
  checkSettings,
  ClusterNameError,
  ranges,
  SettingError,
} from '../../../src/engines/settings.ts';

describe('settings of a cluster', () => {
  it('are refused outside their range, with the range named', () => {
    for (const [setting, value] of [
      ['agents', 0],
      ['agents', 33],
      ['agents', 1.5],
      ['cpus', 0],
      ['cpus', NaN],
      ['mem', 64],
      ['mem', Infinity],
    ] as const) {
      assert.throws(
        () => checkRange(`--${setting}`, value, ranges[setting]),
        (error: unknown) => {
          assert.ok(error instanceof SettingError);
          assert.match(error.message, new RegExp(`--${setting}`));
          assert.ok(error.why?.includes(`from ${ranges[setting].least} to ${ranges[setting].most}`));
          return true;
        },
        `${setting} ${value}`,
      );
    }
  });

  it('are taken at the ends of their range', () => {
    checkSettings({ agents: 1, cpus: 0.1, mem: 128 });
    checkSettings({ agents: 32, cpus: 512, mem: 4_194_304 });
    checkSettings({});
  });
});

describe("a cluster's name", () => {
  it('is lower-case letters, digits and dashes', () => {
    assert.equal(checkName('test-2'), 'test-2');
    for (const name of ['', 'Test', '../x', 'a b', '-x', 'ü', 'x'.repeat(32), 'a/b']) {
      assert.throws(() => checkName(name), ClusterNameError, name);
    }
  });
});
