import type { PartView } from '../../api/people.ts';
import { codeOf, messageOf } from '../../host/errors.ts';
import { lastLines, rotateLog, sizeOf } from '../../host/logFiles.ts';
import { endProcess, isAlive, startDetached, type ProcessIdentity } from '../../host/processes.ts';
import type { Logger } from '../log.ts';
import { planDigest, type Life, type PartPlan } from './plan.ts';
import type { PartRecords } from './records.ts';
import { endStrays, partMark } from './strays.ts';
import { isAborted, pause, watchHealth, type Pace } from './watch.ts';

export interface PartSurroundings {
  readonly records: PartRecords;
  /** Marks the processes of this cluster. */
  readonly clusterRoot: string;
  readonly log: Logger;
  readonly pace: Pace;
  readonly onChange: (view: PartView) => void;
}

interface LifeEnd {
  readonly reason: string;
  readonly wasReady: boolean;
}

/** One part: started, adopted, watched, started again, ended. */
export class Part {
  readonly plan: PartPlan;
  readonly #around: PartSurroundings;
  #view: PartView;
  #identity: ProcessIdentity | undefined;
  /** Where this life's lines begin in the log file. */
  #logStart = 0;

  constructor(plan: PartPlan, around: PartSurroundings) {
    this.plan = plan;
    this.#around = around;
    this.#view = {
      name: plan.name,
      state: 'waiting',
      pid: null,
      detail: '',
      restarts: 0,
      log: plan.logFile,
      since: Date.now(),
    };
  }

  get view(): PartView {
    return this.#view;
  }

  /** Whether an earlier service left it running. */
  async canAdopt(): Promise<boolean> {
    const record = this.#around.records.get(this.plan.name);
    return record !== undefined && isAlive({ pid: record.pid, started: record.started });
  }

  /** Says why the part is not started yet. */
  wait(detail: string): void {
    this.#change('waiting', detail);
  }

  /** Keeps the part running until the signal is aborted or the part is given up. Its process lives on. */
  async run(signal: AbortSignal): Promise<void> {
    const { pace } = this.#around;
    let quickDeaths = 0;
    let life = await this.#adopt();
    while (!signal.aborted) {
      const begun = life?.startedAt ?? Date.now();
      const { reason, wasReady } = await this.#oneLife(life, signal);
      life = undefined;
      if (isAborted(signal)) return;
      quickDeaths = wasReady && Date.now() - begun > pace.quickLife ? 1 : quickDeaths + 1;
      this.#identity = undefined;
      const said = await this.#lastWords();
      this.#around.log.warn(`${this.plan.name}: ${reason}${said}`);
      if (quickDeaths >= pace.quickDeaths) {
        await this.#around.records.remove(this.plan.name);
        this.#change('failed', `given up after ${quickDeaths} starts in a row: ${reason}${said}`);
        return;
      }
      this.#change('restarting', `${reason}${said}`, this.#view.restarts + 1);
      await pause(Math.min(pace.firstPause * 2 ** (quickDeaths - 1), pace.longestPause), signal);
    }
  }

  /** Ends the process, if there is one, and what it left behind. Nobody may be in `run`. */
  async end(): Promise<void> {
    const { graceMs, name } = this.plan;
    const record = this.#around.records.get(name);
    // Asked to end before it was adopted, it is known by its record alone.
    const identity = this.#identity ?? (record && { pid: record.pid, started: record.started });
    if (identity) {
      this.#change('stopping', '');
      await endProcess(identity, graceMs);
    }
    await endStrays(this.#mark, 2000);
    this.#identity = undefined;
    await this.#around.records.remove(name);
    this.#change('stopped', '');
  }

  get #mark(): string {
    return `${this.#around.clusterRoot}:${this.plan.name}`;
  }

  async #adopt(): Promise<Life | undefined> {
    const record = this.#around.records.get(this.plan.name);
    if (!record) return undefined;
    const identity = { pid: record.pid, started: record.started };
    if (!(await isAlive(identity))) return undefined;
    if (record.plan !== planDigest(this.plan)) {
      this.#change('stopping', 'runs with another configuration: started again');
      await endProcess(identity, this.plan.graceMs);
      return undefined;
    }
    this.#identity = identity;
    this.#change('starting', 'found running', record.restarts);
    return { pid: record.pid, startedAt: record.at };
  }

  async #start(signal: AbortSignal): Promise<Life> {
    const { command, args, cwd, env, logFile, name, prepare } = this.plan;
    this.#change('starting', '');
    await prepare?.((detail) => this.#change('starting', detail), signal);
    signal.throwIfAborted();
    const strays = await endStrays(this.#mark, this.plan.graceMs);
    if (strays > 0) this.#around.log.warn(`${name}: ended ${strays} process(es) left by an earlier life`);
    await rotateLog(logFile);
    this.#logStart = await sizeOf(logFile);
    const startedAt = Date.now();
    const identity = await startDetached(command, args, {
      cwd,
      env: { ...env, [partMark]: this.#mark },
      logFile,
    });
    this.#identity = identity;
    await this.#around.records.set({
      name,
      ...identity,
      at: startedAt,
      plan: planDigest(this.plan),
      restarts: this.#view.restarts,
    });
    this.#change('starting', '');
    return { pid: identity.pid, startedAt };
  }

  async #oneLife(found: Life | undefined, signal: AbortSignal): Promise<LifeEnd> {
    try {
      return await this.#live(found ?? (await this.#start(signal)), signal);
    } catch (error) {
      return { wasReady: false, reason: messageOf(error) };
    }
  }

  /** Watches one life to its end and says how it ended. */
  async #live(life: Life, signal: AbortSignal): Promise<LifeEnd> {
    const ended = new AbortController();
    const watching = watchHealth(
      this.plan,
      life,
      this.#around.pace,
      AbortSignal.any([signal, ended.signal]),
      {
        waiting: (detail) => this.#change('starting', detail),
        ready: () => this.#isReady(life),
        failing: (detail) => this.#change('failed', detail),
      },
    );
    // Resolves before the process is dead only where it hangs.
    const ending = watching.then(async ({ hung }) => {
      if (hung !== undefined && this.#identity) await endProcess(this.#identity, this.plan.graceMs);
    });
    try {
      const { look } = this.#around.pace;
      for (let looks = 0; !signal.aborted && (await this.#lives(looks)); looks += 1) {
        await pause(look, signal);
      }
    } finally {
      ended.abort();
      await ending;
    }
    const { wasReady, hung } = await watching;
    return { wasReady, reason: hung ?? (wasReady ? 'it ended by itself' : 'it ended before it was ready') };
  }

  #isReady(life: Life): void {
    if (this.#view.state === 'ready') return;
    this.#change('ready', '');
    const seconds = ((Date.now() - life.startedAt) / 1000).toFixed(1);
    this.#around.log.info(`${this.plan.name}: ready, ${seconds} s old (pid ${life.pid})`);
  }

  /** Whether the process lives: mostly by a cheap signal, now and then by its identity, since ids are given out again. */
  async #lives(looks: number): Promise<boolean> {
    const identity = this.#identity;
    if (!identity) return false;
    if (process.platform === 'linux' || looks % 20 === 0) return isAlive(identity);
    try {
      return process.kill(identity.pid, 0);
    } catch (error) {
      return codeOf(error) === 'EPERM';
    }
  }

  async #lastWords(): Promise<string> {
    const lines = await lastLines(this.plan.logFile, 3, this.#logStart);
    return lines.length === 0
      ? ''
      : `; its log ends: ${lines.map((line) => line.trim().slice(0, 300)).join(' | ')}`;
  }

  #change(state: PartView['state'], detail: string, restarts = this.#view.restarts): void {
    const pid = this.#identity?.pid ?? null;
    const old = this.#view;
    if (old.state === state && old.detail === detail && old.pid === pid && old.restarts === restarts) return;
    const since = old.state === state ? old.since : Date.now();
    this.#view = { ...old, state, detail, pid, restarts, since };
    this.#around.onChange(this.#view);
  }
}
