import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { activated, logShowing, tabTitles, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { agentView, running } from '../support/views.ts';

const title = 'Mesos Airflow Cluster';

describe('the cluster page, in the editor', () => {
  let view: TestView;
  const service = new FakeService('page');
  const isWanted = (topic: string): boolean =>
    service.subscriptions.at(-1)?.split(',').includes(topic) ?? false;

  before(async () => {
    view = await activated();
    await useCluster('page');
    await service.start();
    service.tell({ type: 'agents', agents: [agentView('agent-1')] });
    service.tell({ type: 'task', task: running('p1') });
    service.logs.set('p1', 'hello from the page\n');
  });
  after(async () => {
    await service.stop();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await useCluster(undefined);
  });

  it('opens as one tab, whose script asks to be told and is', async () => {
    await vscode.commands.executeCommand('mesosAirflow.showClusterPage');
    await until(() => tabTitles().includes(title), { what: 'the tab' });
    // The webview's own script said that it is ready: its policy let it run.
    await until(() => (view.clusterPage.page?.told ?? 0) > 0, { what: 'the first update', limitMs: 30_000 });
    await vscode.commands.executeCommand('mesosAirflow.showClusterPage');
    assert.equal(tabTitles().filter((one) => one === title).length, 1);
  });

  it('asks for what it shows, and is told what changes', async () => {
    await until(() => isWanted('mesos-tasks'), { what: 'the topics of the page' });
    const told = view.clusterPage.page?.told ?? 0;
    service.tell({ type: 'task', task: running('p2') });
    await until(() => (view.clusterPage.page?.told ?? 0) > told, { what: 'another update' });
  });

  it('opens the log of a task run that is clicked', async () => {
    view.clusterPage.act({ type: 'openTask', id: 'p1' });
    await logShowing(/hello from the page/);
  });

  it('wants nothing any more once it is closed', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => view.clusterPage.page === undefined, { what: 'the end of the page' });
    await until(() => !isWanted('mesos-tasks'), { what: 'fewer topics' });
  });
});
