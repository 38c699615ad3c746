import { spawn } from 'node:child_process';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { signalGroup } from '../host/processes.ts';

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ends the program and all that it started; `runProgram` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Each line of its output, both streams, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Written to its standard input, which is closed then. */
  readonly input?: string;
}

export interface ProgramResult {
  /** The exit status; 128 + the signal's number where a signal ended it, as shells say it. */
  readonly status: number;
  readonly output: string;
  /** The last lines of its output that have something on them: what a person is shown when it failed. */
  readonly lastLines: readonly string[];
}

/** Output beyond this many characters is dropped from the front. */
const keptOutput = 1_000_000;

/**
 * Runs a program to its end, in a process group of its own so that its children end with it. Rejects where it cannot be
 * started (with Node's system error) and where the signal is aborted, once the whole group is gone.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    env: options.env,
    cwd: options.cwd,
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let output = '';
  const take = (line: string): void => {
    output = `${output}${line}\n`.slice(-keptOutput);
    options.onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take);
  // The program may end before it has read its input: its exit status says what there is to say.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) signalGroup(child.pid, 'SIGKILL');
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) =>
        resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)),
      );
    });
    options.signal?.throwIfAborted();
    const lines = output.split('\n').filter((line) => line.trim() !== '');
    return { status, output, lastLines: lines.slice(-8) };
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}
