import assert from 'node:assert/strict';
import { applied, deltaOf, DeltaMisfit, type Json } from '../../../src/journal/delta.ts';
import { randomFrom } from './random.ts';

describe('the change from one value to another', () => {
  it('brings any value to any other, and is none between equals', () => {
    const random = randomFrom(7);
    const value = (depth: number): Json => {
      const kind = random(depth > 3 ? 4 : 6);
      if (kind === 0) return null;
      if (kind === 1) return random(3);
      if (kind === 2) return ['a', 'b', 'ä\n'][random(3)] ?? '';
      if (kind === 3) return random(2) === 1;
      if (kind === 4) return Array.from({ length: random(5) }, () => value(depth + 1));
      const names = ['id', 'x', 'y', 'v', 'o', 'a', '__proto__'].slice(random(4));
      return Object.fromEntries(names.map((name) => [name, value(depth + 1)]));
    };
    for (let turn = 0; turn < 3000; turn += 1) {
      const [before, after] = [value(0), value(0)];
      const delta = deltaOf(before, after);
      const written = delta && (JSON.parse(JSON.stringify(delta)) as typeof delta);
      assert.deepEqual(written ? applied(before, written) : before, after);
      assert.equal(deltaOf(after, structuredClone<Json>(after)), undefined);
    }
  });

  it('of a list has only what is new in it', () => {
    const offers = Array.from({ length: 200 }, (_, index) => ({ id: `offer-${index}`, fate: 'declined' }));
    const newer = [{ id: 'offer-new', fate: 'outstanding' }, ...offers.slice(0, 199)];
    assert.deepEqual(deltaOf({ offers }, { offers: newer }), {
      o: { offers: { a: [{ v: newer[0] }, [0, 199]] } },
    });
  });

  it('of an item has only what is new of it, wherever it stands by now', () => {
    const agents = Array.from({ length: 50 }, (_, index) => ({ id: `S${index}`, used: { cpus: 0, mem: 0 } }));
    const after = [...agents.slice(1), { id: 'S0', used: { cpus: 2, mem: 0 } }];
    assert.deepEqual(deltaOf([{ agents }], [{ agents: after }]), {
      a: [
        {
          i: 0,
          d: { o: { agents: { a: [[1, 49], { i: 0, d: { o: { used: { o: { cpus: { v: 2 } } } } } }] } } },
        },
      ],
    });
  });

  it('that does not fit is refused', () => {
    assert.throws(() => applied([1], { a: [[0, 2]] }), DeltaMisfit);
    assert.throws(() => applied(undefined, { o: {} }), DeltaMisfit);
    assert.throws(() => applied('text', { a: [] }), DeltaMisfit);
  });
});
