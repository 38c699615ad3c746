import assert from 'node:assert/strict';
import { Emitter } from '../../../src/extension/emitter.ts';

describe('an event', () => {
  it('reaches all listeners, also behind one that throws, and those alone that still listen', () => {
    const emitter = new Emitter<number>();
    const told: string[] = [];
    const first = emitter.event((value) => told.push(`first ${value}`));
    emitter.event(() => {
      throw new Error('broken');
    });
    emitter.event((value) => told.push(`last ${value}`));
    assert.throws(() => emitter.fire(1), /broken/);
    first.dispose();
    assert.throws(() => emitter.fire(2), /broken/);
    assert.deepEqual(told, ['first 1', 'last 1', 'last 2']);
  });
});
