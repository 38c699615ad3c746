import assert from 'node:assert/strict';
import { ExplainedError } from '../../../../src/host/errors.ts';
import type { Program } from '../../../../src/extension/commandLine/arguments.ts';
import type { ProgressLine } from '../../../../src/extension/commandLine/progress.ts';
import { CancelledError, CommandLineError } from '../../../../src/extension/commandLine/errors.ts';
import { runCommandLine } from '../../../../src/extension/commandLine/run.ts';

/** Runs a script in the command line's place, and returns what it said. */
async function run(
  script: string,
  signal = new AbortController().signal,
  onProgress: (line: ProgressLine) => void = () => undefined,
): Promise<{ progress: ProgressLine[]; text: string[] }> {
  const program: Program = { command: process.execPath, args: ['-e', script], env: process.env };
  const progress: ProgressLine[] = [];
  const text: string[] = [];
  await runCommandLine(program, [], {
    cwd: process.cwd(),
    signal,
    onText: (line) => text.push(line),
    onProgress: (line) => {
      progress.push(line);
      onProgress(line);
    },
  });
  return { progress, text };
}

const say = (value: unknown): string => `console.log(${JSON.stringify(JSON.stringify(value))});`;
const phase = { type: 'phase', phase: 'Mesos – Größe', state: 'running', detail: '…', elapsed_ms: 12 };

describe('runCommandLine', () => {
  it('tells progress from other text, and passes over what it doesn’t know', async () => {
    const { progress, text } = await run(
      `${say(phase)} console.log('plain'); ${say({ type: 'ready', url: 'x' })} console.error('hm');`,
    );
    assert.deepEqual(progress, [phase]);
    assert.deepEqual(text.sort(), ['hm', 'plain', '{"type":"ready","url":"x"}'].sort());
  });

  it('fails with the three parts that the command line gave, and with its kind', async () => {
    const error = {
      type: 'error',
      error: 'No Python',
      why: 'none on the PATH',
      next: null,
      kind: 'MachineError',
    };
    await assert.rejects(run(`${say(error)} process.exitCode = 6;`), (thrown) => {
      assert.ok(thrown instanceof CommandLineError);
      assert.deepEqual(
        [thrown.message, thrown.why, thrown.next, thrown.kind],
        ['No Python', 'none on the PATH', undefined, 'MachineError'],
      );
      return true;
    });
  });

  it('fails with its last words where it ended without an explanation', async () => {
    await assert.rejects(run(`console.error('segfault-ish\\n'); process.exitCode = 9;`), (thrown) => {
      assert.ok(thrown instanceof ExplainedError);
      assert.equal(thrown.message, 'The command line ended with exit status 9');
      assert.equal(thrown.why, 'segfault-ish');
      return true;
    });
  });

  it('names a program that cannot be run', async () => {
    const program: Program = { command: '/no/such/node', args: [], env: {} };
    const options = {
      cwd: process.cwd(),
      signal: new AbortController().signal,
      onText: () => undefined,
      onProgress: () => undefined,
    };
    await assert.rejects(runCommandLine(program, [], options), /\/no\/such\/node cannot be run/);
  });

  it('tells it to give up, and waits until it has rolled back', async () => {
    const cancel = new AbortController();
    const script = `
      process.on('SIGINT', () => { ${say({ ...phase, state: 'failed' })} setTimeout(() => process.exit(130), 100); });
      ${say(phase)}
      setInterval(() => {}, 1000);`;
    const states: string[] = [];
    await assert.rejects(
      run(script, cancel.signal, (line) => {
        if (line.type !== 'phase') return;
        states.push(line.state);
        cancel.abort();
      }),
      CancelledError,
    );
    assert.deepEqual(states, ['running', 'failed']);
  });
});
