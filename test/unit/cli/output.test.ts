import assert from 'node:assert/strict';
import pc from 'picocolors';
import { amounts, megabytes } from '../../../src/cli/output/amounts.ts';
import { clock, coarseDuration, duration } from '../../../src/cli/output/durations.ts';
import { lookOf, showState } from '../../../src/cli/output/states.ts';
import { table } from '../../../src/cli/output/table.ts';
import { terminalDouble } from './terminalDouble.ts';

const plain = pc.createColors(false);

describe('durations', () => {
  it('read well at every size', () => {
    assert.equal(duration(840), '0.8 s');
    assert.equal(duration(14_240), '14.2 s');
    assert.equal(duration(59_990), '1 min 00 s');
    assert.equal(duration(185_000), '3 min 05 s');
    assert.equal(duration(7_800_000), '2 h 10 min');
    assert.equal(duration(4 * 24 * 3_600_000 + 3_600_000), '4 d 1 h');
    assert.equal(coarseDuration(7900), '7 s');
  });

  it('a time of another day is told with its date', () => {
    const now = new Date(2026, 10, 23, 15, 0, 0).getTime();
    assert.equal(clock(new Date(2026, 10, 23, 5, 12, 2).getTime(), now), '05:12:02');
    assert.equal(clock(new Date(2026, 10, 22, 5, 12, 2).getTime(), now), '2026-11-22 05:12:02');
  });
});

describe('amounts', () => {
  it('read as a person counts them', () => {
    assert.equal(megabytes(512), '512 MB');
    assert.equal(megabytes(8192), '8 GB');
    assert.equal(megabytes(1536), '1.5 GB');
    assert.equal(amounts({ cpus: 2.5, mem: 6144 }), '2.5 cpus, 6 GB');
    assert.equal(amounts({ cpus: 1, mem: 128, gpus: 2 }), '1 cpu, 128 MB, 2 gpus');
  });
});

describe('states', () => {
  it('have an icon and a word each, for Airflow and for the framework', () => {
    assert.equal(showState('success', plain), '✓ success');
    // Whether the task succeeded is Airflow's to say.
    assert.equal(showState('finished', plain), '✓ finished');
    assert.equal(showState('queued', plain), '○ waiting');
    assert.equal(showState(null, plain), '○ waiting');
    assert.equal(showState('launched', plain), '◌ starting');
    assert.equal(showState('up_for_retry', plain), '↻ up for retry');
    assert.equal(showState('upstream_failed', plain), '✗ failed upstream');
    assert.equal(lookOf('a new one of a later Airflow').word, 'a new one of a later Airflow');
  });
});

describe('a table', () => {
  it('has columns as wide as their widest cell, whatever the script', () => {
    const lines = table(
      ['NAME', 'STATE'],
      [
        ['東京', 'running'],
        ['a', 'ok'],
      ],
      plain,
    );
    assert.deepEqual(lines, ['NAME  STATE', '東京  running', 'a     ok']);
  });
});

describe('colours', () => {
  const coloured = (options: Parameters<typeof terminalDouble>[0]): boolean =>
    terminalDouble(options).colors.red('x') !== 'x';

  it('go to terminals only, and not where they are refused', () => {
    assert.equal(coloured({ isTTY: true }), true);
    assert.equal(coloured({}), false);
    assert.equal(coloured({ isTTY: true, env: { NO_COLOR: '1' } }), false);
    assert.equal(coloured({ isTTY: true, env: { TERM: 'dumb' } }), false);
    assert.equal(coloured({ env: { FORCE_COLOR: '1' } }), true);
    assert.equal(coloured({ env: { FORCE_COLOR: '1', NO_COLOR: '1' } }), false);
  });
});
