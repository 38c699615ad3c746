import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { clusterFolder, userFolders } from '../../../src/host/folders.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { StandIn } from '../support/standIn.ts';

describe('which cluster a window is about', () => {
  let view: TestView;
  const commandLine = new StandIn();
  const answers = new Answers();
  const other = new FakeService('other');
  /** Milliseconds from looking for a cluster to what is shown of it. */
  const attached: number[] = [];
  let own: FakeService;

  before(async () => {
    view = await activated();
    view.model.onDidAttach((ms) => attached.push(ms));
    await commandLine.install();
    answers.install();
    await useCluster(undefined);
    own = new FakeService(view.which.own);
    // It was never started: what the tests of the real cluster left of it is gone.
    await fs.rm(clusterFolder(userFolders(), view.which.own).root, { recursive: true, force: true });
  });
  after(async () => {
    answers.remove();
    await view.which.choose(view.which.own);
    for (const service of [own, other]) await service.stop();
    await commandLine.remove();
    await useCluster(undefined);
  });
  beforeEach(() => {
    answers.forget();
    commandLine.plays('list', { out: [] });
  });

  it('is the workspace’s own, named after its folder', () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    assert.match(view.which.own, new RegExp(`^${path.basename(folder)}-[0-9a-f]{4}$`));
    assert.deepEqual(view.which.now, { name: view.which.own, by: 'workspace' });
  });

  it('is offered to be another where one runs and the own was never started; to choose one shows it at once', async () => {
    await other.start();
    // It looks for others when the own turns out not to be there.
    await useCluster('nowhere');
    await useCluster(undefined);
    await until(() => view.statusBar.text === '$(circle-outline) Mesos Airflow: other runs', {
      what: 'the other one in the status bar',
    });
    await until(() => view.statusBar.tooltip.includes(`of this workspace, ${view.which.own}, was not`), {
      what: 'the name of the own one',
    });
    commandLine.plays(
      'list',
      { waitMs: 200 },
      {
        out: [
          { name: 'other', engine: 'embedded', state: 'ready', dags_folder: '/dags' },
          { name: 'crate', engine: 'docker', state: 'stopped', dags_folder: null },
        ],
      },
    );
    const chosen = vscode.commands.executeCommand('mesosAirflow.chooseCluster');
    const shown = await until(() => view.clusterPicker.shown, { what: 'the picker' });
    // Those of other tests may stand below them.
    assert.deepEqual(
      shown.slice(0, 2).map(({ name }) => name),
      [view.which.own, 'other'],
    );
    const crate = await until(() => view.clusterPicker.shown?.find(({ name }) => name === 'crate'), {
      what: 'what Docker has beside',
    });
    assert.equal(crate.label, '$(vm-outline) crate');
    assert.equal(view.clusterPicker.shown?.[1]?.description, 'embedded · ready');
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await chosen;
    assert.deepEqual(view.which.now, { name: 'other', by: 'person' });
    await until(() => view.statusBar.text === '$(check) Mesos Airflow · idle', { what: 'the other cluster' });
    assert.match(view.statusBar.tooltip, /^The cluster other \(embedded, /);
    assert.equal(attached.length, 1);
    assert.ok((attached[0] ?? Infinity) < 1000, `attached in ${attached.join()} ms`);
  });

  it('is the own again once that is chosen', async () => {
    await own.start();
    // The own one stands first, the present one second: a key up leads from this to that.
    const present = { name: 'other', engine: 'embedded', state: 'ready', dags_folder: '/dags' };
    const crate = { name: 'crate', engine: 'docker', state: 'stopped', dags_folder: null };
    commandLine.plays('list', { out: [present, crate] });
    const chosen = vscode.commands.executeCommand('mesosAirflow.chooseCluster');
    // All are there: none comes while the keys are on their way.
    await until(() => view.clusterPicker.shown?.find(({ name }) => name === 'crate'), {
      what: 'the picker with all clusters',
    });
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectPrevious');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await chosen;
    assert.deepEqual(view.which.now, { name: view.which.own, by: 'workspace' });
    await until(() => view.statusBar.tooltip.startsWith(`The cluster ${view.which.own} (`), {
      what: 'the own cluster',
    });
  });

  it('is what the setting says, which is said where one wants to choose', async () => {
    await useCluster('other');
    await until(() => view.statusBar.tooltip.startsWith('The cluster other ('), {
      what: 'the other cluster',
    });
    await vscode.commands.executeCommand('mesosAirflow.chooseCluster');
    assert.equal(view.clusterPicker.shown, undefined);
    assert.match(answers.shown[0]?.text ?? '', /^The setting mesosAirflow\.cluster says “other”/);
    await useCluster(undefined);
  });

  it('is ended when the window goes, where the setting says so and the window started it; nothing waits', async () => {
    const { name } = view.which.now;
    const left = async (onExit: string, begun: boolean): Promise<readonly string[]> => {
      commandLine.forget();
      await vscode.workspace
        .getConfiguration('mesosAirflow')
        .update('onExit', onExit, vscode.ConfigurationTarget.Workspace);
      await (begun ? view.leaving.begins(name) : view.leaving.ended(name));
      view.leaving.leave();
      // Another call after it: what had been asked for first is there by then.
      await vscode.commands.executeCommand('mesosAirflow.checkPrerequisites');
      return commandLine.calls('down').map(({ args }) => args.join(' '));
    };
    await until(() => view.statusBar.text === '$(check) Mesos Airflow · idle', { what: 'the cluster' });
    assert.deepEqual(await left('keep', true), []);
    assert.deepEqual(await left('stop', false), []);
    await left('stop', true);
    await until(() => commandLine.calls('down').length === 1, { what: 'the command that is left behind' });
    assert.deepEqual(commandLine.calls('down')[0]?.args, ['down', '--unless-used', '20', '--name', name]);
    await view.leaving.ended(name);
    await vscode.workspace
      .getConfiguration('mesosAirflow')
      .update('onExit', undefined, vscode.ConfigurationTarget.Workspace);
  });
});
