import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { noonRun } from '../../unit/extension/tree/taskRuns/runs.ts';
import { activated, logShowing, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { atNoon, clusterView, dagView, running } from '../support/views.ts';

describe('a log in the editor', () => {
  let view: TestView;
  const service = new FakeService('marks');
  const picks = new Picks();
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
    picks.install();
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
  afterEach(() => picks.forget());
  after(async () => {
    picks.remove();
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

  /** The run's log, once its lines are as expected. */
  const runLog = async (
    what: string,
    expected: (lines: readonly string[]) => boolean,
  ): Promise<vscode.TextDocument> =>
    until(
      () => {
        const document = vscode.window.activeTextEditor?.document;
        if (document?.uri.scheme !== 'mesos-run-log') return undefined;
        return expected(document.getText().split('\n')) ? document : undefined;
      },
      { what, limitMs: 30_000 },
    );
  const body = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => / │ (.*)/.exec(line)?.[1] ?? []).map((line) => line.replace(/^2026\S+ /, ''));

  it('leads there from the logs of a run too', async () => {
    await vscode.commands.executeCommand('mesosAirflow.showRunLogs', key);
    const document = await runLog('the run’s log', (lines) => body(lines).length === trace.length);
    assert.equal((await linksOf(document)).get(ours)?.fsPath, file);
  });

  it('shows what a filter lets through, also of what comes, until it is cleared', async () => {
    picks.type('/(/', '/tide|swell/');
    picks.pick('Any level');
    await vscode.commands.executeCommand('mesosAirflow.filterLog');
    await runLog('nothing but what it says of itself', (lines) => body(lines).length === 0);
    assert.match(picks.refused[0] ?? '', /Invalid regular expression/);
    service.logStreams.write(
      'm.1/stdout',
      '2026-11-23T12:00:01.000Z INFO     task the tide turns\n2026-11-23T12:00:02.000Z INFO     task no wind\n' +
        '2026-11-23T12:00:03.000Z WARNING  task swell\n',
    );
    const document = await runLog(
      'what passes',
      (lines) => body(lines).join() === 'INFO     task the tide turns,WARNING  task swell',
    );
    assert.match(document.lineAt(0).text, /filtered: \/tide\|swell\//);

    picks.type('');
    picks.pick('warning and worse');
    await vscode.commands.executeCommand('mesosAirflow.filterLog', document.uri);
    await runLog(
      'what is bad enough',
      (lines) =>
        body(lines).join() ===
        [...trace.map((line) => line.replace(/^2026\S+ /, '')), 'WARNING  task swell'].join(),
    );
    assert.equal(picks.boxes.at(-1)?.value, '/tide|swell/');

    await vscode.commands.executeCommand('mesosAirflow.clearLogFilter');
    await runLog('all lines', (lines) => body(lines).length === trace.length + 3);
  });

  it('shows another file of the task, and keeps its filter', async () => {
    await vscode.commands.executeCommand('mesosAirflow.showTaskLog', { task: 'm' });
    await logShowing(/ValueError: see/);
    service.logStreams.write('m/stderr', 'the mast creaks\nthe mast breaks\n');
    picks.pick('Standard error');
    await vscode.commands.executeCommand('mesosAirflow.chooseLogStream');
    await logShowing(/the mast creaks\nthe mast breaks/);
    assert.deepEqual(
      picks.pickers.at(-1)?.map(({ label, description }) => [label, description]),
      [
        ['Standard output', 'now'],
        ['Standard error', undefined],
        ['Airflow’s own log', undefined],
        ['Airflow’s own log, as it was written (JSON)', undefined],
        ['Standard output and standard error, by time', undefined],
      ],
    );
    picks.type('breaks');
    picks.pick('Any level');
    await vscode.commands.executeCommand('mesosAirflow.filterLog');
    await logShowing(/^──.*filtered: breaks.*\nthe mast breaks/);
    picks.pick('Standard output');
    await vscode.commands.executeCommand('mesosAirflow.chooseLogStream');
    const document = await logShowing(/^──.*filtered: breaks(?![^]*mast)/);
    const { view: shown } = (await view.logs()).logOf(document.uri) ?? assert.fail('no log');
    assert.deepEqual([shown.file, shown.filter], ['stdout', { words: 'breaks' }]);
    await vscode.commands.executeCommand('mesosAirflow.clearLogFilter', document.uri);
    await logShowing(/ValueError: see/);
  });

  it('is left as it is where a filter is not chosen to its end', async () => {
    await vscode.commands.executeCommand('mesosAirflow.showRunLogs', key);
    await runLog('the run’s log', (lines) => body(lines).length === trace.length + 3);
    picks.type('tide');
    await vscode.commands.executeCommand('mesosAirflow.filterLog');
    const { document } = vscode.window.activeTextEditor ?? assert.fail('no editor');
    assert.deepEqual((await view.logs()).logOf(document.uri)?.view.filter, { words: '' });
    assert.equal(picks.pickers.length, 1);
  });
});
