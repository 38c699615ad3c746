import type { Writable } from 'node:stream';
import { codeOf, messageOf } from '../../../host/errors.ts';
import { spawnAs } from '../spawnAs.ts';
import type { TaskUser } from '../userSwitch.ts';
import { FetchError } from './fetchError.ts';

/** As whom the fetcher works: whatever it reads or writes, the task could have read or written itself. */
export interface Worker {
  readonly user: TaskUser | undefined;
  /** By which its processes are known to be the task's. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** What a program wrote is kept up to this length. */
const mostText = 4096;

/**
 * Runs a program of the system as the task's user. Rejects with FetchError where it fails: what it wrote, to both its
 * outputs.
 * @param feed gets its standard input; it need not end it
 */
export async function workAs(
  { user, env, cwd, signal }: Worker,
  program: string,
  args: readonly string[],
  feed?: (input: Writable) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawnAs({ program, args, argv0: undefined }, user, [], {
    cwd,
    env,
    signal,
    killSignal: 'SIGKILL',
    stdio: [feed ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (piece: string) => (text = (text + piece).slice(-mostText)));
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Whatever it could not take shows in how it ended.
  const fed = child.stdin && feed ? settled(feed(child.stdin)) : undefined;
  // The input ends whatever became of it.
  void fed?.then(() => child.stdin?.destroy());
  let code: number | null;
  try {
    code = await ended;
  } catch (error) {
    signal.throwIfAborted();
    throw new FetchError(
      codeOf(error) === 'ENOENT' ? `there is no program ${program} here` : messageOf(error),
    );
  }
  signal.throwIfAborted();
  const problem = await fed;
  const said = text.trim().replace(/\s*\n\s*/g, '; ');
  // Where it could not take its input, it tells best why.
  if (code !== 0) throw new FetchError(said === '' ? `${program} ended with ${code ?? 'a signal'}` : said);
  if (problem) throw problem.error;
}

/** Undefined, or what it rejected with. */
function settled(work: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}
