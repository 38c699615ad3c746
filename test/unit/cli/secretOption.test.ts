import assert from 'node:assert/strict';
import { InvalidArgumentError } from 'commander';
import { parseSecret } from '../../../src/cli/secretOption.ts';

describe('--secret', () => {
  it('names a variable and where it is kept', () => {
    assert.deepEqual(parseSecret('A=file:~/my secrets/a=b'), ['A', { file: '~/my secrets/a=b' }]);
    assert.deepEqual(parseSecret('_b1=env:HOME'), ['_b1', { environment: 'HOME' }]);
    assert.deepEqual(parseSecret('C=command: pass  show db '), ['C', { command: ['pass', 'show', 'db'] }]);
    assert.deepEqual(parseSecret('C=command:["pass", "show", "my db"]'), [
      'C',
      { command: ['pass', 'show', 'my db'] },
    ]);
  });

  it('is refused where it is something else', () => {
    const wrong = [
      'A',
      'A=',
      'A=swordfish',
      'A=file:',
      '1A=env:B',
      'A B=env:C',
      'A=command:[]',
      'A=command:["a"',
    ];
    for (const text of wrong) assert.throws(() => parseSecret(text), InvalidArgumentError, text);
  });
});
