import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import { runProgram } from '../program.ts';
import { compareVersions } from '../versions.ts';
import { installAdvice } from './advice.ts';
import { allOnPath } from './onPath.ts';

/** The first Python that will do, and the first that will not any more: the lock's range. */
export const oldestPython = '3.11';
export const tooNewPython = '3.14';

export interface Python {
  /** The interpreter that it really is, behind shims and virtual environments. */
  readonly executable: string;
  /** "3.11.7". */
  readonly version: string;
}

export interface PythonSearch {
  /** The person's choice, a path or a name on PATH: it alone is tried then. Default: MESOS_AIRFLOW_PYTHON of `env`. */
  readonly chosen?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it must be able to fetch uv, with a pip of its own or one from venv and ensurepip (Debian leaves all out). */
  readonly needsVenv: boolean;
  /** A uv, which knows of interpreters that it has installed itself. */
  readonly uv?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Folders to look in behind those of PATH. Default: where installers put Python. */
  readonly folders?: readonly string[];
}

/** What a candidate turned out to be; `lack` is why it will not do. */
interface Candidate {
  readonly file: string;
  readonly python?: Python;
  readonly lack?: string;
  /** It would do, but for Debian's python3-venv. */
  readonly onlyVenv?: boolean;
}

/**
 * Finds a CPython that the lock is made for: the person's own `python3` first, then those with a version in their name.
 * Throws ExplainedError with what was found where, and what to install.
 */
export async function findPython(search: PythonSearch): Promise<Python> {
  const tried: Candidate[] = [];
  const seen = new Set<string>();
  for await (const file of candidates(search)) {
    if (seen.has(file)) continue;
    seen.add(file);
    const candidate = await probe(file, search);
    if (candidate.python && candidate.lack === undefined) return candidate.python;
    tried.push(candidate);
  }
  throw notFound(search, tried);
}

function choiceOf({ chosen, env }: PythonSearch): string | undefined {
  return chosen ?? (env.MESOS_AIRFLOW_PYTHON === '' ? undefined : env.MESOS_AIRFLOW_PYTHON);
}

async function* candidates(search: PythonSearch): AsyncGenerator<string> {
  const { env, uv } = search;
  const chosen = choiceOf(search);
  if (chosen !== undefined) {
    if (chosen.includes('/') || chosen.includes(path.sep)) yield path.resolve(chosen);
    else yield* await allOnPath(chosen, env);
    return;
  }
  const folders = search.folders ?? usualFolders(env);
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python']) {
    yield* await allOnPath(name, env, folders);
  }
  if (uv !== undefined) {
    const range = `>=${oldestPython},<${tooNewPython}`;
    const found = await runProgram(uv, ['python', 'find', '--no-project', '--no-python-downloads', range], {
      env,
      ...signalOf(search),
    });
    const file = found.lastLines.at(-1)?.trim();
    if (found.status === 0 && file && path.isAbsolute(file)) yield file;
  }
}

/** An editor that was not started from a shell has a short PATH. */
function usualFolders(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME ?? os.homedir();
  return [
    ...(process.platform === 'darwin'
      ? [
          '/opt/homebrew/bin',
          '/Library/Frameworks/Python.framework/Versions/3.13/bin',
          '/Library/Frameworks/Python.framework/Versions/3.12/bin',
          '/Library/Frameworks/Python.framework/Versions/3.11/bin',
        ]
      : []),
    '/usr/local/bin',
    '/usr/bin',
    path.join(home, '.local', 'bin'),
    path.join(home, '.pyenv', 'shims'),
  ];
}

const question = `
import importlib.util, json, platform, struct, sys
print(json.dumps({
    "version": platform.python_version(),
    "implementation": sys.implementation.name,
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
    "bits": struct.calcsize("P") * 8,
    "venv": bool(importlib.util.find_spec("pip")) or all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
}))`;

async function probe(file: string, search: PythonSearch): Promise<Candidate> {
  if (process.platform === 'darwin' && file === '/usr/bin/python3' && !hasDeveloperTools()) {
    return { file, lack: 'is only a placeholder of macOS' };
  }
  const answer = await ask(file, search);
  if (typeof answer === 'string') return { file, lack: answer };
  const { version, executable } = answer;
  const python = { executable, version };
  const lacks = (lack: string): Candidate => ({ file, python, lack: `is Python ${version}: ${lack}` });
  if (answer.implementation !== 'cpython') return lacks(`${answer.implementation}, not CPython`);
  if (compareVersions(version, oldestPython) < 0) return lacks('too old');
  if (compareVersions(version, tooNewPython) >= 0) return lacks('too new');
  if (answer.bits !== 64) return lacks('a 32-bit one');
  if (search.needsVenv && !answer.venv) {
    return { ...lacks('without pip, venv and ensurepip'), onlyVenv: true };
  }
  return { file, python };
}

interface Answer {
  readonly version: string;
  readonly implementation: string;
  readonly executable: string;
  readonly bits: number;
  readonly venv: boolean;
}

/** Runs a candidate, for at most 15 s; a text says why it could not be asked. */
async function ask(file: string, search: PythonSearch): Promise<Answer | string> {
  const limit = AbortSignal.timeout(15_000);
  const signal = search.signal ? AbortSignal.any([search.signal, limit]) : limit;
  try {
    const { status, lastLines } = await runProgram(file, ['-I', '-c', question], { env: search.env, signal });
    const answer = status === 0 ? answerIn(lastLines.at(-1) ?? '') : undefined;
    return (
      answer ?? `does not run (exit status ${status}${lastLines[0] ? `: ${lastLines[0].slice(0, 120)}` : ''})`
    );
  } catch (error) {
    search.signal?.throwIfAborted();
    return limit.aborted ? 'does not answer' : `cannot be run: ${messageOf(error)}`;
  }
}

function answerIn(line: string): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || !value) return undefined;
  const { version, implementation, executable, bits, venv } = value as Partial<Record<string, unknown>>;
  return typeof version === 'string' &&
    typeof implementation === 'string' &&
    typeof executable === 'string' &&
    typeof bits === 'number' &&
    typeof venv === 'boolean'
    ? { version, implementation, executable, bits, venv }
    : undefined;
}

function hasDeveloperTools(): boolean {
  return (
    existsSync('/Library/Developer/CommandLineTools/usr/bin/python3') || existsSync('/Applications/Xcode.app')
  );
}

function notFound(search: PythonSearch, tried: readonly Candidate[]): ExplainedError {
  const range = 'Python 3.11, 3.12 or 3.13';
  const found = tried.map(({ file, lack }) => `${file} ${lack ?? ''}`);
  const chosen = choiceOf(search);
  if (chosen !== undefined) {
    return new ExplainedError(`The chosen Python cannot run Airflow: ${chosen}`, {
      why: found[0] ?? 'there is no such program',
      next: `Choose ${range} (--python, or MESOS_AIRFLOW_PYTHON), or none: then one is looked for.`,
    });
  }
  return new ExplainedError(`Airflow needs ${range}`, {
    why: found.length === 0 ? 'no Python was found on this machine' : `found: ${found.join('; ')}`,
    next: installAdvice(tried.some(({ onlyVenv }) => onlyVenv === true)),
  });
}

function signalOf(search: PythonSearch): { signal?: AbortSignal } {
  return search.signal ? { signal: search.signal } : {};
}
