import assert from 'node:assert/strict';
import { lookOf, runName, taskName } from '../../../../src/extension/tree/states.ts';
import { atNoon, running, taskRun } from '../../../vscode/support/views.ts';

describe('lookOf', () => {
  const shown = (run: Parameters<typeof lookOf>[0]): string[] => {
    const { icon, colour, text } = lookOf(run);
    return [icon, colour, text];
  };

  it('has icon, colour and words for what Mesos says', () => {
    assert.deepEqual(shown(taskRun('a')), ['circle-outline', 'disabledForeground', 'waiting']);
    assert.deepEqual(shown(running('a', { state: 'launched' })), ['sync~spin', 'charts.blue', 'starting']);
    assert.deepEqual(shown(running('a')), ['circle-filled', 'charts.blue', 'running']);
    assert.deepEqual(shown(running('a', { state: 'killed', info: 'by you' })), [
      'circle-slash',
      'mesosAirflow.interrupted',
      'killed · by you',
    ]);
    assert.deepEqual(shown(running('a', { state: 'lost' })), [
      'debug-disconnect',
      'mesosAirflow.interrupted',
      'lost with agent-1',
    ]);
  });

  it('believes Airflow where the process has ended: a failed task ends with status 0 too', () => {
    const finished = (airflow_state: string | null): string[] =>
      shown(running('a', { state: 'finished', airflow_state }));
    assert.deepEqual(finished('success'), ['pass', 'charts.green', 'success']);
    assert.deepEqual(finished('failed'), ['error', 'charts.red', 'failed']);
    assert.deepEqual(finished('up_for_retry'), ['history', 'charts.yellow', 'up for retry']);
    assert.deepEqual(finished('skipped'), ['dash', 'disabledForeground', 'skipped']);
    assert.deepEqual(finished('deferred'), ['watch', 'charts.purple', 'deferred to the triggerer']);
  });

  it('claims no success before Airflow has told', () => {
    assert.deepEqual(shown(running('a', { state: 'finished' })), ['pass', 'disabledForeground', 'finished']);
    assert.deepEqual(shown(running('a', { state: 'finished', airflow_state: 'running' }))[2], 'finished');
  });

  it('does not take a running task for ended because an earlier word of Airflow lingers', () => {
    assert.equal(lookOf(running('a', { airflow_state: 'up_for_retry' })).text, 'running');
  });

  it('says why a process failed', () => {
    const run = running('a', {
      state: 'failed',
      info: 'TASK_FAILED on agent-1: exit status 1\nmore',
      airflow_state: 'failed',
    });
    assert.equal(lookOf(run).text, 'failed · exit status 1');
  });
});

describe('names', () => {
  it('writes a mapped task as Airflow does', () => {
    assert.equal(taskName(taskRun('a')), 'summarise');
    assert.equal(taskName(taskRun('a', { key: { map_index: 2 } })), 'summarise[2]');
  });

  it('shortens a run id with an instant in it to kind and local time', () => {
    const at = new Date(2026, 10, 23, 9, 5, 7);
    assert.equal(runName(`manual__${at.toISOString()}`, atNoon), 'manual 09:05:07');
    const old = new Date(2026, 10, 20, 9, 5, 7);
    assert.equal(runName(`scheduled__${old.toISOString()}`, atNoon), 'scheduled 11-20 09:05:07');
    assert.equal(runName('my own – run', atNoon), 'my own – run');
  });
});
