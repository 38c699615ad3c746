import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from './errors.ts';

const run = promisify(execFile);

/** A process told apart from a later one with the same pid by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: on Linux the start time in clock ticks since boot plus the boot's id, elsewhere what `ps` says. */
  readonly started: string;
}

/** The identity of a living process, or undefined if there is none (a zombie counts as none). */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const started = process.platform === 'linux' ? await startedOnLinux(pid) : await startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether exactly this process still lives. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

async function startedOnLinux(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in parentheses and may hold spaces: fields are counted behind its end (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return `${fields[19] ?? ''}@${boot}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

async function startedByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    const line = stdout.trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    // ps ends with 1 where there is no such process.
    return undefined;
  }
}

export interface DetachedOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Both output streams are appended to this file (made 0600). */
  readonly logFile: string;
}

/**
 * Starts a process in a session of its own, so that neither a closed terminal nor our own end takes it along, and
 * returns its identity once it runs. Rejects if the program cannot be started.
 */
export async function startDetached(
  command: string,
  args: readonly string[],
  options: DetachedOptions,
): Promise<ProcessIdentity> {
  const log = fs.openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid;
    if (pid === undefined) throw new Error(`${command} has no process id`);
    // A process that ended at once is a zombie of ours by now: its pid with no start time says so, and health checks tell the rest.
    return (await identify(pid)) ?? { pid, started: '' };
  } finally {
    fs.closeSync(log);
  }
}

/**
 * Ends a process and the group that it leads: SIGTERM, after `graceMs` SIGKILL. Does nothing if the pid belongs to
 * another process by now. Resolves when it is gone.
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!(await isAlive(identity))) return;
  signalGroup(identity.pid, 'SIGTERM');
  const limit = Date.now() + graceMs;
  while (await isAlive(identity)) {
    if (Date.now() >= limit) {
      signalGroup(identity.pid, 'SIGKILL');
      break;
    }
    await delay(50);
  }
  while (await isAlive(identity)) await delay(20);
}

/** Sends a signal to the group that a process leads, or to the process alone where it leads none. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  }
}
