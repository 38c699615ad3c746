import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import {
  resolveSecrets,
  resolveWhatCanBe,
  SecretUnavailable,
  type SecretReference,
} from '../../../src/host/secretReference.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const node = process.execPath;

async function why(reference: SecretReference, limitMs?: number): Promise<string> {
  const options = {
    env: { PATH: process.env.PATH, EMPTY: '' },
    ...(limitMs === undefined ? {} : { limitMs }),
  };
  const { secrets, missing } = await resolveWhatCanBe({ DB: reference }, options);
  assert.deepEqual(secrets, {});
  const [error] = missing;
  assert.ok(error);
  assert.equal(error.message, 'The secret DB cannot be had');
  assert.ok(error.next, 'it says what to do');
  return error.why ?? '';
}

describe('secrets by reference', () => {
  it('are what a file holds, what a variable holds, and what a program prints, without its last line break', async () => {
    const folder = await temporaryFolder('secrets');
    try {
      const file = path.join(folder.path, 'db');
      await fs.writeFile(file, 'two\nlines \n');
      const secrets = await resolveSecrets(
        {
          A: { file },
          B: { environment: 'KEPT' },
          C: { command: [node, '-e', 'console.log(process.argv[1])', '$(id) "grüß"; *'] },
        },
        { env: { ...process.env, KEPT: 'in a variable' } },
      );
      assert.deepEqual(secrets, { A: 'two\nlines ', B: 'in a variable', C: '$(id) "grüß"; *' });
    } finally {
      await folder.remove();
    }
  });

  it('that cannot be had say where they were to be, and never what was found', async () => {
    const folder = await temporaryFolder('secrets');
    try {
      const file = (name: string): string => path.join(folder.path, name);
      assert.match(await why({ file: file('none') }), /^there is no file .*none$/);
      assert.match(await why({ file: folder.path }), /cannot be read: EISDIR/);
      await fs.writeFile(file('empty'), '\n');
      assert.match(await why({ file: file('empty') }), /empty is empty$/);
      await fs.writeFile(file('large'), 'x'.repeat(70_000));
      assert.match(await why({ file: file('large') }), /larger than 64 KiB/);
      await fs.writeFile(file('binary'), 'a\0b');
      assert.match(await why({ file: file('binary') }), /is not text/);
      assert.equal(await why({ environment: 'NOBODY' }), 'the variable NOBODY is not set');
      assert.equal(await why({ environment: 'EMPTY' }), 'the variable EMPTY is empty');
      assert.match(await why({ command: ['no-such-program'] }), /there is no program no-such-program/);
      const failing = 'console.log("swordfish"); console.error("swordfish"); process.exit(3)';
      assert.equal(await why({ command: [node, '-e', failing] }), `${node} ended with exit status 3`);
      assert.match(await why({ command: [node, '-e', 'setInterval(() => {}, 1000)'] }, 300), /after 0.3 s/);
      // Not in a loop: what a full pipe did not take would never be written.
      const endless = 'const more = () => process.stdout.write("x".repeat(65536), more); more()';
      assert.match(await why({ command: [node, '-e', endless] }), /printed more than 128 KiB/);
    } finally {
      await folder.remove();
    }
  });

  it('fail together where all are needed', async () => {
    const references = { A: { environment: 'PATH' }, B: { environment: 'NOBODY' } };
    await assert.rejects(resolveSecrets(references, { env: process.env }), SecretUnavailable);
  });

  it('are no longer looked for once that is given up', async () => {
    const abort = new AbortController();
    const command = [node, '-e', 'setInterval(() => {}, 1000)'];
    const looking = resolveSecrets({ A: { command } }, { env: process.env, signal: abort.signal });
    abort.abort();
    await assert.rejects(looking, { name: 'AbortError' });
  });
});
