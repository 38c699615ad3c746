import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import type { Program } from '../../../../src/extension/commandLine/arguments.ts';
import { askCommandLine } from '../../../../src/extension/commandLine/ask.ts';
import { CommandLineError } from '../../../../src/extension/commandLine/errors.ts';

const answer = z.object({ ok: z.boolean() });

function ask(script: string, limitMs = 10_000): Promise<{ ok: boolean }> {
  const program: Program = { command: process.execPath, args: ['-e', script], env: process.env };
  return askCommandLine(program, [], answer, { cwd: process.cwd(), limitMs });
}

describe('askCommandLine', () => {
  it('returns what was printed, also where the exit status says that something lacks', async () => {
    assert.deepEqual(await ask(`console.log('{\\n "ok": true\\n}')`), { ok: true });
    assert.deepEqual(await ask(`console.log('{"ok":false}'); process.exitCode = 6`), { ok: false });
  });

  it('fails with what the command line says went wrong', async () => {
    const record = {
      error: 'There is no cluster called x',
      why: null,
      next: 'Start one',
      kind: 'CommandError',
    };
    const script = `console.error(${JSON.stringify(JSON.stringify(record))}); process.exitCode = 3`;
    await assert.rejects(ask(script), (error) => {
      assert.ok(error instanceof CommandLineError);
      assert.deepEqual(
        [error.message, error.why, error.next, error.kind],
        ['There is no cluster called x', undefined, 'Start one', 'CommandError'],
      );
      return true;
    });
  });

  it('ends one that does not answer in time', async () => {
    await assert.rejects(ask('setInterval(() => {}, 1000)', 300), /did not answer within/);
  });

  it('does not take other words for an answer', async () => {
    await assert.rejects(ask(`console.log('hello')`), /is not understood/);
    await assert.rejects(ask(`console.error('oh'); process.exitCode = 9`), /ended with exit status 9/);
  });
});
