import assert from 'node:assert/strict';
import { requestState } from '../../../src/api/airflow.ts';
import { stateOfRun, wordsOf } from '../../../src/words/states.ts';

describe('the words for states', () => {
  it('are there for each state of the framework', () => {
    for (const state of requestState.options) assert.ok(wordsOf(state), state);
  });

  it('are one set for Airflow and the framework', () => {
    assert.deepEqual(wordsOf('queued'), wordsOf('scheduled'));
    assert.deepEqual(wordsOf(null), { kind: 'waiting', word: 'waiting' });
    assert.deepEqual(wordsOf('upstream_failed'), { kind: 'failed', word: 'failed upstream' });
    assert.equal(wordsOf('a state of a later Airflow'), undefined);
  });

  it('believe the framework while the task is on Mesos, and Airflow once its process is over', () => {
    assert.equal(stateOfRun({ state: 'running', airflow_state: 'up_for_retry' }), 'running');
    assert.equal(stateOfRun({ state: 'finished', airflow_state: 'failed' }), 'failed');
    assert.equal(stateOfRun({ state: 'finished', airflow_state: 'running' }), 'finished');
    assert.equal(stateOfRun({ state: 'finished', airflow_state: null }), 'finished');
    assert.equal(stateOfRun({ state: 'failed', airflow_state: 'up_for_retry' }), 'up_for_retry');
    assert.equal(stateOfRun({ state: 'failed', airflow_state: 'success' }), 'failed');
  });
});
