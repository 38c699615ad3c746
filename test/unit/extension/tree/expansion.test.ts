import assert from 'node:assert/strict';
import { Expansion } from '../../../../src/extension/tree/expansion.ts';

describe('which rows are expanded', () => {
  it('counts a row from the first question or event on until it is collapsed', () => {
    const expansion = new Expansion();
    assert.equal(expansion.opened('dag:a'), true);
    assert.equal(expansion.opened('dag:a'), false);
    assert.deepEqual([...expansion.open], ['dag:a']);
    assert.equal(expansion.collapsed('dag:a'), true);
    assert.equal(expansion.collapsed('dag:a'), false);
    assert.equal(expansion.open.size, 0);
  });

  it('forgets rows that are no more, and keeps the order of the others', () => {
    const expansion = new Expansion();
    for (const id of ['c', 'a', 'b']) expansion.opened(id);
    assert.equal(
      expansion.forgetAllBut(
        new Map([
          ['b', 1],
          ['c', 1],
        ]),
      ),
      true,
    );
    assert.deepEqual([...expansion.open], ['c', 'b']);
    assert.equal(
      expansion.forgetAllBut(
        new Map([
          ['b', 1],
          ['c', 1],
        ]),
      ),
      false,
    );
  });
});
