import * as vscode from 'vscode';

/** The settings `mesosAirflow.*` as they hold for a folder. A number that isn't set is the command line's to choose. */
export interface Settings {
  readonly cluster: string;
  readonly dagsFolder: string;
  readonly agents: number | undefined;
  readonly cpus: number | undefined;
  readonly mem: number | undefined;
  readonly nodePath: string | undefined;
}

export const settingsSection = 'mesosAirflow';

export function readSettings(scope?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(settingsSection, scope);
  const number = (name: string): number | undefined => configuration.get<number | null>(name) ?? undefined;
  const nodePath = configuration.get('nodePath', '').trim();
  return {
    cluster: configuration.get('cluster', 'default').trim(),
    dagsFolder: configuration.get('dagsFolder', ''),
    agents: number('agents'),
    cpus: number('cpus'),
    mem: number('mem'),
    nodePath: nodePath === '' ? undefined : nodePath,
  };
}
