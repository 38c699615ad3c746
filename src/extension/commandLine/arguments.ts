import path from 'node:path';
import type { EngineName } from '../engine/facts.ts';
import { secretArguments, type SecretReferences } from './secrets.ts';

/** A setting `mesosAirflow.docker.<name>` and the option of `up` that it becomes. */
export const dockerOptions = {
  distribution: '--mesos',
  preset: '--mesos-preset',
  masterImage: '--mesos-master-image',
  agentImage: '--mesos-agent-image',
  platform: '--platform',
  tasks: '--tasks',
  airflowImage: '--airflow-image',
  pythonImage: '--python-image',
  nodeImage: '--node-image',
  databaseImage: '--database-image',
  buildNetwork: '--build-network',
} as const;
export type DockerSetting = keyof typeof dockerOptions;

/** What a person chose for the cluster; what is left out is the command line's to choose. */
export interface ClusterChoices {
  readonly name: string;
  readonly engine: EngineName | 'auto';
  readonly dagsFolder: string | undefined;
  readonly agents: number | undefined;
  /** Of each agent. */
  readonly cpus: number | undefined;
  /** Of each agent, in megabytes (2^20 bytes). */
  readonly mem: number | undefined;
  /** Of a cluster in Docker. */
  readonly docker: Readonly<Partial<Record<DockerSetting, string>>>;
  readonly secrets: SecretReferences | undefined;
  /** Of an embedded cluster: minutes of idleness after which it ends itself; 0: never. */
  readonly idleStop: number | undefined;
}

export function upArguments(choices: ClusterChoices): string[] {
  const { name, engine, dagsFolder, agents, cpus, mem, docker, secrets, idleStop } = choices;
  return [
    ...['up', '--engine', engine, '--detach', '--progress', 'json', '--name', name],
    ...option('--dags', dagsFolder),
    ...option('--agents', agents),
    ...option('--cpus', cpus),
    ...option('--mem', mem),
    ...secretArguments(secrets),
    ...(engine === 'docker' ? [] : option('--idle-stop', idleStop === 0 ? 'never' : idleStop)),
    ...(engine === 'docker'
      ? settingsOf(docker).flatMap(([name, value]) => [dockerOptions[name], value])
      : []),
  ];
}

/**
 * The variables of `up`: where it chooses the engine, what was chosen of Docker is not an option, which an embedded
 * cluster refuses.
 */
export function upVariables({
  engine,
  docker,
}: Pick<ClusterChoices, 'engine' | 'docker'>): Record<string, string> {
  if (engine !== 'auto') return {};
  return Object.fromEntries(
    settingsOf(docker).map(([name, value]) => {
      const words = dockerOptions[name].slice('--'.length).replaceAll('-', '_').toUpperCase();
      return [`MESOS_AIRFLOW_${words}`, value];
    }),
  );
}

function settingsOf(docker: ClusterChoices['docker']): [DockerSetting, string][] {
  const names = Object.keys(dockerOptions) as DockerSetting[];
  return names.flatMap((name) => (docker[name] === undefined ? [] : [[name, docker[name]]]));
}

export function downArguments(name: string): string[] {
  return ['down', '--progress', 'json', '--name', name];
}

/** What an editor leaves behind: ends the cluster unless somebody follows it after so many seconds. */
export function downUnlessUsedArguments(name: string, seconds: number): string[] {
  return ['down', '--unless-used', String(seconds), '--name', name];
}

/** What would go and what stays; removes nothing. */
export function holdingsArguments(name: string): string[] {
  return ['delete', '--dry-run', '--json', '--name', name];
}

export function deleteArguments(name: string, keepImages: boolean): string[] {
  return [
    ...['delete', '--yes', '--progress', 'json', '--name', name],
    ...(keepImages ? ['--keep-images'] : []),
  ];
}

/** Tells what happens to a cluster's containers until it is ended. */
export function watchArguments(name: string): string[] {
  return ['watch', '--progress', 'json', '--name', name];
}

/** A part's log from its last lines on, until it is ended. */
export function partLogArguments(name: string, part: string, lines: number): string[] {
  return ['logs', '--part', part, '--lines', String(lines), '--follow', '--name', name];
}

/** Shows a recording under a name, until it is ended. */
export function replayArguments(file: string, name: string): string[] {
  return ['replay', file, '--name', name, '--paused', '--progress', 'json'];
}

export type RecordingMask = 'machines' | 'names' | 'nothing';

export function recordArguments(name: string, file: string, mask: RecordingMask): string[] {
  const options = { machines: [], names: ['--mask-names'], nothing: ['--raw'] };
  return ['record', '--name', name, '--output', file, '--json', ...options[mask]];
}

/** Copies a file or folder of a sandbox (`path` empty: all of it) into a folder. */
export function sandboxGetArguments(what: {
  readonly cluster: string;
  readonly task: string;
  readonly path: string;
  readonly to: string;
  readonly force: boolean;
}): string[] {
  const { cluster, task, path: inside, to, force } = what;
  const options = ['--to', to, '--json', '--name', cluster, ...(force ? ['--force'] : [])];
  return ['sandbox', 'get', ...options, '--', task, ...(inside === '' ? [] : [inside])];
}

/** Makes what a DAG is debugged in on this machine, and prints how to run it. */
export function prepareDebugArguments(name: string): string[] {
  return ['prepare-debug', '--name', name];
}

/** Writes the logs of `DAG/RUN`, or of a task by its id on Mesos, to an archive. */
export function downloadLogsArguments(
  cluster: string,
  reference: string,
  file: string,
  force: boolean,
): string[] {
  const options = ['--download', file, '--json', '--name', cluster, ...(force ? ['--force'] : [])];
  return ['logs', ...options, '--', reference];
}

/** Connects to the cluster's service, and starts it again where it died. */
export function statusArguments(name: string): string[] {
  return ['status', '--json', '--name', name];
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

export interface Program {
  readonly command: string;
  /** Before the command line's own arguments. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * How to run the command line that comes with the extension: by the Node of the setting mesosAirflow.nodePath if there
 * is one (which then runs the service too), else by the editor's own executable, as Node.
 */
export function commandLineProgram(
  extensionRoot: string,
  nodePath: string | undefined,
  base: NodeJS.ProcessEnv = process.env,
): Program {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(base)) {
    // The editor's own: they change what a Node or an Electron does, and mean nothing outside of it.
    if (!/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)) env[name] = value;
  }
  if (nodePath) env.MESOS_AIRFLOW_NODE = nodePath;
  else env.ELECTRON_RUN_AS_NODE = '1';
  return {
    command: nodePath ?? process.execPath,
    args: [path.join(extensionRoot, 'dist', 'cli.cjs')],
    env,
  };
}
