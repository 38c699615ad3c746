import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { serviceRuntime, type ServiceRuntime } from '../../src/api/cluster.ts';
import { connect, findCluster } from '../../src/client/discover.ts';
import type { ServiceClient } from '../../src/client/serviceClient.ts';
import { clusterFolder, userFolders, type ClusterFolder } from '../../src/host/folders.ts';
import { runCommand, startCommand, type CommandResult, type RunningCommand } from './commandLine.ts';
import { temporaryFolder } from './temporary.ts';

/** A run as `trigger --wait --json` ends with it. */
export interface FinishedRun {
  readonly dag_id: string;
  readonly run_id: string;
  readonly state: string;
  readonly tasks: readonly {
    readonly task_id: string;
    readonly map_index: number;
    readonly try_number: number;
    readonly state: string;
    readonly mesos_task_id: string | null;
    readonly agent: string | null;
    readonly queued: number | null;
    readonly started: number | null;
    readonly ended: number | null;
  }[];
}

/** A real cluster with folders of its own; the cache of environments is the user's, or the tests'. */
export class TestCluster {
  readonly home: string;
  readonly folder: ClusterFolder;
  readonly #remove: () => Promise<void>;

  private constructor(home: string, remove: () => Promise<void>) {
    this.home = home;
    this.#remove = remove;
    this.folder = clusterFolder(userFolders(this.env), 'default');
  }

  static async make(): Promise<TestCluster> {
    const { path: home, remove } = await temporaryFolder('cluster');
    return new TestCluster(home, remove);
  }

  get env(): NodeJS.ProcessEnv {
    const { cache } = userFolders();
    return { MESOS_AIRFLOW_HOME: this.home, MESOS_AIRFLOW_CACHE: process.env.MESOS_AIRFLOW_CACHE ?? cache };
  }

  start(...args: readonly string[]): RunningCommand {
    return startCommand(args, { env: this.env });
  }

  run(...args: readonly string[]): Promise<CommandResult> {
    return runCommand(args, { env: this.env });
  }

  /** The data that a command prints as JSON; the command must succeed. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const { status, stdout, stderr } = await this.run(...args, '--json');
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  async trigger(dag: string, conf: Readonly<Record<string, unknown>> = {}): Promise<FinishedRun> {
    const { stdout, stderr } = await this.run(
      'trigger',
      dag,
      '--wait',
      '--json',
      '--conf',
      JSON.stringify(conf),
    );
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as FinishedRun;
  }

  async runtime(): Promise<ServiceRuntime> {
    return serviceRuntime.parse(JSON.parse(await fs.readFile(this.folder.runtime, 'utf8')));
  }

  /** Its service, as the editor reaches it. */
  async connect(): Promise<ServiceClient> {
    const known = await findCluster('default', userFolders(this.env));
    assert.ok(known, 'there is a cluster');
    return (await connect(known)).client;
  }

  /** Everything that runs from this cluster's folders, by what Linux tells of each process. */
  async processes(): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      try {
        // Airflow's api-server writes its title over command line and environment: its folder tells.
        const [command, environment, folder] = await Promise.all([
          fs.readFile(`/proc/${pid}/cmdline`, 'utf8'),
          fs.readFile(`/proc/${pid}/environ`, 'utf8'),
          fs.readlink(`/proc/${pid}/cwd`),
        ]);
        if (command !== '' && [command, environment, folder].some((text) => text.includes(this.home))) {
          found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
        }
      } catch {
        // Ended meanwhile, or another user's.
      }
    }
    return found;
  }

  /** The ends of all logs, for when something went wrong. */
  async logs(lines = 15): Promise<string> {
    const names = await fs.readdir(this.folder.logs).catch(() => []);
    const ends = await Promise.all(
      names.map(async (name) => {
        const text = await fs.readFile(path.join(this.folder.logs, name), 'utf8');
        return `── ${name}\n${text.trimEnd().split('\n').slice(-lines).join('\n')}`;
      }),
    );
    return ends.join('\n');
  }

  async remove(): Promise<void> {
    await this.run('delete', '--yes');
    await this.#remove();
  }
}
