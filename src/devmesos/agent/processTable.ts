import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { codeOf } from '../../host/errors.ts';

const run = promisify(execFile);

/** A living process (zombies are left out). */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system doesn't tell (macOS). */
  readonly session: number;
  /** Opaque; with the pid it identifies the process. */
  readonly started: string;
}

/** Looks at all processes of the machine. Calls within one turn share one look. */
export class ProcessTable {
  #pending: Promise<ProcessEntry[]> | undefined;

  /** The processes as they are at some moment after this call. */
  snapshot(): Promise<ProcessEntry[]> {
    this.#pending ??= new Promise<void>((resolve) => setTimeout(resolve, 1)).then(() => {
      this.#pending = undefined;
      return process.platform === 'linux' ? readProc() : readPs();
    });
    return this.#pending;
  }

  /** Whether a process was started with `NAME=value` in its environment, as far as the system shows it. */
  async hasVariable(pid: number, name: string, value: string): Promise<boolean> {
    const variable = `${name}=${value}`;
    if (process.platform === 'linux') {
      return readIfShown(`/proc/${pid}/environ`).split('\0').includes(variable);
    }
    try {
      const { stdout } = await run('ps', ['-Eww', '-o', 'command=', '-p', String(pid)]);
      return ` ${stdout.trim()} `.includes(` ${variable} `);
    } catch {
      // ps ends with 1 where there is no such process (any more).
      return false;
    }
  }
}

function readProc(): ProcessEntry[] {
  return fs.readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (entryOf(Number(name)) ?? []) : []));
}

function entryOf(pid: number): ProcessEntry | undefined {
  const stat = readIfShown(`/proc/${pid}/stat`);
  // The command's name stands in parentheses and may hold anything: fields are counted behind its end (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started: fields[19] ?? '',
  };
}

/** Empty where the process is gone, or is another user's. */
function readIfShown(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return '';
    throw error;
  }
}

async function readPs(): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='], {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (!match || (match[4] ?? '').startsWith('Z')) return [];
    return {
      pid: Number(match[1]),
      parent: Number(match[2]),
      group: Number(match[3]),
      session: 0,
      started: match[5] ?? '',
    };
  });
}
