import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { runTopic, runsTopic } from '../../../src/api/topics.ts';
import type { TestView } from '../../../src/extension/main.ts';
import { noFilter } from '../../../src/extension/tree/taskRuns/options.ts';
import { until } from '../../support/until.ts';
import { dag, dagRun, instance, noonRun, summary } from '../../unit/extension/tree/taskRuns/runs.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { running } from '../support/views.ts';

interface Binding {
  readonly command: string;
  readonly key: string;
  readonly args: object;
}

/** What a key does inside a view: its command, with what package.json gives it. */
describe('keys inside the views', () => {
  let view: TestView;
  let bindings: readonly Binding[];
  const service = new FakeService('keys');
  const answers = new Answers();
  const picks = new Picks();
  const load = `instance:weather/${noonRun}/load/-1`;

  before(async () => {
    view = await activated();
    const extension = vscode.extensions.getExtension('mesos-airflow.mesos-airflow');
    const { contributes } = extension?.packageJSON as { contributes: { keybindings: readonly Binding[] } };
    bindings = contributes.keybindings;
    view.views.taskRunsView.set({ grouping: 'dag', sort: 'newest', filter: noFilter });
    answers.install();
    picks.install();
    const run = running('r1', { key: { dag_id: 'weather', run_id: noonRun, task_id: 'load' } });
    service.snapshot.tasks = [run];
    service.dags = [dag('weather', 'running')];
    service.page('dags', { type: 'dags', dags: service.dags, import_errors: [] });
    const runs = [summary('weather', 'running')];
    service.page(runsTopic('weather'), { type: 'runs', dag_id: 'weather', runs, more: false });
    const tasks = [instance('load', { state: 'running', mesos_task_id: 'r1.1', runs: [run] })];
    service.page(runTopic('weather', noonRun), { type: 'run', run: dagRun('weather', 'running', tasks) });
    await useCluster('keys');
    await service.start();
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
    await until(() => view.views.taskRuns.outline.rows.has(load), { what: 'the task' });
  });
  after(async () => {
    answers.remove();
    picks.remove();
    await service.stop();
    await useCluster(undefined);
  });
  beforeEach(() => {
    answers.forget();
    picks.forget();
    service.calls.length = 0;
  });

  async function press(key: string, in_: string): Promise<void> {
    const found = bindings.find((one) => one.key === key && JSON.stringify(one.args).includes(`.${in_}"`));
    assert.ok(found, `${key} is bound in ${in_}`);
    await vscode.commands.executeCommand(found.command, found.args);
  }
  async function select(id: string): Promise<void> {
    const tree = view.views.taskRuns;
    await tree.view.reveal(id, { select: true });
    await until(() => tree.selection[0] === id, { what: 'the selection' });
  }

  it('kill the selected task, after asking', async () => {
    await select(load);
    await press('delete', 'taskRuns');
    assert.match(answers.shown[0]?.text ?? '', /^Kill load of weather\?/);
    assert.deepEqual(service.calls, []);
  });

  it('copy what the selected row is called where it comes from', async () => {
    await select(load);
    await press('ctrl+c', 'taskRuns');
    assert.equal(await vscode.env.clipboard.readText(), 'r1.1');
    await select('dag:weather');
    await press('ctrl+c', 'taskRuns');
    assert.equal(await vscode.env.clipboard.readText(), 'weather');
  });

  it('say what there is to retry of the selected run', async () => {
    service.clears = [];
    await select(`run:weather/${noonRun}`);
    await press('ctrl+enter', 'taskRuns');
    assert.match(answers.shown[0]?.text ?? '', /^There is nothing to run again of what failed/);
  });

  it('do nothing where nothing is selected that they could act on', async () => {
    await press('ctrl+enter', 'dags');
    assert.deepEqual([service.calls, picks.pickers, answers.shown], [[], [], []]);
  });
});
