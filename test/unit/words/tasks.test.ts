import assert from 'node:assert/strict';
import { byTask, groupName, unfinishedUpstream } from '../../../src/words/tasks.ts';

describe('the tasks of a run', () => {
  it('are named with the range of a mapped one, also where it has very many instances', () => {
    assert.equal(groupName('extract', [{ map_index: -1 }]), 'extract');
    assert.equal(groupName('summarise', [{ map_index: 0 }]), 'summarise [0]');
    const many = Array.from({ length: 300_000 }, (_, map_index) => ({ map_index }));
    assert.equal(groupName('summarise', many), 'summarise [0..299999]');
  });

  it('wait for those upstream that are not over, until Airflow has scheduled them', () => {
    const extract = { task_id: 'extract', state: 'running', upstream: [] };
    const skipped = { task_id: 'maybe', state: 'skipped', upstream: [] };
    const load = { task_id: 'load', state: null, upstream: ['extract', 'maybe'] };
    const groups = byTask([extract, skipped, load]);
    assert.deepEqual(unfinishedUpstream([load], groups), ['extract']);
    assert.deepEqual(unfinishedUpstream([{ ...load, state: 'scheduled' }], groups), []);
  });
});
