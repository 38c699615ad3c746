import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands/table.ts';
import { activated } from '../support/editor.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
    }[];
  };
}

describe('what package.json contributes', () => {
  it('is what the code registers', async () => {
    await activated();
    const extension = vscode.extensions.getExtension('mesos-airflow.mesos-airflow');
    const { contributes } = extension?.packageJSON as Manifest;
    const contributed = contributes.commands.map(({ command }) => command).sort();
    assert.deepEqual(
      contributed,
      Object.keys(commands)
        .map((name) => `mesosAirflow.${name}`)
        .sort(),
    );
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((id) => !registered.has(id)),
      [],
    );
    const start = contributes.commands.find(({ command }) => command === 'mesosAirflow.start');
    assert.deepEqual([start?.title, start?.category], ['Start Mesos Airflow Cluster', undefined]);
  });
});
