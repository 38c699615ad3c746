import { CommanderError } from 'commander';
import { codeOf } from '../host/errors.ts';
import { userFolders } from '../host/folders.ts';
import type { Context } from './context.ts';
import { enginesOf } from './engines.ts';
import { errorRecord, exitCodeOf, isUnexpected, showError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';
import { Interrupts } from './interrupts.ts';
import { terminalOn } from './output/terminal.ts';
import { makeProgram } from './program.ts';
import { ToldError } from './progress.ts';
import { version } from './version.ts';

/** Runs the command line of this process and sets its exit status. */
export async function main(argv: readonly string[]): Promise<void> {
  const interrupts = new Interrupts(
    {
      on: (signal, listener) => process.on(signal, listener),
      exit: (code) => process.exit(code),
    },
    exitCodes.interrupted,
  );
  // The reader has gone (`| head`, a closed terminal): nothing more is to be said.
  const brokenPipe = (error: Error): void => {
    if (codeOf(error) !== 'EPIPE' && codeOf(error) !== 'EIO') throw error;
    interrupts.hangUp(exitCodes.ok);
  };
  process.stdout.on('error', brokenPipe);
  process.stderr.on('error', brokenPipe);

  const err = terminalOn(process.stderr, process.env);
  const entry = argv[1] ?? '';
  const folders = userFolders(process.env);
  const context: Context = {
    out: terminalOn(process.stdout, process.env),
    err,
    env: process.env,
    cwd: process.cwd(),
    entry,
    folders,
    engines: enginesOf({ folders, env: process.env, entry }),
    interrupts,
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    endWith: (code) => {
      process.exitCode = code;
    },
  };
  const json = argv.includes('--json');
  const usage: string[] = [];
  try {
    const program = makeProgram(context, version, {
      writeErr: (text) => (json ? usage.push(text.trim()) : process.stderr.write(text)),
      outputError: (text, write) => write(json ? text : context.err.colors.red(text)),
    });
    if (argv.length <= 2) program.outputHelp();
    else await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = tell(error, { json, usage, context });
  }
}

/** Says what went wrong, in the form that was asked for, and returns the exit status. */
function tell(
  error: unknown,
  { json, usage, context }: { json: boolean; usage: readonly string[]; context: Context },
): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    if (json) {
      const record = { error: usage.join(' ').replace(/^error: /, '') || error.message, why: null };
      context.err.line(JSON.stringify({ ...record, next: 'mesos-airflow help says what is understood.' }));
    }
    return exitCodes.usage;
  }
  if (error instanceof ToldError) return exitCodeOf(error.cause);
  // What fails because it was interrupted needs no explanation.
  if (context.interrupts.signal.aborted && isUnexpected(error)) return exitCodes.interrupted;
  if (json) context.err.line(JSON.stringify(errorRecord(error)));
  else showError(error, context.err);
  if (isUnexpected(error) && error instanceof Error && context.env.MESOS_AIRFLOW_LOG_LEVEL === 'debug') {
    context.err.line(error.stack);
  }
  return exitCodeOf(error);
}
