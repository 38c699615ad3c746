import { spawn } from 'node:child_process';
import * as z from 'zod/mini';
import { codeOf } from '../host/errors.ts';

const answered = z.object({ Username: z.string(), Secret: z.string() });
export type HelperAnswer = z.infer<typeof answered>;

/** A helper asks the person at most this long (a key ring that wants to be unlocked). */
const limitMs = 60_000;

/**
 * Asks `docker-credential-<helper> get`, with the registry on its standard input, as Docker's own client does. Undefined
 * where it has none for this registry. Throws an Error that says in one line what is wrong with it, never with a secret.
 */
export async function askHelper(
  helper: string,
  registry: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<HelperAnswer | undefined> {
  const program = `docker-credential-${helper}`;
  if (!/^[\w.-]+$/.test(helper))
    throw new Error(`${JSON.stringify(helper)} is no name of a credential helper`);
  const { status, output } = await run(program, registry, env, signal);
  if (status === 0) {
    try {
      const { Secret, Username } = answered.parse(JSON.parse(output));
      return Username === '' && Secret === '' ? undefined : { Username, Secret };
    } catch {
      throw new Error(`${program} answered with something that is no login`);
    }
  }
  if (/credentials not found/i.test(output)) return undefined;
  throw new Error(
    `${program} failed (exit status ${String(status)}): ${output.trim().split('\n').at(-1) ?? ''}`,
  );
}

/** Runs it to its end; `output` is what it wrote to its standard output: helpers tell errors there. */
async function run(
  program: string,
  input: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ status: number | null; output: string }> {
  const limit = AbortSignal.timeout(limitMs);
  const child = spawn(program, ['get'], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: AbortSignal.any([signal, limit]),
    windowsHide: true,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // It may end before it has read the name.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { status, output };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) {
      throw new Error(`${program} did not answer within ${String(limitMs / 1000)} s`, { cause: error });
    }
    if (codeOf(error) === 'ENOENT') {
      throw new Error(`${program}, which config.json names for this registry, is not on PATH`, {
        cause: error,
      });
    }
    throw error;
  }
}
