import * as l10n from '@vscode/l10n';
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import type { Program } from './arguments.ts';

export interface ChildOptions {
  readonly cwd: string;
  /** Each line of standard output. */
  readonly onOut: (line: string) => void;
  /** Each line of standard error. */
  readonly onError: (line: string) => void;
  /** Aborted: it is told to end, by SIGINT; it is waited for all the same. */
  readonly signal: AbortSignal;
}

/** How a child ended. */
export interface Ending {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** `ended with exit status 6`, `was ended by SIGKILL`. */
  readonly how: string;
}

/** Runs the command line until it ends. Throws ExplainedError where it cannot be run at all. */
export async function runChild(
  program: Program,
  args: readonly string[],
  { cwd, onOut, onError, signal }: ChildOptions,
): Promise<Ending> {
  const child = spawn(program.command, [...program.args, ...args], {
    cwd,
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  readline.createInterface({ input: child.stdout }).on('line', onOut);
  readline.createInterface({ input: child.stderr }).on('line', onError);
  const giveUp = (): void => {
    child.kill('SIGINT');
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, name) => {
        const how =
          code === null
            ? l10n.t('was ended by {0}', name ?? '?')
            : l10n.t('ended with exit status {0}', code);
        resolve({ code, how });
      });
    });
  } catch (error) {
    throw new ExplainedError(l10n.t('{0} cannot be run', program.command), {
      why: messageOf(error),
      next: l10n.t('Check the setting mesosAirflow.nodePath.'),
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
