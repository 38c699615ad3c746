import * as vscode from 'vscode';
import { dockerOptions, type ClusterChoices, type DockerSetting } from './commandLine/arguments.ts';
import { engineSetting, type EngineSetting } from './engine/choose.ts';
import { exitSetting, type ExitSetting } from './exit/choose.ts';

/** The settings `mesosAirflow.*` as they hold for a folder. A number that isn't set is the command line's to choose. */
export interface Settings {
  /** Empty: the workspace's own (ClusterChoice). */
  readonly cluster: string;
  /** What a new cluster consists of. */
  readonly engine: EngineSetting;
  readonly dagsFolder: string;
  readonly agents: number | undefined;
  readonly cpus: number | undefined;
  readonly mem: number | undefined;
  /** Minutes; 0: never. */
  readonly idleStop: number | undefined;
  readonly onExit: ExitSetting;
  readonly nodePath: string | undefined;
  readonly docker: ClusterChoices['docker'];
  /** As it stands: `secretReferences` understands it. */
  readonly secrets: unknown;
}

export const settingsSection = 'mesosAirflow';

export function readSettings(scope?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(settingsSection, scope);
  const number = (name: string): number | undefined => configuration.get<number | null>(name) ?? undefined;
  const text = (name: string): string | undefined => configuration.get(name, '').trim() || undefined;
  const docker: Partial<Record<DockerSetting, string>> = {};
  for (const name of Object.keys(dockerOptions) as DockerSetting[]) {
    const value = text(`docker.${name}`);
    if (value !== undefined) docker[name] = value;
  }
  return {
    cluster: configuration.get('cluster', '').trim(),
    engine: engineSetting(configuration.get('engine')),
    dagsFolder: configuration.get('dagsFolder', ''),
    agents: number('agents'),
    cpus: number('cpus'),
    mem: number('mem'),
    idleStop: number('idleStop'),
    onExit: exitSetting(configuration.get('onExit')),
    nodePath: text('nodePath'),
    docker,
    secrets: configuration.get('secrets'),
  };
}
