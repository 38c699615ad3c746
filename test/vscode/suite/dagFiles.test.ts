import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { DagView, ImportError } from '../../../src/api/people.ts';
import { until } from '../../support/until.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { clusterView } from '../support/views.ts';

describe('DAG files, in the editor', () => {
  const service = new FakeService('files');
  const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'dags');
  const file = path.join(folder, 'lenses.py');
  const uri = vscode.Uri.file(file);
  const mount = '/opt/mesos-airflow/dags';
  const dag: DagView = {
    dag_id: 'forecast',
    // As Airflow in a container names it.
    fileloc: `${mount}/lenses.py`,
    paused: false,
    schedule: null,
    has_import_errors: false,
    last_run: { run_id: 'r1', state: 'success', started: Date.now(), ended: Date.now() },
  };
  const error: ImportError = {
    file: 'lenses.py',
    line: 5,
    message: "ModuleNotFoundError: No module named 'pandsa'",
    trace: '',
  };
  const tell = (dags: DagView[], import_errors: ImportError[]): void =>
    service.tell({ type: 'dags', dags, import_errors });
  const problems = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Airflow');

  before(async () => {
    const text =
      'from airflow.sdk import DAG\n\n# forecast\nwith DAG("forecast", schedule=None):\n    import pandsa\n';
    fs.writeFileSync(file, text);
    service.snapshot.cluster = clusterView({ name: 'files', dags_folder: folder, dags_mount: mount });
    await activated();
    // Our views ask by themselves.
    await vscode.commands.executeCommand('workbench.view.explorer');
    await useCluster('files');
    await service.start();
  });
  after(async () => {
    await service.stop();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(file, { force: true });
    await useCluster(undefined);
  });

  it('are asked about from when one is open', async () => {
    const isAsked = (): boolean => service.subscriptions.at(-1)?.split(',').includes('dags') ?? false;
    // At first once, for the badge of the view DAGs.
    await until(() => service.listeners === 1 && isAsked(), { what: 'the first look' });
    tell([], []);
    await until(() => !isAsked(), { what: 'its end' });
    await vscode.window.showTextDocument(uri);
    await until(isAsked, { what: 'the topic' });
  });

  it('show an import error at its line, until it is gone', async () => {
    tell([dag], [error]);
    const [problem] = await until(() => (problems().length > 0 ? problems() : undefined), {
      what: 'the Problem',
    });
    assert.ok(problem);
    assert.equal(problem.message, error.message);
    const { start, end } = problem.range;
    assert.deepEqual([start.line, start.character, end.line, end.character], [4, 4, 4, 17]);
    tell([dag], []);
    await until(() => problems().length === 0, { what: 'no Problem' });
  });

  it('show above a DAG that it can run, and how it ran', async () => {
    const lenses = await until(
      async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          uri,
        );
        return found.length === 2 ? found : undefined;
      },
      { what: 'the CodeLenses' },
    );
    assert.deepEqual(
      lenses.map(({ range }) => range.start.line),
      [3, 3],
    );
    const commands = lenses.map(({ command }) => command);
    assert.equal(commands[0]?.title, '▷ Run on Mesos');
    assert.equal(commands[0].command, 'mesosAirflow.triggerDag');
    assert.deepEqual(commands[0].arguments, [{ dag_id: 'forecast' }]);
    assert.match(commands[1]?.title ?? '', /^last run: success, \d\d:\d\d$/);
  });

  it('are asked about while a Problem stands, though none is open; it goes with the cluster', async () => {
    tell([dag], [error]);
    await until(() => problems().length === 1, { what: 'the Problem' });
    const before = service.subscriptions.length;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    tell([dag], [{ ...error, message: 'another' }]);
    await until(() => problems()[0]?.message === 'another', { what: 'another Problem' });
    assert.equal(service.subscriptions.length, before);
    await service.stop();
    await until(() => problems().length === 0, { what: 'no Problem without a cluster' });
  });
});
