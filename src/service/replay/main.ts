import { ExplainedError, messageOf } from '../../host/errors.ts';
import { lineLogger } from '../log.ts';
import type { ReplayArguments } from './arguments.ts';
import { runReplay } from './run.ts';

/**
 * Serves a recording for whoever started this process: it ends when that closes its standard input, or is gone. One line of
 * JSON on standard output says that it is served, or why not; the log goes to standard error.
 */
export async function replayMain(args: ReplayArguments): Promise<number> {
  const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  const log = lineLogger((line) => process.stderr.write(line), 'warn');
  try {
    const replay = await runReplay(args, log);
    const { from, to, cutOff, header } = replay.history;
    say({ type: 'serving', name: args.name, from, to, cut_off: cutOff, cluster: header.cluster });
    const stop = (): void => void replay.stop();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
    process.stdin.on('close', stop).on('end', stop).on('error', stop).resume();
    await replay.ended;
    return 0;
  } catch (error) {
    const { why, next } = error instanceof ExplainedError ? error : { why: undefined, next: undefined };
    const kind = error instanceof ExplainedError ? error.name : null;
    say({ type: 'error', error: messageOf(error), why: why ?? null, next: next ?? null, kind });
    return 1;
  }
}
