import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { noonRun } from '../../unit/extension/tree/taskRuns/runs.ts';
import { activated, logShowing, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { atNoon, clusterView, dagView, running } from '../support/views.ts';

describe('a log in the editor', () => {
  let view: TestView;
  const service = new FakeService('marks');
  const key = { dag_id: 'marked', run_id: noonRun, task_id: 'load' };
  const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'dags');
  const file = path.join(folder, 'marked.py');
  const mount = '/opt/mesos-airflow/dags';
  const trace = [
    '2026-11-23T12:00:00.000Z ERROR    task Task failed with exception',
    'Traceback (most recent call last):',
    `  File "${mount}/marked.py", line 3, in load`,
    '    raise ValueError(1)',
    `  File "${mount}/gone.py", line 4, in load`,
    '  File "/usr/lib/python3.12/json/decoder.py", line 5, in load',
    'ValueError: see https://example.org/why.',
  ];

  before(async () => {
    fs.writeFileSync(file, 'def load():\n    # of no use\n    raise ValueError(1)\n');
    view = await activated();
    await useCluster('marks');
    service.snapshot.cluster = clusterView({ name: 'marks', dags_folder: folder, dags_mount: mount });
    service.dags = [dagView('marked')];
    service.snapshot.tasks = [running('m', { key, queued: atNoon })];
    service.logStreams.write('m/stdout', `${trace.join('\n')}\n`);
    service.logStreams.write('m.1/stdout', `${trace.join('\n')}\n`);
    await service.start();
    await until(() => view.model.client && view.model.picture.state, {
      what: 'the cluster',
      limitMs: 30_000,
    });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await useCluster(undefined);
    await service.stop();
    fs.rmSync(file, { force: true });
  });

  /** The links of a document: what is marked, and where it leads to. */
  const linksOf = async (document: vscode.TextDocument): Promise<Map<string, vscode.Uri>> => {
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    return new Map(
      links.flatMap(({ range, target }) => (target ? [[document.getText(range), target] as const] : [])),
    );
  };
  const ours = `File "${mount}/marked.py", line 3`;

  it('leads from a traceback to the DAG’s line, and to addresses, but to nothing that is not there', async () => {
    await vscode.commands.executeCommand('mesosAirflow.showTaskLog', { task: 'm' });
    const document = await logShowing(/ValueError: see/);
    const links = await until(
      async () => {
        const found = await linksOf(document);
        return found.has(ours) ? found : undefined;
      },
      { what: 'the links', limitMs: 30_000 },
    );
    assert.deepEqual([...links.keys()].sort(), [ours, 'https://example.org/why'].sort());
    assert.equal(links.get('https://example.org/why')?.toString(), 'https://example.org/why');
    await vscode.commands.executeCommand('vscode.open', links.get(ours));
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, file);
    assert.equal(editor.selection.active.line, 2);
  });

  it('leads there from the logs of a run too', async () => {
    await vscode.commands.executeCommand('mesosAirflow.showRunLogs', key);
    const links = await until(
      async () => {
        const document = vscode.window.activeTextEditor?.document;
        if (document?.uri.scheme !== 'mesos-run-log') return undefined;
        const found = await linksOf(document);
        return found.has(ours) ? found : undefined;
      },
      { what: 'the links', limitMs: 30_000 },
    );
    assert.equal(links.get(ours)?.fsPath, file);
  });
});
