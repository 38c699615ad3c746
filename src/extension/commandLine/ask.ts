import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { ExplainedError } from '../../host/errors.ts';
import type { Program } from './arguments.ts';
import { runChild } from './child.ts';
import { CommandLineError, errorRecord } from './errors.ts';

export interface AskOptions {
  readonly cwd: string;
  /** Milliseconds until it is given up. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command that prints JSON, and returns that. One that prints it and ends with another status than 0 has answered
 * too (`doctor`).
 * @throws CommandLineError what it says went wrong; ExplainedError where it did not answer in time or in this way.
 */
export async function askCommandLine<T extends z.ZodMiniType>(
  program: Program,
  args: readonly string[],
  schema: T,
  { cwd, limitMs, signal }: AskOptions,
): Promise<z.output<T>> {
  const limit = AbortSignal.timeout(limitMs);
  const out: string[] = [];
  const words: string[] = [];
  const { code, how } = await runChild(program, args, {
    cwd,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    onOut: (line) => out.push(line),
    onError: (line) => words.push(line),
  });
  signal?.throwIfAborted();
  const command = `mesos-airflow ${args[0] ?? ''}`;
  const parsed = z.safeParse(schema, fromJson(out.join('\n')));
  if (parsed.success) return parsed.data;
  const failure = words
    .map((line) => z.safeParse(errorRecord, fromJson(line)))
    .find(({ success }) => success);
  if (failure?.data) throw new CommandLineError(failure.data);
  if (limit.aborted) {
    throw new ExplainedError(l10n.t('{0} did not answer within {1} s', command, Math.round(limitMs / 1000)));
  }
  if (code === 0) throw new ExplainedError(l10n.t('What {0} printed is not understood', command));
  throw new CommandLineError({ error: `${command} ${how}`, why: words.at(-1) });
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said in other words than JSON: not what is looked for.
    return undefined;
  }
}
