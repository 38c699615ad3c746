import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';

/** The bundle that people run; `npm test` builds it. MESOS_AIRFLOW_TEST_CLI names another. */
export const cliBundle = path.resolve(
  process.env.MESOS_AIRFLOW_TEST_CLI ?? fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url)),
);

export interface CommandResult {
  /** The exit status; a signal's name where one ended it. */
  readonly status: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `mesos-airflow` that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Standard output as it came, for what is not only text. */
  readonly output: () => Buffer;
  readonly ended: Promise<CommandResult>;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts the command line as people do. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  if (!existsSync(cliBundle)) throw new Error(`${cliBundle} is missing: npm run build`);
  const child = spawn(process.execPath, [cliBundle, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  let stdout = '';
  let stderr = '';
  const characters = new StringDecoder();
  child.stdout.on('data', (data: Buffer) => {
    chunks.push(data);
    stdout += characters.write(data);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ status: code ?? signal, stdout, stderr }));
  });
  const output = (): Buffer => Buffer.concat(chunks);
  return { child, stdout: () => stdout, stderr: () => stderr, output, ended };
}

/** Runs it to its end. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return startCommand(args, options).ended;
}
