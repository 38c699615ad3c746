import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
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
  /** What its environment has as MESOS_DIRECTORY, as far as we may see it. On macOS the rest of the environment follows. */
  readonly directory: string;
  /** The same of DEVMESOS_SESSION, which names the session in a task's sandbox. */
  readonly nested: string;
  /** Supplementary groups; empty where nobody asked for them. */
  readonly groups: readonly number[];
}

/** What is read once of each process. */
type Lasting = Pick<ProcessEntry, 'directory' | 'nested' | 'groups'>;

const variables = { directory: 'MESOS_DIRECTORY=', nested: 'DEVMESOS_SESSION=' } as const;

/** Looks at all processes of the machine. */
export class ProcessTable {
  readonly #withGroups: boolean;
  #pending: Promise<ProcessEntry[]> | undefined;
  /** Of the last look, so that each environment is read once. */
  #known = new Map<number, ProcessEntry>();

  /** `withGroups` (Linux): groups are read too. */
  constructor(withGroups = false) {
    this.#withGroups = withGroups;
  }

  /** The processes as they are at some moment after this call. Calls within a millisecond share one look. */
  snapshot(): Promise<ProcessEntry[]> {
    this.#pending ??= delay(1).then(async () => {
      this.#pending = undefined;
      const entries = process.platform === 'linux' ? this.#readProc() : await readPs();
      this.#known = new Map(entries.map((entry) => [entry.pid, entry]));
      return entries;
    });
    return this.#pending;
  }

  #readProc(): ProcessEntry[] {
    return fs.readdirSync('/proc').flatMap((name) => {
      const entry = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
      if (!entry) return [];
      const known = this.#known.get(entry.pid);
      const lasting = known?.started === entry.started ? known : this.#read(entry.pid);
      const { directory, nested, groups } = lasting;
      return { ...entry, directory, nested, groups };
    });
  }

  #read(pid: number): Lasting {
    const environment = readIfShown(`/proc/${pid}/environ`).split('\0');
    const valueOf = (name: string): string =>
      environment.find((text) => text.startsWith(name))?.slice(name.length) ?? '';
    return {
      directory: valueOf(variables.directory),
      nested: valueOf(variables.nested),
      groups: this.#withGroups ? groupsOf(pid) : [],
    };
  }
}

function statOf(pid: number): Omit<ProcessEntry, keyof Lasting> | undefined {
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

function groupsOf(pid: number): number[] {
  const line = /^Groups:(.*)$/m.exec(readIfShown(`/proc/${pid}/status`))?.[1] ?? '';
  return line
    .split(' ')
    .filter((part) => part.trim() !== '')
    .map(Number);
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
  const { stdout } = await run('ps', ['-axEww', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return parsePs(stdout);
}

/** Lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=,command=`, whose last column ends with the environment (`-E`). */
export function parsePs(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+ +\w+ +\d+ [\d:]+ \d+) (.*)$/.exec(line);
    if (!match || (match[4] ?? '').startsWith('Z')) return [];
    const [, pid, parent, group, , started = '', command = ''] = match;
    const valueOf = (name: string): string => {
      const at = command.indexOf(` ${name}`);
      return at < 0 ? '' : command.slice(at + 1 + name.length);
    };
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: 0,
      started,
      groups: [],
      directory: valueOf(variables.directory),
      nested: valueOf(variables.nested),
    };
  });
}
