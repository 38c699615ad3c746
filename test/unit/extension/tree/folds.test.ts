import assert from 'node:assert/strict';
import { Folds } from '../../../../src/extension/tree/folds.ts';

function memory(): { get(key: string): unknown; update(key: string, value: unknown): Promise<void> } {
  const stored = new Map<string, string>();
  return {
    get: (key) => (stored.has(key) ? (JSON.parse(stored.get(key) ?? '') as unknown) : undefined),
    update: (key, value) => {
      stored.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}

describe('how rows were left folded', () => {
  it('is known again after a reload, of each view for itself', () => {
    const kept = memory();
    const folds = new Folds(kept, 'cluster');
    folds.set('offers', true);
    folds.set('agents', true);
    folds.set('agents', false);
    const reloaded = new Folds(kept, 'cluster');
    assert.equal(reloaded.isOpen('offers'), true);
    assert.equal(reloaded.isOpen('agents'), false);
    assert.equal(reloaded.isOpen('frameworks'), undefined);
    assert.equal(new Folds(kept, 'dags').isOpen('offers'), undefined);
  });

  it('is forgotten of the rows that were folded longest ago', () => {
    const folds = new Folds(memory(), 'cluster');
    for (let count = 0; count < 300; count += 1) folds.set(`run:${count}`, true);
    folds.set('run:0', false);
    folds.set('agents', true);
    assert.equal(folds.isOpen('run:0'), false);
    assert.equal(folds.isOpen('run:1'), undefined);
    assert.equal(folds.isOpen('run:2'), true);
  });

  it('is nothing where something else was stored', async () => {
    const kept = memory();
    await kept.update('folds of cluster', [['agents', 'open'], 'offers', ['frameworks', true]]);
    const folds = new Folds(kept, 'cluster');
    assert.equal(folds.isOpen('agents'), undefined);
    assert.equal(folds.isOpen('frameworks'), true);
  });
});
