import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { clusterFolder, userFolders } from '../../../src/host/folders.ts';
import { writePrivateFile } from '../../../src/host/files.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { StandIn } from '../support/standIn.ts';
import { clusterSpec, clusterView } from '../support/views.ts';

/** What test/vscode/python exports. */
interface Python {
  readonly told: { readonly interpreter: string; readonly folder: string }[];
  isOld: boolean;
}

describe('the offer to use the cluster’s Python', () => {
  const answers = new Answers();
  const picks = new Picks();
  const commandLine = new StandIn();
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const root = workspace?.uri.fsPath ?? '';
  const file = vscode.Uri.file(path.join(root, 'dags', 'greeting.py'));
  let python: Python;
  let service: FakeService;
  let clusters = 0;

  before(async () => {
    await activated();
    const extension = vscode.extensions.getExtension<Python>('ms-python.python');
    assert.ok(extension, 'the extension that stands in for it is loaded');
    python = await extension.activate();
    await commandLine.install();
    answers.install();
    picks.install();
  });
  after(async () => {
    answers.remove();
    picks.remove();
    await commandLine.remove();
    await vscode.workspace.getConfiguration('python', workspace).update('defaultInterpreterPath', undefined);
    await useCluster(undefined);
  });
  beforeEach(async () => {
    answers.forget();
    python.told.length = 0;
    python.isOld = false;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // The workspace forgets its answer with all else.
    commandLine.plays('purge', { out: { clusters: [], caches: [], images: [], stays: [] } });
    answers.next('Remove All Data');
    await vscode.commands.executeCommand('mesosAirflow.removeAllData');
    answers.forget();
    clusters += 1;
    service = new FakeService(`python-${clusters}`);
    const { name } = service;
    service.snapshot.cluster = clusterView({ name, dags_folder: path.join(root, 'dags') });
    await service.start();
    await useCluster(name);
  });
  afterEach(() => service.stop());

  /** As an embedded cluster whose Python environment is this Node. */
  async function hasPython(interpreter = process.execPath): Promise<void> {
    const spec = clusterSpec(service.name);
    const text = JSON.stringify({ ...spec, airflow: { ...spec.airflow, python: interpreter } });
    await writePrivateFile(clusterFolder(userFolders(), service.name).spec, text);
  }
  const offers = (): number => answers.shown.filter(({ text }) => text.includes('import airflow')).length;
  const show = (): Thenable<unknown> => vscode.window.showTextDocument(file);

  it('comes when a DAG file is in front, and chooses it for the workspace folder', async () => {
    await hasPython();
    answers.next('Use It');
    await show();
    await until(() => python.told.length === 1, { what: 'the choice' });
    assert.deepEqual(python.told, [{ interpreter: process.execPath, folder: root }]);
    assert.deepEqual(answers.shown[0]?.buttons, ['Use It', 'No']);
  });

  it('comes once, whatever the answer', async () => {
    await hasPython('/bin/sh');
    answers.next('No');
    await show();
    await until(() => offers() === 1, { what: 'the offer' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await useCluster(undefined);
    await useCluster(service.name);
    await show();
    await until(() => service.listeners === 1, { what: 'the connection' });
    assert.equal(offers(), 1);
    assert.deepEqual(python.told, []);
  });

  it('comes for another Python though one is without an answer, and once for each', async () => {
    answers.leaveOpen('import airflow');
    await hasPython('/bin/sh');
    await show();
    await until(() => offers() === 1, { what: 'the offer' });
    const again = path.join(root, 'dags', 'again.py');
    fs.writeFileSync(again, '');
    try {
      await vscode.window.showTextDocument(vscode.Uri.file(again));
      await hasPython('/bin/cat');
      await show();
      await until(() => offers() > 1, { what: 'the other offer' });
      assert.equal(offers(), 2);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      fs.rmSync(again);
    }
  });

  it('sets the default interpreter where the Python extension is an older one', async () => {
    python.isOld = true;
    await hasPython();
    answers.next('Use It');
    await show();
    const chosen = (): unknown =>
      vscode.workspace.getConfiguration('python', workspace).get('defaultInterpreterPath');
    await until(() => chosen() === process.execPath, { what: 'the setting' });
    assert.deepEqual(python.told, []);
  });

  it('does not come where the cluster has no Python on this machine', async () => {
    await hasPython('/nowhere/python');
    await show();
    await until(() => service.subscriptions.some((topics) => topics.includes('dags')), {
      what: 'the DAG file',
    });
    assert.equal(offers(), 0);
  });
});
