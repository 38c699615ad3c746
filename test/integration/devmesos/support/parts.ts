import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startPart, type Part } from '../../../../src/devmesos/part.ts';
import { bundle } from '../../../support/bundles.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

/** A master and agents as processes of the bundle, each of which a test can kill and start again. */
export class Parts {
  readonly folder: string;
  readonly program: string;
  readonly #remove: () => Promise<void>;
  readonly #running = new Map<string, Part>();
  masterUrl = '';

  private constructor(folder: string, program: string, remove: () => Promise<void>) {
    this.folder = folder;
    this.program = program;
    this.#remove = remove;
  }

  static async make(): Promise<Parts> {
    const { path: folder, remove } = await temporaryFolder('devmesos');
    await bundle(['devmesos'], folder);
    await mkdir(path.join(folder, 'secrets'));
    await writeFile(path.join(folder, 'secrets', 'mesos'), 'shared\n', { mode: 0o600 });
    return new Parts(folder, path.join(folder, 'devmesos.cjs'), remove);
  }

  /** `port` 0: any. */
  async startMaster(port = 0, ...args: string[]): Promise<{ url: string; port: number }> {
    const ready = await this.#start('master', ['master', '--port', String(port), ...args]);
    this.masterUrl = ready.url;
    return ready;
  }

  async startAgent(name: string, ...args: string[]): Promise<{ url: string; id: string; workDir: string }> {
    const { url, agent_id: id = '' } = await this.#start(name, [
      'agent',
      ...['--name', name, '--port', '0', '--master', this.masterUrl],
      ...['--resources', 'cpus:4;mem:4096;disk:1024', ...args],
    ]);
    return { url, id, workDir: this.workDirOf(name) };
  }

  workDirOf(name: string): string {
    return path.join(this.folder, name);
  }

  pidOf(name: string): number {
    return this.#running.get(name)!.pid;
  }

  /** SIGKILL. */
  async kill(name: string): Promise<void> {
    const part = this.#running.get(name)!;
    this.#running.delete(name);
    process.kill(part.pid, 'SIGKILL');
    await part.ended;
  }

  /** SIGTERM; resolves with the exit code. */
  async stop(name: string): Promise<number | null> {
    const part = this.#running.get(name)!;
    this.#running.delete(name);
    await part.stop();
    return (await part.ended).code;
  }

  async remove(): Promise<void> {
    const names = [...this.#running.keys()].sort((a, b) => Number(a === 'master') - Number(b === 'master'));
    for (const name of names) await this.stop(name);
    // Of agents that a test killed.
    for (const pid of taskProcesses(this.folder)) process.kill(pid, 'SIGKILL');
    await this.#remove();
  }

  async #start(name: string, args: string[]): Promise<{ url: string; port: number; agent_id?: string }> {
    const common = [
      '--work-dir',
      this.workDirOf(name),
      '--secret-file',
      path.join(this.folder, 'secrets', 'mesos'),
    ];
    const part = startPart({
      name,
      node: process.execPath,
      args: [this.program, ...args, ...common],
      readyWithin: 15_000,
    });
    this.#running.set(name, part);
    return part.ready;
  }
}

/** Ids of living processes whose command line or environment holds a text (Linux). */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => ['environ', 'cmdline'].some((file) => read(`/proc/${pid}/${file}`).includes(text)));
}

/** Ids of living processes of tasks whose sandboxes are below a folder (Linux). */
export function taskProcesses(folder: string): number[] {
  return processesWith(`MESOS_DIRECTORY=${folder}`);
}

/** Whether a process lives: a zombie doesn't. */
export function lives(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Gone, or another user's.
    return '';
  }
}
