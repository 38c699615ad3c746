import assert from 'node:assert/strict';
import { parseSecret } from '../../../../src/cli/secretOption.ts';
import { secretArguments, secretReferences } from '../../../../src/extension/commandLine/secrets.ts';

describe('the setting with secrets', () => {
  it('reaches the command line as it was meant', () => {
    const setting = {
      AIRFLOW_CONN_WAREHOUSE: { file: '~/my secrets/warehouse' },
      TOKEN: { environment: 'TOKEN' },
      KEY: { command: ['pass', 'show', 'my "key"'] },
    };
    const args = secretArguments(secretReferences(setting));
    const given = args.filter((_, index) => index % 2 === 1);
    assert.deepEqual(new Set(args.filter((_, index) => index % 2 === 0)), new Set(['--secret']));
    assert.deepEqual(Object.fromEntries(given.map(parseSecret)), setting);
  });

  it('leaves things as they were where it isn’t set, and forgets them where it is empty', () => {
    assert.deepEqual(secretArguments(secretReferences(null)), []);
    assert.deepEqual(secretArguments(secretReferences({})), ['--no-secrets']);
  });

  it('says which secret is not understood, without what it holds', () => {
    for (const place of ['swordfish', { value: 'swordfish' }, { command: [] }, { command: 'swordfish' }]) {
      assert.throws(
        () => secretReferences({ GOOD: { file: 'a' }, TOKEN: place }),
        (error: Error & { why?: string }) =>
          error.why?.startsWith('“TOKEN” is not') === true && !JSON.stringify(error).includes('swordfish'),
      );
    }
    assert.throws(() => secretReferences({ 'a-b': { file: 'a' } }));
  });
});
