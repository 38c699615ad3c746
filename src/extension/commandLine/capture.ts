import os from 'node:os';
import type { Program } from './arguments.ts';
import { runChild } from './child.ts';

/**
 * All that a command prints, what it says of errors behind it, and how it ended where that was not well. It never throws
 * for what the command says.
 * @throws ExplainedError where the command line cannot be run at all; the signal's reason.
 */
export async function capture(
  program: Program,
  args: readonly string[],
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<string> {
  const limit = AbortSignal.timeout(limitMs);
  const lines: string[] = [];
  const words: string[] = [];
  const { code, how } = await runChild(program, args, {
    cwd: os.homedir(),
    signal: AbortSignal.any([signal, limit]),
    onOut: (line) => lines.push(line),
    onError: (line) => words.push(line),
  });
  signal.throwIfAborted();
  if (limit.aborted) words.push(`It did not end within ${Math.round(limitMs / 1000)} s.`);
  else if (code !== 0) words.push(`It ${how}.`);
  return [...lines, ...words].join('\n');
}
