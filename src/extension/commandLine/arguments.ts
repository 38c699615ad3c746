import path from 'node:path';

/** What a person chose for the cluster; what is left out is the command line's to choose. */
export interface ClusterChoices {
  readonly name: string;
  readonly dagsFolder: string | undefined;
  readonly agents: number | undefined;
  /** Of each agent. */
  readonly cpus: number | undefined;
  /** Of each agent, in megabytes (2^20 bytes). */
  readonly mem: number | undefined;
}

export function upArguments(choices: ClusterChoices): string[] {
  const { name, dagsFolder, agents, cpus, mem } = choices;
  return [
    ...['up', '--engine', 'embedded', '--detach', '--progress', 'json', '--name', name],
    ...option('--dags', dagsFolder),
    ...option('--agents', agents),
    ...option('--cpus', cpus),
    ...option('--mem', mem),
  ];
}

export function downArguments(name: string): string[] {
  return ['down', '--progress', 'json', '--name', name];
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
