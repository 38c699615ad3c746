import assert from 'node:assert/strict';
import {
  changesBetween,
  outlineOf,
  parentsOf,
  type Branch,
  type Outline,
} from '../../../../src/extension/tree/rows.ts';

function branch(id: string, description = '', below: readonly Branch[] = []): Branch {
  return { row: { id, label: id, description, context: 'x', opens: 'closed' }, below };
}

describe('changesBetween', () => {
  const before = outlineOf([branch('a', '1', [branch('a1', 'x'), branch('a2')]), branch('b')]);
  const after = (...branches: readonly Branch[]): Outline => outlineOf(branches);

  it('names only the rows that look different', () => {
    const next = after(branch('a', '1', [branch('a1', 'y'), branch('a2')]), branch('b'));
    assert.deepEqual(changesBetween(before, next), ['a1']);
  });

  it('names the parent of a row that came or went, not the row', () => {
    const next = after(branch('a', '1', [branch('a2'), branch('a3')]), branch('b'));
    assert.deepEqual(changesBetween(before, next), ['a']);
  });

  it('names nothing where nothing changed', () => {
    const same = after(branch('a', '1', [branch('a1', 'x'), branch('a2')]), branch('b'));
    assert.deepEqual(changesBetween(before, same), []);
  });

  it('asks for all only where the top rows are others', () => {
    assert.equal(changesBetween(before, after(branch('b'), branch('a'))), 'all');
  });
});

describe('parentsOf', () => {
  it('knows which row each row is below', () => {
    const outline = outlineOf([branch('a', '', [branch('a1', '', [branch('a11')])])]);
    const parents = parentsOf(outline);
    assert.deepEqual(
      ['a', 'a1', 'a11'].map((id) => parents.get(id)),
      [undefined, 'a', 'a1'],
    );
  });
});
