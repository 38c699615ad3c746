import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../host/errors.ts';
import type { ProcessEntry, ProcessTable } from './processTable.ts';

/** Milliseconds between two looks while processes are expected to end. */
const lookEvery = 25;
/** Looks until processes that SIGKILL does not end (stuck in the kernel) are given up. */
const mostLooks = 200;

/** By what a process shows that it belongs, wherever it went. */
export interface Belonging {
  /** Of a task: what its environment has as MESOS_DIRECTORY. */
  readonly sandbox?: string;
  /** Of a session in a task's sandbox: what it has as DEVMESOS_SESSION. */
  readonly nested?: string;
  /** A group (GroupMarks). */
  readonly mark?: number | undefined;
}

/**
 * All processes of a task, or of a session in its sandbox: what its first process started, however far it went. A process belongs if it descends from one
 * that does, is in the first one's session or group, or has the sandbox as MESOS_DIRECTORY in its environment (a task can
 * leave its group, its session and its parents, Airflow's supervisor does the first, daemons do all, but hardly its
 * environment too), or has the task's mark among its groups. Whatever was once seen to belong, belongs.
 */
export class ProcessTree {
  readonly #table: ProcessTable;
  readonly #leader: number | undefined;
  readonly #belonging: Belonging;
  /** Seen to belong: when they started, by pid. */
  #own = new Map<number, string>();

  /** `leader` leads a session; undefined: only environment and mark tell (of what another agent process left behind). */
  constructor(table: ProcessTable, leader: number | undefined, belonging: Belonging) {
    this.#table = table;
    this.#leader = leader;
    this.#belonging = belonging;
  }

  /** Those that live, parents before children where possible. */
  async members(): Promise<ProcessEntry[]> {
    const entries = (await this.#table.snapshot()).filter(({ pid }) => pid !== process.pid);
    const members = new Map(
      entries.filter((entry) => this.#isOwn(entry)).map((entry) => [entry.pid, entry] as const),
    );
    for (let count = -1; count < members.size;) {
      count = members.size;
      for (const entry of entries) if (members.has(entry.parent)) members.set(entry.pid, entry);
    }
    this.#own = new Map([...members.values()].map(({ pid, started }) => [pid, started]));
    return [...members.values()];
  }

  /** Sends a signal to all. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    for (const { pid } of await this.members()) send(pid, signal);
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

  #isOwn({ pid, group, session, started, directory, nested, groups }: ProcessEntry): boolean {
    const { sandbox, mark, nested: ownSession } = this.#belonging;
    if (this.#own.get(pid) === started) return true;
    if (this.#leader !== undefined && [pid, group, session].includes(this.#leader)) return true;
    if (mark !== undefined && groups.includes(mark)) return true;
    return isValue(directory, sandbox) || isValue(nested, ownSession);
  }
}

/** On macOS more of the environment follows. */
function isValue(shown: string, wanted: string | undefined): boolean {
  return wanted !== undefined && (shown === wanted || shown.startsWith(`${wanted} `));
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone meanwhile; or a set-user-id program, which is not ours to end.
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error;
  }
}
