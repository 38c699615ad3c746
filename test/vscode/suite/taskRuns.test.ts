import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { mostRuns, runTopic, runsTopic } from '../../../src/api/topics.ts';
import type { TestView } from '../../../src/extension/main.ts';
import type { RowTree } from '../../../src/extension/tree/rowTree.ts';
import { noFilter } from '../../../src/extension/tree/taskRuns/options.ts';
import { until } from '../../support/until.ts';
import { dag, dagRun, instance, noonRun, summary } from '../../unit/extension/tree/taskRuns/runs.ts';
import { activated, expand, rowsBelow, rowsLike, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { agentView, atNoon, clusterView, running, taskRun } from '../support/views.ts';

const usual = { grouping: 'dag', sort: 'newest', filter: noFilter } as const;
const run = `run:weather/${noonRun}`;
const topic = runTopic('weather', noonRun);

describe('the view Task Runs, in the editor', () => {
  let view: TestView;
  let tree: RowTree;
  const service = new FakeService('task-runs');
  const picks = new Picks();

  const read = instance('read', { state: 'success', agent: 'agent-1', mesos_task_id: 'r.1' });
  const waiting = instance('load', {
    state: 'queued',
    waits: 'no agent has 8 cpus',
    runs: [taskRun('load', { key: { task_id: 'load' }, waits: 'no agent has 8 cpus' })],
  });

  before(async () => {
    view = await activated();
    tree = view.views.taskRuns;
    view.views.taskRunsView.set(usual);
    picks.install();
    await useCluster('task-runs');
    service.snapshot.agents = [agentView('agent-1')];
    service.page('dags', {
      type: 'dags',
      dags: [dag('old', 'success'), dag('weather', 'running')],
      import_errors: [],
    });
    service.page(runsTopic('weather'), {
      type: 'runs',
      dag_id: 'weather',
      runs: [summary('weather', 'running')],
      more: true,
    });
    service.page(topic, { type: 'run', run: dagRun('weather', 'running', [read, waiting]) });
    await service.start();
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
  });
  after(async () => {
    picks.remove();
    view.views.taskRunsView.set(usual);
    await service.stop();
    await useCluster(undefined);
  });
  beforeEach(() => picks.forget());

  it('opens the running run of a DAG by itself, and asks for nothing that is closed', async () => {
    await until(() => rowsBelow(tree, run).length === 2, { what: 'the tasks of the run' });
    assert.deepEqual(
      rowsBelow(tree).map(({ label }) => label),
      ['weather', 'old'],
    );
    assert.ok(!service.subscriptions.some((topics) => topics.includes(runsTopic('old'))));
    const item = tree.getTreeItem(`instance:weather/${noonRun}/load/-1`);
    assert.equal(item.contextValue, 'waitingTaskInstance');
    assert.equal(item.description, 'waiting: no agent has 8 cpus');
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.deepEqual(item.tooltip.isTrusted, {
      enabledCommands: ['mesosAirflow.showTaskLog', 'mesosAirflow.explainWait'],
    });
  });

  it('draws only what changed, and keeps what is selected and expanded', async () => {
    const fired: (string[] | undefined)[] = [];
    const listener = tree.onDidChangeTreeData((ids) => fired.push(ids));
    try {
      const selected = `instance:weather/${noonRun}/load/-1`;
      await tree.view.reveal(selected, { select: true });
      await until(() => tree.selection[0] === selected, { what: 'the selection' });
      const moved = {
        ...waiting,
        state: 'running',
        waits: null,
        runs: [running('load', { key: { task_id: 'load' } })],
      };
      service.page(topic, { type: 'run', run: dagRun('weather', 'running', [read, moved]) });
      await until(
        () => tree.outline.rows.get(`instance:weather/${noonRun}/load/-1`)?.context === 'runningTaskInstance',
        {
          what: 'the running task',
        },
      );
      assert.deepEqual(fired.flat().sort(), [`instance:weather/${noonRun}/load/-1`, run].sort());
      assert.deepEqual(tree.selection, [selected]);
      assert.ok(tree.open.has(run));
    } finally {
      listener.dispose();
    }
  });

  it('lets a row be expanded that has nothing below it at first: another try', async () => {
    const id = `instance:weather/${noonRun}/load/-1`;
    const key = { task_id: 'load', try_number: 2 };
    const first = running('load', { key: { task_id: 'load' }, state: 'failed', ended: atNoon + 2000 });
    const again = {
      ...waiting,
      state: 'running',
      try_number: 2,
      waits: null,
      runs: [running('load2', { key }), first],
    };
    service.page(topic, { type: 'run', run: dagRun('weather', 'running', [read, again]) });
    await until(() => tree.outline.rows.get(id)?.opens === 'closed', { what: 'the second try' });
    await until(
      async () => {
        await expand(tree, id);
        return rowsBelow(tree, id).length === 2;
      },
      { what: 'both tries' },
    );
    service.page(topic, { type: 'run', run: dagRun('weather', 'running', [read, waiting]) });
    await until(() => tree.outline.rows.get(id)?.opens === 'never', { what: 'the row as it was' });
  });

  it('gives back what a closed row had, and asks for it again when it is opened', async () => {
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
    await tree.view.reveal('dag:weather', { select: true, focus: true });
    await until(() => tree.selection[0] === 'dag:weather', { what: 'the selection' });
    await vscode.commands.executeCommand('list.collapse');
    await until(() => !tree.open.has('dag:weather'), { what: 'the closed DAG' });
    await until(() => !(service.subscriptions.at(-1) ?? '').includes('run'), { what: 'fewer topics' });
    await expand(tree, 'dag:weather');
    await until(() => rowsBelow(tree, run).length === 2, { what: 'the tasks again' });
  });

  it('gives back all when all is collapsed', async () => {
    await vscode.commands.executeCommand('workbench.actions.treeView.mesosAirflow.taskRuns.collapseAll');
    await until(() => tree.open.size === 0, { what: 'no open row' });
    await until(() => !(service.subscriptions.at(-1) ?? '').includes('run'), { what: 'fewer topics' });
    await expand(tree, 'dag:weather');
    await until(() => tree.outline.rows.has(run), { what: 'the run' });
    await expand(tree, run);
    await until(() => rowsBelow(tree, run).length === 2, { what: 'the tasks again' });
  });

  it('keeps its place while it is hidden, and wants nothing then', async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until(() => !tree.view.visible && service.subscriptions.at(-1) === 'cluster', {
      what: 'the hidden view',
    });
    const seen: number[] = [];
    const listener = tree.onDidChangeTreeData(() => seen.push(tree.outline.roots.length));
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
    await until(() => tree.view.visible && (service.subscriptions.at(-1) ?? '').includes(topic), {
      what: 'its topics again',
    });
    listener.dispose();
    assert.ok(
      seen.every((roots) => roots === 2),
      seen.join(),
    );
    assert.equal(rowsBelow(tree, run).length, 2);
  });

  it('loads more runs of a DAG by a click, up to what there can be', async () => {
    const more = (): string | undefined => rowsBelow(tree, 'dag:weather').at(-1)?.id;
    assert.equal(more(), 'more:dag:weather');
    for (const limit of [50, mostRuns]) {
      const { command } = tree.getTreeItem('more:dag:weather');
      await vscode.commands.executeCommand(
        command?.command ?? '',
        ...((command?.arguments ?? []) as unknown[]),
      );
      await until(() => (service.subscriptions.at(-1) ?? '').includes(runsTopic('weather', limit)), {
        what: `${limit} runs`,
      });
    }
    await until(() => more() === 'older:dag:weather', { what: 'the way to Airflow' });
  });

  it('shows 20,000 instances of a mapped task by ranges, without a hang', async function () {
    this.timeout(60_000);
    const many = Array.from({ length: 20_000 }, (_, map_index) =>
      instance('many', { map_index, state: 'success' }),
    );
    service.page(topic, { type: 'run', run: dagRun('weather', 'running', many) });
    const group = `tasks:weather/${noonRun}/many`;
    await until(() => tree.outline.rows.get(group)?.label === 'many [0..19999]', { what: 'the group' });
    const began = performance.now();
    await expand(tree, group);
    await until(() => rowsBelow(tree, group).length === 200, { what: 'the ranges' });
    const range = `range:weather/${noonRun}/many/100`;
    await expand(tree, range);
    await until(() => rowsBelow(tree, range).length === 100, { what: 'a range' });
    assert.equal(tree.outline.rows.get(range)?.label, '[100..199]');
    const ms = performance.now() - began;
    assert.ok(ms < 10_000, `${ms} ms`);
    service.page(topic, { type: 'run', run: dagRun('weather', 'running', [read, waiting]) });
    await until(() => rowsBelow(tree, run).length === 2, { what: 'the run as it was' });
  });

  it('is filtered by name and state, says so, and is cleared', async () => {
    service.tell({ type: 'taskRuns', tasks: [] });
    picks.type('lo*');
    picks.pickMany(['waiting']);
    await vscode.commands.executeCommand('mesosAirflow.filterTaskRuns');
    await until(() => tree.view.description === '“lo*” · waiting', { what: 'the filter’s words' });
    await until(
      () =>
        rowsBelow(tree)
          .map(({ label }) => label)
          .join() === 'weather',
      { what: 'the DAG that has it' },
    );
    assert.deepEqual(
      rowsBelow(tree, run).map(({ label }) => label),
      ['load'],
    );
    await vscode.commands.executeCommand('mesosAirflow.clearTaskRunFilter');
    await until(() => rowsBelow(tree).length === 2, { what: 'all again' });
    assert.equal(tree.view.description, '');
  });

  it('is grouped by agent, or not at all, with older ones by a click', async () => {
    const tasks = Array.from({ length: 500 }, (_, index) =>
      running(`t${index}`, { key: { task_id: `t${index}` }, queued: atNoon - index }),
    );
    service.olderTasks = [taskRun('oldest', { key: { task_id: 'oldest' }, queued: atNoon - 1000 })];
    service.tell({ type: 'taskRuns', tasks });
    picks.pick('By agent');
    await vscode.commands.executeCommand('mesosAirflow.groupTaskRuns');
    await until(() => rowsLike(tree, 'taskRun:').length > 0, { what: 'the task runs of the agent' });
    assert.deepEqual(
      rowsBelow(tree).map(({ id }) => id),
      ['agent:id-of-agent-1'],
    );
    assert.equal(rowsBelow(tree, 'agent:id-of-agent-1').length, 101);
    picks.pick('In one list');
    await vscode.commands.executeCommand('mesosAirflow.groupTaskRuns');
    await until(() => tree.outline.roots.length === 301, { what: '300 task runs and more' });
    const { command } = tree.getTreeItem('more:mesosAirflow.taskRuns');
    await vscode.commands.executeCommand(
      command?.command ?? '',
      ...((command?.arguments ?? []) as unknown[]),
    );
    await until(() => tree.outline.roots.at(-1) === 'taskRun:oldest', { what: 'the oldest' });
    picks.pick('By name');
    await vscode.commands.executeCommand('mesosAirflow.sortTaskRuns');
    await until(() => tree.outline.roots[0] === 'taskRun:oldest', { what: 'the other order' });
    view.views.taskRunsView.set(usual);
  });

  it('counts failures on its badge until it is looked at', async () => {
    const failed = (count: number): void =>
      service.tell({
        type: 'cluster',
        cluster: clusterView({
          name: 'task-runs',
          counts: { waiting: 0, launched: 0, running: 0, failed: count, finished: 0 },
        }),
      });
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until(() => !tree.view.visible, { what: 'the hidden view' });
    failed(2);
    await until(() => tree.view.badge?.value === 2, { what: 'the badge' });
    assert.match(tree.view.badge?.tooltip ?? '', /2 task runs have failed/);
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
    await until(() => tree.view.badge === undefined, { what: 'no badge' });
  });
});
