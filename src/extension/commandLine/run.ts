import type { Program } from './arguments.ts';
import { runChild } from './child.ts';
import { CancelledError, CommandLineError } from './errors.ts';
import { parseProgress, type ProgressLine } from './progress.ts';

export interface RunOptions {
  readonly cwd: string;
  readonly onProgress: (line: ProgressLine) => void;
  /** All else that it says, a line each: for the log. */
  readonly onText: (line: string) => void;
  /** Aborted: it is told to give up, and rolls back. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command that tells its progress, until it ends.
 * @throws ExplainedError what it says went wrong, or how it ended; CancelledError where it ended after `signal`.
 */
export async function runCommandLine(
  program: Program,
  args: readonly string[],
  options: RunOptions,
): Promise<void> {
  const { cwd, onProgress, onText, signal } = options;
  const cancelled = (): boolean => signal.aborted;
  if (cancelled()) throw new CancelledError();
  const failures: CommandLineError[] = [];
  let lastWords = '';
  const { code, how } = await runChild(program, args, {
    cwd,
    signal,
    onOut: (line) => {
      const progress = parseProgress(line);
      if (!progress) {
        onText(line);
        return;
      }
      if (progress.type === 'error') failures.push(new CommandLineError(progress));
      onProgress(progress);
    },
    onError: (line) => {
      if (line.trim() !== '') lastWords = line;
      onText(line);
    },
  });
  // Cancelled too late, if it ended well all the same.
  if (code === 0) return;
  if (cancelled()) throw new CancelledError();
  throw failures.at(-1) ?? new CommandLineError({ error: `The command line ${how}`, why: lastWords });
}
