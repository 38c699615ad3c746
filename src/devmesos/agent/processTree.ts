import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../host/errors.ts';
import type { ProcessEntry, ProcessTable } from './processTable.ts';

/** Milliseconds between two looks while processes are expected to end. */
const lookEvery = 25;
/** Looks until processes that SIGKILL does not end (stuck in the kernel) are given up. */
const mostLooks = 200;

/**
 * All processes of a task: what its first process started, however far it went. A process belongs if it descends from one
 * that does, is in the first one's session or group, or has the sandbox's path in MESOS_DIRECTORY (a task can leave its
 * group, its session and its parents, Airflow's supervisor does the first, daemons do all, but hardly its environment too).
 * Whatever was once seen to belong, belongs.
 */
export class ProcessTree {
  readonly #table: ProcessTable;
  readonly #leader: number | undefined;
  readonly #sandbox: string;
  readonly #own = new Map<number, string>();
  readonly #foreign = new Map<number, string>();

  /** `leader` leads a session; undefined: only the environment tells (what another agent process left behind). */
  constructor(table: ProcessTable, leader: number | undefined, sandbox: string) {
    this.#table = table;
    this.#leader = leader;
    this.#sandbox = sandbox;
  }

  /** Those that live, parents before children where possible. */
  async members(): Promise<ProcessEntry[]> {
    const entries = (await this.#table.snapshot()).filter(({ pid }) => pid !== process.pid);
    const members = new Map<number, ProcessEntry>();
    for (const entry of entries) {
      const known = this.#own.get(entry.pid) === entry.started;
      if (known || this.#isByLeader(entry) || (await this.#isByEnvironment(entry)))
        members.set(entry.pid, entry);
    }
    for (let grown = true; grown;) {
      grown = false;
      for (const entry of entries) {
        if (members.has(entry.pid) || !members.has(entry.parent)) continue;
        members.set(entry.pid, entry);
        grown = true;
      }
    }
    this.#own.clear();
    for (const { pid, started } of members.values()) this.#own.set(pid, started);
    return [...members.values()];
  }

  /** Sends a signal to all. Returns how many there were. */
  async signal(signal: NodeJS.Signals): Promise<number> {
    const members = await this.members();
    for (const { pid } of members) send(pid, signal);
    return members.length;
  }

  /** SIGKILL until none is left. Returns those that don't end. */
  async destroy(): Promise<ProcessEntry[]> {
    if (this.#leader !== undefined) send(-this.#leader, 'SIGKILL');
    let members = await this.members();
    for (let look = 0; members.length > 0 && look < mostLooks; look += 1) {
      for (const { pid } of members) send(pid, 'SIGKILL');
      await delay(lookEvery);
      members = await this.members();
    }
    return members;
  }

  /** Resolves when all have ended, or `isTooLate`. */
  async ended(isTooLate: () => boolean): Promise<void> {
    while ((await this.members()).length > 0 && !isTooLate()) await delay(lookEvery);
  }

  #isByLeader({ pid, group, session }: ProcessEntry): boolean {
    return this.#leader !== undefined && [pid, group, session].includes(this.#leader);
  }

  /** Looked up once per process: an environment doesn't change. */
  async #isByEnvironment({ pid, started }: ProcessEntry): Promise<boolean> {
    if (this.#foreign.get(pid) === started) return false;
    if (await this.#table.hasVariable(pid, 'MESOS_DIRECTORY', this.#sandbox)) return true;
    this.#foreign.set(pid, started);
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone meanwhile; or a set-user-id program, which is not ours to end.
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error;
  }
}
