import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ExplainedError, messageOf } from './errors.ts';

/** Where a secret is kept: what is written down names the place, never the secret. */
export type SecretReference =
  /** Its whole text but for a line break at the end. `~/` is the home folder. */
  | { readonly file: string }
  /** A variable of the process that looks. */
  | { readonly environment: string }
  /** A program and its arguments, without a shell: what it prints, but for a line break at the end. */
  | { readonly command: readonly string[] };

export interface SecretOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Milliseconds until a command is given up: it may wait for a person. Default 60 000. */
  readonly limitMs?: number;
}

/** Variables may be this large together with all others of a process; a secret is far smaller. */
const mostBytes = 64 * 1024;
const mostPrinted = 2 * mostBytes;
const usualLimitMs = 60_000;

const runFile = promisify(execFile);

/** A secret that its reference does not lead to. Says the place, and nothing of what was found there. */
export class SecretUnavailable extends ExplainedError {
  constructor(name: string, why: string, next: string) {
    super(`The secret ${name} cannot be had`, { why, next });
    this.name = 'SecretUnavailable';
  }
}

/** All secrets, by the names of the references. Throws `SecretUnavailable` for the first that cannot be had. */
export async function resolveSecrets(
  references: Readonly<Record<string, SecretReference>>,
  options: SecretOptions,
): Promise<Record<string, string>> {
  // One after another: two programs that ask for a passphrase at once would be in each other's way.
  const secrets: Record<string, string> = {};
  for (const [name, reference] of Object.entries(references)) {
    secrets[name] = await resolveSecret(name, reference, options);
  }
  return secrets;
}

/** Those that can be had, and for each other one why not. */
export async function resolveWhatCanBe(
  references: Readonly<Record<string, SecretReference>>,
  options: SecretOptions,
): Promise<{ readonly secrets: Record<string, string>; readonly missing: readonly SecretUnavailable[] }> {
  const secrets: Record<string, string> = {};
  const missing: SecretUnavailable[] = [];
  for (const [name, reference] of Object.entries(references)) {
    try {
      secrets[name] = await resolveSecret(name, reference, options);
    } catch (error) {
      if (!(error instanceof SecretUnavailable)) throw error;
      missing.push(error);
    }
  }
  return { secrets, missing };
}

async function resolveSecret(
  name: string,
  reference: SecretReference,
  options: SecretOptions,
): Promise<string> {
  const text = await textOf(name, reference, options);
  const secret = text.replace(/\r?\n$/, '');
  const place = placeOf(reference);
  if (secret === '') throw new SecretUnavailable(name, `${place} is empty`, `Put the secret there.`);
  if (secret.includes('\0')) {
    throw new SecretUnavailable(
      name,
      `${place} is not text`,
      'A secret is a variable: text without zero bytes.',
    );
  }
  if (Buffer.byteLength(secret) > mostBytes) {
    const next = 'A secret is a variable. Name a file with the secret alone.';
    throw new SecretUnavailable(name, `${place} is larger than 64 KiB`, next);
  }
  return secret;
}

async function textOf(name: string, reference: SecretReference, options: SecretOptions): Promise<string> {
  if ('file' in reference) return fileText(name, reference.file);
  if ('command' in reference) return commandText(name, reference.command, options);
  const value = options.env[reference.environment];
  if (value !== undefined) return value;
  throw new SecretUnavailable(
    name,
    `the variable ${reference.environment} is not set`,
    'Set it where this was started, or refer to a file, which is there after a restart too.',
  );
}

async function fileText(name: string, file: string): Promise<string> {
  const home = file === '~' || file.startsWith('~/') ? path.join(os.homedir(), file.slice(1)) : file;
  try {
    const { size } = await fs.stat(home);
    // Read no further: what is refused for its size need not be held.
    if (size > mostBytes + 2) return 'x'.repeat(mostBytes + 1);
    return await fs.readFile(home, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `there is no file ${file}` : `${file} cannot be read: ${messageOf(error)}`;
    throw new SecretUnavailable(name, why, 'Write the secret into that file, readable by you alone.');
  }
}

async function commandText(
  name: string,
  command: readonly string[],
  { env, signal, limitMs = usualLimitMs }: SecretOptions,
): Promise<string> {
  const [program = '', ...args] = command;
  try {
    const running = runFile(program, args, {
      env,
      timeout: limitMs,
      maxBuffer: mostPrinted,
      ...(signal ? { signal } : {}),
    });
    // It has nobody to talk to.
    running.child.stdin?.end();
    return (await running).stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw new SecretUnavailable(name, whyFailed(program, error, limitMs), nextOf(command));
  }
}

/** Without what it printed: that may hold the secret. */
function whyFailed(program: string, error: unknown, limitMs: number): string {
  const { code, killed, signal } = error as { code?: number | string; killed?: boolean; signal?: string };
  if (code === 'ENOENT') return `there is no program ${program}`;
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${program} printed more than 128 KiB`;
  if (killed) return `${program} had not ended after ${limitMs / 1000} s`;
  if (typeof code === 'number') return `${program} ended with exit status ${code}`;
  return `${program} could not be run (${signal ?? code ?? messageOf(error)})`;
}

function nextOf(command: readonly string[]): string {
  return `Run it by hand: ${command.map((word) => (/^[\w./:@=+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`;
}

function placeOf(reference: SecretReference): string {
  if ('file' in reference) return `the file ${reference.file}`;
  if ('environment' in reference) return `the variable ${reference.environment}`;
  return `what ${reference.command[0] ?? ''} prints`;
}
