import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { activated, click, expand, logShowing, rowsBelow, rowsLike, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import {
  agentView,
  clusterView,
  dagView,
  frameworkView,
  mesosTaskView,
  offerView,
  running,
} from '../support/views.ts';

describe('the views Cluster and DAGs, in the editor', () => {
  let view: TestView;
  const service = new FakeService('shared');
  const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'dags');
  const file = path.join(folder, 'forecast.py');
  const mount = '/opt/mesos-airflow/dags';
  const isAsked = (topic: string): boolean =>
    service.subscriptions.at(-1)?.split(',').includes(topic) ?? false;
  const dag = dagView('forecast', {
    // As Airflow in a container names it.
    fileloc: `${mount}/forecast.py`,
    schedule: '0 0 * * *',
    last_run: { run_id: 'nightly', state: 'failed', started: Date.now() - 9000, ended: Date.now() },
  });

  before(async () => {
    fs.writeFileSync(file, 'from airflow.sdk import DAG\n\nwith DAG("forecast"):\n    import pandsa\n');
    view = await activated();
    const { snapshot } = service;
    snapshot.cluster = clusterView({ name: 'shared', dags_folder: folder, dags_mount: mount });
    snapshot.agents = [agentView('agent-1')];
    snapshot.frameworks = [
      frameworkView('spark-shell', { roles: ['analytics'], tasks: 1 }),
      frameworkView('airflow', { id: 'f-1', ours: true, tasks: 1 }),
    ];
    const offers = Array.from({ length: 150 }, (_, index) =>
      offerView(`o${index}`, { fate: 'accepted', tasks: ['r1.1'] }),
    );
    snapshot.offers = { suppressed: false, offers };
    snapshot.tasks = [running('r1', { key: { map_index: 2 } })];
    service.dags = [dag];
    await useCluster('shared');
    await service.start();
    await vscode.commands.executeCommand('mesosAirflow.cluster.focus');
    await until(() => rowsBelow(view.views.cluster).length === 5, { what: 'the rows of the cluster' });
  });
  after(async () => {
    await service.stop();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(file, { force: true });
    await useCluster(undefined);
  });

  it('show what the cluster consists of, and who shares it', async () => {
    // What each group has comes after the cluster itself.
    await until(() => rowsLike(view.views.cluster, 'framework:').length === 2, { what: 'the frameworks' });
    await until(() => rowsLike(view.views.cluster, 'agent:').length === 1, { what: 'the agent' });
    assert.deepEqual(
      rowsBelow(view.views.cluster).map(({ label }) => label),
      ['shared', 'Master 127.0.0.1:5050', 'Agents (1)', 'Frameworks (2)', 'Offers'],
    );
    assert.deepEqual(
      rowsBelow(view.views.cluster, 'frameworks').map(({ label }) => label),
      ['airflow (ours)', 'spark-shell'],
    );
    const { accessibilityInformation } = view.views.cluster.getTreeItem('agent:id-of-agent-1');
    assert.equal(accessibilityInformation?.label, 'agent-1, 0 of 4 cpus used, 0 of 4 GB of memory');
  });

  it('show below an agent the tasks of all frameworks, which are asked for only while it is open', async () => {
    const { cluster } = view.views;
    assert.ok(!isAsked('mesos-tasks'));
    await expand(cluster, 'agent:id-of-agent-1');
    await until(() => isAsked('mesos-tasks') && isAsked('tasks'), { what: 'the topics' });
    assert.deepEqual(
      rowsBelow(cluster, 'agent:id-of-agent-1').map(({ label }) => label),
      ['Loading…'],
    );
    const ours = mesosTaskView('r1.1', {
      name: 'weather_report.summarise[2]',
      framework_id: 'f-1',
      framework: 'airflow',
    });
    service.tell({ type: 'mesosTasks', tasks: [ours, mesosTaskView('executor-7')], total: 2 });
    await until(() => rowsLike(cluster, 'mesosTask:').length === 2, { what: 'the tasks' });
    assert.deepEqual(
      rowsBelow(cluster, 'agent:id-of-agent-1').map(({ label, description }) => `${label} | ${description}`),
      [
        'summarise[2] | airflow · running · 1 cpu, 512 MB',
        'executor-7 | spark-shell · running · 1 cpu, 512 MB',
      ],
    );
  });

  it('have a foreign task with its id to copy, and ours with its log', async () => {
    const { cluster } = view.views;
    const [mine, foreign] = rowsBelow(cluster, 'agent:id-of-agent-1');
    assert.ok(mine && foreign);
    assert.equal(cluster.getTreeItem(foreign.id).command, undefined);
    await vscode.commands.executeCommand('mesosAirflow.copyId', foreign.id);
    assert.equal(await vscode.env.clipboard.readText(), 'executor-7');
    service.logs.set('r1', 'Zürich 12 °C\n');
    await click(cluster, mine.id);
    await logShowing(/Zürich 12 °C$/);
  });

  it('stop asking for tasks when the agent is collapsed', async () => {
    await vscode.commands.executeCommand('mesosAirflow.cluster.focus');
    await vscode.commands.executeCommand('workbench.actions.treeView.mesosAirflow.cluster.collapseAll');
    await until(() => !isAsked('mesos-tasks'), { what: 'fewer topics' });
    // As the editor asks of an item that was on its way as the row was collapsed.
    view.views.cluster.getChildren('agent:id-of-agent-1');
    assert.ok(!view.views.cluster.open.has('agent:id-of-agent-1'));
  });

  it('show offers in pages, with the names of the tasks that they were accepted for', async () => {
    const { cluster } = view.views;
    await expand(cluster, 'offers');
    await until(() => rowsBelow(cluster, 'offers')[0]?.description.endsWith('for summarise[2]'), {
      what: 'the names',
    });
    assert.equal(rowsLike(cluster, 'offer:').length, 100);
    await click(cluster, 'more:offers');
    assert.equal(rowsLike(cluster, 'offer:').length, 150);
  });

  it('show DAGs and what could not be loaded, counted in a badge', async () => {
    const { dags } = view.views;
    await vscode.commands.executeCommand('mesosAirflow.dags.focus');
    await until(() => isAsked('dags'), { what: 'the topic' });
    const message = "ModuleNotFoundError: No module named 'pandsa'";
    service.tell({
      type: 'dags',
      dags: [dag, dagView('other', { paused: true })],
      import_errors: [{ file: 'forecast.py', line: 4, message, trace: '' }],
    });
    await until(() => rowsBelow(dags).length === 3, { what: 'the rows' });
    const [broken, failing, other] = rowsBelow(dags).map(
      ({ label, description }) => `${label} | ${description}`,
    );
    assert.equal(broken, `forecast.py | line 4: ${message}`);
    assert.match(failing ?? '', /^forecast \| daily · last run failed, \d\d:\d\d$/);
    assert.equal(other, 'other | paused · by hand · never ran');
    assert.equal(dags.view.badge?.value, 1);
  });

  it('open the file of an import error at its line, and of a DAG where it is defined', async () => {
    const { dags } = view.views;
    const lineIn = (): number | undefined => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.uri.fsPath === file ? editor.selection.start.line : undefined;
    };
    await click(dags, 'importError:forecast.py');
    assert.equal(lineIn(), 3);
    await click(dags, 'dag:forecast');
    assert.equal(lineIn(), 2);
  });

  it('show a run that is clicked among the task runs', async () => {
    const { dags, taskRuns } = view.views;
    await vscode.commands.executeCommand('mesosAirflow.dags.focus');
    await expand(dags, 'dag:forecast');
    await until(() => isAsked('runs:forecast'), { what: 'the topic' });
    const run = { dag_id: 'forecast', run_id: 'nightly', state: 'failed', kind: 'scheduled' };
    const runs = [{ ...run, started: Date.now() - 9000, ended: Date.now() }];
    service.tell({ type: 'runs', dag_id: 'forecast', runs, more: false });
    await until(() => rowsLike(dags, 'run:').length === 1, { what: 'the run' });
    await click(dags, 'run:forecast/nightly');
    await until(() => taskRuns.view.selection[0] === 'run:forecast/nightly', { what: 'the selected run' });
  });

  it('lose the badge when the file is mended', async () => {
    service.tell({ type: 'dags', dags: [dag], import_errors: [] });
    await until(() => view.views.dags.view.badge === undefined, { what: 'no badge' });
  });
});
