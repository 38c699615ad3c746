import assert from 'node:assert/strict';
import { LogViews, type Memory } from '../../../../src/extension/logs/views.ts';
import { specOf, usualView } from '../../../../src/extension/logs/view.ts';

class Notes implements Memory {
  readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    // As what was written to a disk and read again.
    this.values.set(key, JSON.parse(JSON.stringify(value)));
    return Promise.resolve();
  }
}

describe('LogViews', () => {
  it('remembers what each document shows', () => {
    const notes = new Notes();
    new LogViews(notes).set('a', { file: 'airflow', raw: true });
    new LogViews(notes).set('b', { file: 'stderr', filter: { words: 'x', level: 'error' } });
    new LogViews(notes).set('a', { file: 'all' });
    const views = new LogViews(notes);
    assert.deepEqual(views.get('a'), { file: 'all' });
    assert.deepEqual(views.get('b'), { file: 'stderr', filter: { words: 'x', level: 'error' } });
    assert.deepEqual(views.get('c'), usualView);
  });

  it('forgets those set longest ago', () => {
    const views = new LogViews(new Notes());
    for (let nth = 0; nth < 300; nth += 1) views.set(String(nth), { file: 'stderr' });
    assert.deepEqual(views.get('0'), usualView);
    assert.deepEqual(views.get('299'), { file: 'stderr' });
  });

  it('takes nothing that is no view', () => {
    const notes = new Notes();
    for (const kept of ['x', [['a', { file: 'secrets' }]], [['a']], [['a', null]]]) {
      void notes.update('logViews', kept);
      assert.deepEqual(new LogViews(notes).get('a'), usualView);
    }
  });
});

describe('a filter of a view', () => {
  it('is text, or a regular expression between slashes, and a level', () => {
    assert.equal(specOf(undefined), undefined);
    assert.equal(specOf({ words: '' }), undefined);
    assert.deepEqual(specOf({ words: '', level: 'error' }), { level: 'error' });
    assert.deepEqual(specOf({ words: 'a b' }), { text: 'a b' });
    assert.deepEqual(specOf({ words: '/a+/i', level: 'info' }), {
      pattern: { source: 'a+', flags: 'i' },
      level: 'info',
    });
  });
});
