import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { activated, logShowing, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { atNoon, running } from '../support/views.ts';

const limitMs = 40_000;
/** Lines of 100 characters with their line feeds. */
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `${`line ${from + index} `.padEnd(99, '.')}\n`).join('');

describe('a log document, in the editor', function () {
  this.timeout(240_000);

  let view: TestView;
  const service = new FakeService('log-documents');
  const picks = new Picks();
  const { logStreams } = service;
  const failed = { state: 'failed', airflow_state: 'failed', ended: atNoon + 5000 } as const;
  let count = 0;

  before(async () => {
    view = await activated();
    picks.install();
    await useCluster('log-documents');
    await service.start();
    await until(() => view.model.client && view.model.picture.state, { what: 'the cluster', limitMs });
  });
  afterEach(async () => {
    picks.forget();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    picks.remove();
    await useCluster(undefined);
    await service.stop();
  });

  /** Opens the log of a new task run that has written so much. */
  const open = async (text: string, id = `log${(count += 1)}`): Promise<string> => {
    service.tell({ type: 'task', task: running(id, { key: { task_id: id } }) });
    logStreams.write(`${id}/stdout`, text);
    await vscode.commands.executeCommand('mesosAirflow.showTaskLog', { task: id });
    return id;
  };
  const command = (name: string): Thenable<unknown> =>
    vscode.commands.executeCommand(`mesosAirflow.${name}`, undefined);
  const editor = (): vscode.TextEditor => {
    const active = vscode.window.activeTextEditor;
    assert.ok(active, 'an editor is active');
    return active;
  };
  const textAt = (line: number): string => editor().document.lineAt(line).text;
  const firstSeen = (): number => editor().visibleRanges.at(0)?.start.line ?? 0;
  const lastSeen = (): number => editor().visibleRanges.at(-1)?.end.line ?? 0;
  const isAtEnd = (): boolean => lastSeen() >= editor().document.lineCount - 2;
  const endsWith = (line: string): Promise<vscode.TextDocument> =>
    logShowing(new RegExp(`(^|\\n)${line} \\.*$`), limitMs);
  /** Scrolls to a line; returns the one that is at the top of the view then: the editor leaves some lines above. */
  const scrollTo = async (text: string): Promise<string> => {
    const all = editor().document.getText().split('\n');
    const line = all.findIndex((each) => each.startsWith(`${text} `));
    assert.ok(line >= 0, `${text} is there`);
    editor().revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
    await until(() => firstSeen() <= line && firstSeen() > line - 20, {
      what: `${text} at the top, not ${firstSeen()}`,
      limitMs,
    });
    return textAt(firstSeen());
  };

  it('stays on the line that is read while more is written, and goes on with the end at the end', async () => {
    const id = await open(lines(0, 1000));
    await endsWith('line 999');
    await until(isAtEnd, { what: 'the end in view', limitMs });
    const top = await scrollTo('line 500');
    logStreams.write(`${id}/stdout`, lines(1000, 2000));
    await endsWith('line 1999');
    assert.equal(textAt(firstSeen()), top);
    await command('goToLogEnd');
    await until(isAtEnd, { what: 'the end in view', limitMs });
    logStreams.write(`${id}/stdout`, lines(2000, 2500));
    await endsWith('line 2499');
    await until(isAtEnd, { what: 'the new end in view', limitMs });
  });

  it('lets nothing go from its beginning while it is looked at, although it grows beyond 2 MB', async () => {
    const id = await open(lines(0, 1000));
    await endsWith('line 999');
    const top = await scrollTo('line 50');
    for (let line = 1000; line < 25_000; line += 4000) {
      logStreams.write(`${id}/stdout`, lines(line, line + 4000));
      await endsWith(`line ${line + 3999}`);
    }
    assert.match(textAt(1), /^line 0 /);
    assert.equal(textAt(firstSeen()), top);
  });

  it('loads earlier lines and keeps what is read in view', async () => {
    await open(lines(0, 20_000));
    const { uri } = await endsWith('line 19999');
    assert.match(textAt(0), /the first 1\.4 MB are not shown · Load Earlier ──$/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      uri,
    );
    assert.equal(links.find(({ range }) => range.start.line === 0)?.target?.scheme, 'command');
    const [, first = ''] = /^(line \d+) /.exec(textAt(1)) ?? [];
    const top = await scrollTo(textAt(200).replace(/ \.*$/, ''));
    await command('loadEarlierLog');
    await until(() => !textAt(1).startsWith(`${first} `), { what: 'earlier lines', limitMs });
    await until(() => textAt(firstSeen()) === top, { what: `${top}, which was read`, limitMs });
    for (let loads = 0; loads < 3 && !textAt(1).startsWith('line 0 '); loads += 1) {
      const before = textAt(1);
      await command('loadEarlierLog');
      await until(() => textAt(1) !== before, { what: 'earlier lines', limitMs });
    }
    assert.match(textAt(1), /^line 0 /);
    assert.equal(editor().document.lineCount, 20_001);
  });

  it('opens where the person says, reads on as its end is reached, and goes to the log’s end', async () => {
    await open(lines(0, 30_000));
    await endsWith('line 29999');
    picks.type('nowhere', '50%');
    await command('openLogAtOffset');
    assert.equal(picks.refused.length, 1);
    await until(() => textAt(1).startsWith('line 15001 '), { what: 'the middle', limitMs });
    await until(() => firstSeen() === 0, { what: 'the place in view', limitMs });
    const { document } = editor();
    const before = document.lineCount;
    assert.match(textAt(before - 1), /^── .* more follow · Go to End ──$/);
    editor().revealRange(new vscode.Range(before - 1, 0, before - 1, 0));
    await until(() => document.lineCount > before, { what: 'what follows', limitMs });
    // What follows stands below what is read.
    assert.ok(lastSeen() < document.lineCount - 1000, `${lastSeen()} of ${document.lineCount}`);
    await command('goToLogEnd');
    await endsWith('line 29999');
    await until(isAtEnd, { what: 'the end in view', limitMs });
  });

  it('shows what is chosen to be shown, also of what comes, and remembers it', async () => {
    const id = await open('out 1 \nout 2 \n');
    const { uri } = await endsWith('out 2');
    logStreams.write(`${id}/stderr`, 'error 1 \nwarning 2 \n');
    const logs = await view.logs();
    logs.setView(uri, { file: 'stderr', filter: { words: 'warn' } });
    await logShowing(/filtered: warn ──\nwarning 2 $/, limitMs);
    assert.match(JSON.stringify(view.memory.get('logViews')), /"file":"stderr","filter":\{"words":"warn"\}/);
    logStreams.write(`${id}/stderr`, 'error 3 \nwarning 4 \n');
    await logShowing(/\nwarning 2 \nwarning 4 $/, limitMs);
    logs.setView(uri, { file: 'all' });
    await logShowing(/stdout │ out 1 \n[\s\S]*stderr │ error 1 /, limitMs);
    logs.setView(uri, { file: 'stdout' });
    await endsWith('out 2');
  });

  it('knows what each of its lines shows', async () => {
    const id = await open('2026-11-23T12:00:00.000Z ERROR    task it broke\nout 1 \n');
    const document = await endsWith('out 1');
    const logs = await view.logs();
    const rows = await until(() => logs.rowsOf(document), { what: 'the rows', limitMs });
    assert.deepEqual(
      rows.map(({ text }) => text),
      document.getText().split('\n'),
    );
    assert.deepEqual(
      rows.map(({ row }) => row?.level),
      [undefined, 'error', 'error'],
    );
    const told = new Promise<vscode.TextDocument>((resolve) => logs.onDidChangeRows(resolve));
    logStreams.write(`${id}/stdout`, 'out 2 \n');
    const changed = await told;
    assert.equal(changed.uri.toString(), document.uri.toString());
    await endsWith('out 2');
    await until(() => logs.rowsOf(document).length === 4, { what: 'the new row', limitMs });
  });

  it('goes on when the service is back', async () => {
    const id = await open('before 1 \n');
    await endsWith('before 1');
    await service.breakOff();
    await logShowing(/before 1 \n── .*; trying again ──$/, limitMs);
    await service.start();
    logStreams.write(`${id}/stdout`, 'behind 2 \n');
    await logShowing(/before 1 \nbehind 2 $/, limitMs);
  });

  it('goes on with the next try where it is told to', async () => {
    const id = await open('tried 1 \n');
    await endsWith('tried 1');
    await command('followNextTry');
    logStreams.end(`${id}/stdout`);
    const key = { task_id: id };
    service.tell({ type: 'task', task: running(id, { key, ...failed, airflow_state: 'up_for_retry' }) });
    await logShowing(/tried 1 \n── ended: /, limitMs);
    service.tell({
      type: 'task',
      task: running(`${id}b`, { key: { ...key, try_number: 2 }, queued: atNoon + 9 }),
    });
    logStreams.write(`${id}b/stdout`, 'tried 2 \n');
    await logShowing(/tried 1 \n── try 2 begins at .* ──\ntried 2 $/, limitMs);
    logStreams.write(`${id}b/stdout`, lines(0, 300));
    await endsWith('line 299');
    await until(isAtEnd, { what: 'the end in view', limitMs });
  });
});
