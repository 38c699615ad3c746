import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { ExplainedError } from '../../host/errors.ts';
import type { Program } from './arguments.ts';
import { parseProgress, type ProgressLine } from './progress.ts';

/** Thrown where the person cancelled; the command line has rolled back by then. */
export class CancelledError extends Error {
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

export interface RunOptions {
  readonly cwd: string;
  readonly onProgress: (line: ProgressLine) => void;
  /** All else that it says, a line each: for the log. */
  readonly onText: (line: string) => void;
  /** Aborted: it is told to give up, and rolls back. */
  readonly signal: AbortSignal;
}

/**
 * Runs the command line until it ends.
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
  const child = spawn(program.command, [...program.args, ...args], {
    cwd,
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const failures: ExplainedError[] = [];
  let lastWords = '';
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const progress = parseProgress(line);
    if (!progress) {
      onText(line);
      return;
    }
    if (progress.type === 'error') failures.push(explained(progress));
    onProgress(progress);
  });
  readline.createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() !== '') lastWords = line;
    onText(line);
  });
  const giveUp = (): void => {
    child.kill('SIGINT');
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const ending = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, name) => resolve(code === 0 ? undefined : endingOf(code, name)));
    });
    // Cancelled too late, if it ended well all the same.
    if (ending === undefined) return;
    if (cancelled()) throw new CancelledError();
    throw (
      failures.at(-1) ??
      new ExplainedError(`The command line ${ending}`, lastWords === '' ? {} : { why: lastWords })
    );
  } catch (error) {
    if (error instanceof ExplainedError || error instanceof CancelledError) throw error;
    throw new ExplainedError(`${program.command} cannot be run`, {
      why: error instanceof Error ? error.message : String(error),
      next: 'Check the setting mesosAirflow.nodePath.',
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  return code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit status ${code}`;
}

function explained({ error, why, next }: Extract<ProgressLine, { type: 'error' }>): ExplainedError {
  return new ExplainedError(error, { ...(why ? { why } : {}), ...(next ? { next } : {}) });
}
