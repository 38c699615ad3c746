import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import {
  activated,
  click,
  logShowing,
  rowsBelow,
  rowsLike,
  tabTitles,
  useCluster,
} from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { agentView, clusterView, offerView, running, taskRun } from '../support/views.ts';

describe('the tree and a task’s log, in the editor', () => {
  let view: TestView;
  const service = new FakeService('fake');

  before(async () => {
    view = await activated();
    view.views.taskRunsView.set({ grouping: 'flat' });
    await useCluster('fake');
    await service.start();
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
  });
  after(async () => {
    view.views.taskRunsView.set({ grouping: 'dag' });
    await service.stop();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await useCluster(undefined);
  });

  it('shows a cluster that comes while the window is open', async () => {
    await until(() => rowsBelow(view.views.taskRuns).length === 1, { what: 'the task runs' });
    await until(() => rowsBelow(view.views.cluster)[0]?.label === 'fake', { what: 'the cluster' });
    await until(() => view.statusBar.text === '$(check) Mesos Airflow · idle', {
      what: 'the status bar',
    });
  });

  it('shows agents, offers and task runs as they come', async () => {
    service.tell({ type: 'agents', agents: [agentView('agent-1'), agentView('agent-2')] });
    service.tell({ type: 'offers', offers: { suppressed: false, offers: [offerView('o1')] } });
    service.tell({ type: 'task', task: running('r1', { key: { map_index: 2 } }) });
    service.tell({
      type: 'cluster',
      cluster: clusterView({ counts: { waiting: 1, launched: 0, running: 3, failed: 0, finished: 0 } }),
    });
    await until(() => rowsLike(view.views.taskRuns, 'taskRun:').length === 1, { what: 'the task run' });
    assert.equal(rowsBelow(view.views.cluster, 'agents').length, 2);
    assert.equal(rowsBelow(view.views.cluster, 'offers').length, 1);
    await until(() => view.statusBar.text === '$(check) Mesos Airflow · 3 running · 1 waiting', {
      what: 'the counts',
    });
  });

  it('has items with icon, colour and words, that a screen reader can read', () => {
    const item = view.views.taskRuns.getTreeItem('taskRun:r1');
    assert.equal(item.label, 'summarise[2]');
    assert.equal(item.contextValue, 'runningTaskRun');
    assert.ok(item.iconPath instanceof vscode.ThemeIcon);
    assert.equal(item.iconPath.id, 'circle-filled');
    assert.match(item.accessibilityInformation?.label ?? '', /summarise\[2\], running · agent-1/);
  });

  it('can reveal a row, so VS Code knows it by its id', async () => {
    await view.views.taskRuns.view.reveal('taskRun:r1', { select: true });
    await until(() => view.views.taskRuns.view.selection[0] === 'taskRun:r1', { what: 'the selection' });
  });

  it('opens the log of a clicked task run, follows it, and says how it ended', async () => {
    service.logs.set('r1', 'Zürich 12 °C\n');
    await click(view.views.taskRuns, 'taskRun:r1');
    const document = await logShowing(/^── agent-1 · sandbox\/stdout ──\nZürich 12 °C$/);
    assert.deepEqual(tabTitles(), ['summarise[2] · try 1 · agent-1']);
    assert.equal(document.languageId, 'log');
    service.logs.set('r1', 'Zürich 12 °C\nAthína 19 °C\n');
    await logShowing(/Athína 19 °C$/);
    const task = running('r1', {
      key: { map_index: 2 },
      state: 'finished',
      airflow_state: 'success',
      ended: Date.now(),
    });
    service.tell({ type: 'task', task });
    await logShowing(/Athína 19 °C\n── ended: success after .* ──$/);
    await until(() => view.views.taskRuns.getTreeItem('taskRun:r1').contextValue === 'successTaskRun', {
      what: 'the green row',
    });
  });

  it('opens a log at its end, from its last 512 KiB', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${'·'.repeat(20)}\n`);
    service.logs.set('r2', lines.join(''));
    service.tell({ type: 'task', task: running('r2', { key: { task_id: 'long' } }) });
    await until(() => rowsLike(view.views.taskRuns, 'taskRun:r2').length === 1, { what: 'the task run' });
    await click(view.views.taskRuns, 'taskRun:r2');
    const document = await logShowing(/line 19999 /);
    assert.match(
      document.lineAt(0).text,
      /^── agent-1 · sandbox\/stdout · the first .* are not shown · Load Earlier ──$/,
    );
    assert.match(document.lineAt(1).text, /^line \d+ ·+$/);
    const lastSeen = (): number => vscode.window.activeTextEditor?.visibleRanges.at(-1)?.end.line ?? 0;
    await until(() => lastSeen() >= document.lineCount - 2, { what: 'the end in view' });
    service.logs.set('r2', `${lines.join('')}${'more\n'.repeat(100)}`);
    await logShowing(/more$/);
    await until(() => lastSeen() >= document.lineCount - 2, { what: 'the new end in view' });
  });

  it('says why a task waits, in its log too', async () => {
    const task = taskRun('r3', {
      key: { task_id: 'big' },
      waits: 'the largest offer had 2.5 cpus, it needs 8',
    });
    service.tell({ type: 'task', task });
    await until(() => rowsLike(view.views.taskRuns, 'taskRun:r3').length === 1, { what: 'the task run' });
    await click(view.views.taskRuns, 'taskRun:r3');
    await logShowing(/── waiting: the largest offer had 2\.5 cpus, it needs 8 ──/);
    assert.ok(tabTitles().includes('big · try 1'));
  });

  it('keeps the rows while the service is away, with a row that says so', async () => {
    await service.breakOff();
    await until(() => rowsBelow(view.views.taskRuns)[0]?.id === 'trouble', { what: 'the row of trouble' });
    assert.equal(rowsBelow(view.views.cluster, 'agents').length, 2);
    await service.start();
    await until(() => rowsBelow(view.views.taskRuns)[0]?.id !== 'trouble', { what: 'its end' });
  });

  it('is empty again once the cluster is brought down', async () => {
    await service.stop();
    await until(() => rowsBelow(view.views.taskRuns).length === 0, { what: 'the empty tree' });
    assert.equal(view.statusBar.text, undefined);
  });
});
