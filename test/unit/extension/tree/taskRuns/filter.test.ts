import assert from 'node:assert/strict';
import { filterWords, matcher } from '../../../../../src/extension/tree/taskRuns/filter.ts';
import { optionsFrom, usualOptions } from '../../../../../src/extension/tree/taskRuns/options.ts';

describe('the filter of task runs', () => {
  const matches = (pattern: string, name: string): boolean =>
    matcher({ name: pattern, states: [] })({ name, dag_id: 'weather', kind: 'running' });

  it('finds part of a name, of the task or its DAG, in any case', () => {
    assert.ok(matches('MARI', 'summarise[2]'));
    assert.ok(matches('weath', 'summarise'));
    assert.ok(!matches('load', 'summarise'));
    assert.ok(matches('  ', 'summarise'));
  });

  it('takes a pattern with * for the whole name', () => {
    assert.ok(matches('sum*', 'summarise[2]'));
    assert.ok(!matches('mari*', 'summarise[2]'));
    assert.ok(matches('*[2]', 'summarise[2]'));
    assert.ok(matches('s*m*e[*]', 'summarise[2]'));
    assert.ok(!matches('a*a', 'a'));
    assert.ok(!matches('*x', 'xy'));
    // Nothing else in it has a meaning.
    assert.ok(!matches('s.m*', 'summarise'));
  });

  it('knows states', () => {
    const failed = matcher({ name: '', states: ['failed', 'lost'] });
    assert.ok(failed({ name: 'a', dag_id: 'b', kind: 'lost' }));
    assert.ok(!failed({ name: 'a', dag_id: 'b', kind: 'running' }));
  });

  it('is told of in words', () => {
    assert.equal(filterWords({ name: ' sum* ', states: ['failed', 'lost'] }), '“sum*” · failed, lost');
    assert.equal(filterWords({ name: '', states: [] }), '');
  });

  it('is the usual one where something else was remembered', () => {
    assert.deepEqual(optionsFrom(undefined), usualOptions);
    assert.deepEqual(optionsFrom({ grouping: 'planet' }), usualOptions);
    const mine = { grouping: 'flat', sort: 'failed', filter: { name: 'x', states: ['lost'] } };
    assert.deepEqual(optionsFrom(mine), mine);
  });
});
