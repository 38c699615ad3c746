import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TaskRun } from '../../../src/api/people.ts';
import type { ProgressLine } from '../../../src/extension/commandLine/progress.ts';
import type { TestView } from '../../../src/extension/main.ts';
import { connect, findCluster, type Connection } from '../../../src/client/discover.ts';
import { isAlive } from '../../../src/host/processes.ts';
import { OtherFramework } from '../../support/otherFramework.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, click, expand, logShowing, rowsBelow, rowsLike, tabTitles } from '../support/editor.ts';
import { Picks } from '../support/picks.ts';

/** A Python environment may have to be made first. */
const startLimitMs = 400_000;

describe('a real cluster, from the editor', () => {
  let view: TestView;
  const phases: ProgressLine[] = [];
  const inTree = new Set<string>();
  const inStatusBar = new Set<string>();
  const answers = new Answers();
  const picks = new Picks();
  let service: Connection;

  before(async () => {
    view = await activated();
    view.progress.event((line) => phases.push(line));
    view.views.taskRuns.onDidChangeTreeData(() => {
      const starting = view.views.taskRuns.outline.rows.get('starting');
      if (starting) inTree.add(starting.label);
      if (view.statusBar.text) inStatusBar.add(view.statusBar.text);
    });
  });
  after(async () => {
    answers.remove();
    picks.remove();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('asks what to start, having looked what is possible, and shows the phases of the start', async function () {
    this.timeout(startLimitMs);
    const started = vscode.commands.executeCommand('mesosAirflow.start');
    const embedded = await until(
      () => view.engineQuestion.shown?.find(({ detail }) => detail.includes('· Python 3.')),
      { what: 'the question, with what was found', limitMs: 60_000 },
    );
    assert.equal(embedded.engine, 'embedded');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await started;
    const done = phases.flatMap((line) =>
      line.type === 'phase' && line.state === 'done' ? [line.phase] : [],
    );
    for (const phase of ['Check this machine', 'Python environment', 'Mesos agents', 'Airflow']) {
      assert.ok(done.includes(phase), `${phase} was done; done were ${done.join(', ')}`);
    }
    assert.ok(inTree.has('Python environment') || inTree.has('Airflow'), [...inTree].join(', '));
    assert.ok([...inStatusBar].some((text) => text.startsWith('$(sync~spin) Mesos Airflow: ')));
    await until(() => view.statusBar.text?.startsWith('$(check) Mesos Airflow'), { what: 'the status bar' });
  });

  it('shows the agents with what they have', async () => {
    await until(() => rowsBelow(view.views.cluster, 'agents').length === 2, { what: 'two agents' });
    const [first] = rowsBelow(view.views.cluster, 'agents');
    assert.equal(first?.label, 'agent-1');
    assert.match(first.description, /^□□□□ 0 of \d+ cpus · 0 of \d+ GB$/);
  });

  it('shows the task runs of a triggered DAG until they have succeeded', async function () {
    this.timeout(120_000);
    const cluster = await findCluster(view.which.now.name);
    assert.ok(cluster);
    service = await connect(cluster);
    // Its file may have been parsed a moment after the cluster was ready.
    await until(() => service.client.trigger('greeting'), { what: 'the DAG', limitMs: 30_000, everyMs: 500 });
    const tree = view.views.taskRuns;
    await until(() => rowsBelow(tree)[0]?.id === 'dag:greeting', {
      what: 'the DAG that ran',
      limitMs: 30_000,
    });
    await expand(tree, 'dag:greeting');
    const run = await until(() => rowsLike(tree, 'run:greeting/')[0], { what: 'its run' });
    await expand(tree, run.id);
    const group = await until(() => rowsLike(tree, 'tasks:greeting/')[0], {
      what: 'the mapped task',
      limitMs: 60_000,
    });
    await expand(tree, group.id);
    await until(
      () => {
        const tasks = rowsLike(tree, 'instance:greeting/');
        return tasks.length === 3 && tasks.every(({ context }) => context === 'successTaskInstance');
      },
      { what: 'three successful tasks', limitMs: 90_000 },
    );
    assert.deepEqual(
      rowsLike(tree, 'instance:greeting/')
        .map(({ label }) => label)
        .sort(),
      ['cities', 'greet[0]', 'greet[1]'],
    );
    assert.equal(rowsLike(tree, group.id)[0]?.label, 'greet [0..1]');
    await until(() => rowsLike(tree, run.id)[0]?.context === 'successDagRun', { what: 'the end of the run' });
    assert.match(rowsLike(tree, run.id)[0]?.label ?? '', /^manual \d\d:\d\d:\d\d$/);
  });

  it('shows the offers that they were launched from', async () => {
    const tree = view.views.cluster;
    await expand(tree, 'offers');
    const taken = (): string =>
      rowsBelow(tree, 'offers')
        .filter(({ context }) => context === 'acceptedOffer')
        .map(({ description }) => description)
        .join('\n');
    await until(() => /accepted [\d:]+ for cities/.test(taken()), { what: 'the names of their tasks' });
    assert.match(taken(), /for greet\[0\], \[1\]|for greet\[1\]/);
  });

  it('shows the master, and another framework with its task, below the agent too', async function () {
    this.timeout(60_000);
    const tree = view.views.cluster;
    const master = tree.outline.rows.get('master');
    assert.match(master?.description ?? '', /^leading · Mesos [\d.]+ \(dev\) · up (< 1|\d+) min$/);
    const { url } = (await service.client.cluster()).master;
    const other = await OtherFramework.start('spark-shell', url, service.cluster.folder);
    try {
      const row = `framework:${other.id}`;
      await until(() => tree.outline.rows.has(row), { what: 'the framework', limitMs: 20_000 });
      assert.equal(rowsBelow(tree, 'frameworks')[0]?.label, 'airflow (ours)');
      await expand(tree, row);
      await until(() => rowsBelow(tree, row)[0]?.label === 'sleeper', { what: 'its task', limitMs: 20_000 });
      const task = rowsBelow(tree, row)[0];
      assert.match(task?.description ?? '', /^agent-\d · running · 0\.1 cpus, 32 MB$/);
      const agent = rowsBelow(tree, 'agents').find(({ label }) => task?.description.startsWith(label));
      assert.ok(agent);
      await expand(tree, agent.id);
      await until(() => rowsBelow(tree, agent.id)[0]?.description.startsWith('spark-shell · running'), {
        what: 'the task below its agent',
      });
    } finally {
      await other.end();
    }
    await until(() => !tree.outline.rows.has(`framework:${other.id}`), { what: 'its end', limitMs: 20_000 });
  });

  it('shows the DAG with its schedule and its last run, and opens its file where it is defined', async () => {
    const tree = view.views.dags;
    await vscode.commands.executeCommand('mesosAirflow.dags.focus');
    await until(() => tree.outline.rows.has('dag:greeting'), { what: 'the DAG' });
    await until(
      () => (rowsLike(tree, 'dag:greeting')[0]?.description ?? '').startsWith('by hand · last run success, '),
      {
        what: 'how it ran last',
      },
    );
    await expand(tree, 'dag:greeting');
    const run = await until(() => rowsLike(tree, 'run:greeting/')[0], { what: 'its run' });
    assert.match(run.description, /^success · [\d.]+ s$/);
    // Its Python is offered, since a DAG file is in front: left without an answer, that would stand through other tests.
    answers.install();
    answers.next('No');
    try {
      await click(tree, 'dag:greeting');
      const editor = vscode.window.activeTextEditor;
      assert.match(editor?.document.fileName ?? '', /dags\/greeting\.py$/);
      assert.match(editor?.document.lineAt(editor.selection.start.line).text ?? '', /dag|DAG/);
      await until(() => answers.shown.some(({ text }) => text.includes('import airflow')), {
        what: 'the offer of its Python',
      });
    } finally {
      answers.remove();
      answers.forget();
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens the log of a clicked task run, from its sandbox', async () => {
    const row = rowsLike(view.views.taskRuns, 'instance:').find(({ label }) => label === 'greet[1]');
    assert.ok(row);
    await click(view.views.taskRuns, row.id);
    const document = await logShowing(/Grüezi, 東京![\s\S]*── ended: success after [\d.]+ s · [\d:]+ ──$/);
    assert.match(document.lineAt(0).text, /^── agent-\d:.*stdout ──$/);
    assert.match(tabTitles().join(), /^greet\[1\] · try 1 · agent-\d$/);
  });

  it('starts the service again when it is killed', async function () {
    this.timeout(60_000);
    const { runtime } = service.cluster;
    assert.ok(runtime);
    process.kill(runtime.pid, 'SIGKILL');
    service = await until(
      async () => {
        const cluster = await findCluster(view.which.now.name);
        return cluster?.runtime && cluster.runtime.pid !== runtime.pid ? connect(cluster) : undefined;
      },
      { what: 'another service', limitMs: 30_000 },
    );
    await until(
      () =>
        rowsBelow(view.views.cluster)[0]?.id === 'cluster' &&
        rowsLike(view.views.taskRuns, 'instance:').length === 3,
      {
        what: 'the tree as it was',
        limitMs: 30_000,
      },
    );
  });

  it('triggers a DAG that was picked, and runs a task of it again with what depends on it', async function () {
    this.timeout(240_000);
    answers.install();
    picks.install();
    picks.pick('greeting');
    picks.type('{"broken": false, "city": "Zürich"}');
    await vscode.commands.executeCommand('mesosAirflow.triggerDag');
    assert.equal(picks.boxes.at(-1)?.value, '{"broken": false}', 'what the DAG declares');
    const said = answers.shown.at(-1)?.text ?? '';
    assert.match(said, /^greeting runs: manual__/);
    const runId = said.replace('greeting runs: ', '');
    const tries = async (): Promise<TaskRun[]> => service.client.tasks({ dag_id: 'greeting', run_id: runId });
    const succeeded = (count: number): Promise<TaskRun[]> =>
      until(
        async () => {
          const runs = await tries();
          const isDone = runs.length === count && runs.every((one) => one.airflow_state === 'success');
          return isDone ? runs : undefined;
        },
        { what: `${count} successful tries`, limitMs: 90_000, everyMs: 500 },
      );
    const cities = (await succeeded(3)).find(({ key }) => key.task_id === 'cities');
    assert.ok(cities);
    answers.next('Clear');
    await vscode.commands.executeCommand('mesosAirflow.clearTask', `taskRun:${cities.id}`);
    const [question, answer] = answers.shown.slice(-2);
    assert.match(question?.text ?? '', /^Run 3 tasks again: cities with what depends on it\?/);
    assert.equal(answer?.text, '3 tasks of greeting will run again.');
    const numbers = (await succeeded(6)).map(({ key }) => key.try_number);
    assert.deepEqual(numbers.sort(), [1, 1, 1, 2, 2, 2]);
  });

  it('tells of a run that failed, which was triggered here, and shows its log', async function () {
    this.timeout(120_000);
    answers.forget();
    answers.next('Show Log');
    picks.type('{"broken": true}');
    await vscode.commands.executeCommand('mesosAirflow.triggerDag', 'dag:greeting');
    const failure = (): boolean =>
      answers.shown.some(({ text }) => text.startsWith('greeting failed: manual '));
    await until(failure, { what: 'the notification', limitMs: 90_000, everyMs: 500 });
    await logShowing(/no map of the world/, 30_000);
  });

  it('tells a language model what it asks, masked', async () => {
    const ask = async (name: string, input: object): Promise<string> => {
      const options = { input, toolInvocationToken: undefined };
      const { content } = await vscode.lm.invokeTool(`mesosAirflow_${name}`, options);
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    };
    assert.match(
      await ask('clusterStatus', {}),
      /^Cluster \S+ \(embedded\): ready\n[\s\S]*- scheduler: ready/,
    );
    assert.match(
      await ask('taskRuns', { state: 'failed' }),
      /^1 task run, newest first:\n- greeting .* cities, try 1: failed/,
    );
    const log = await ask('taskLog', { dag_id: 'greeting', task_id: 'cities' });
    assert.match(log, /\n\| .*no map of the world/);
  });

  it('collects diagnostics of it, in which none of its secrets stands', async function () {
    this.timeout(90_000);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diagnostics-'));
    try {
      picks.folder(folder);
      answers.next('Choose Folder…');
      await vscode.commands.executeCommand('mesosAirflow.collectDiagnostics');
      const all = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
      const files = all.map((name) => path.join(folder, name)).filter((file) => fs.statSync(file).isFile());
      const text = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
      assert.match(text, /"name": ?"scheduler"/);
      assert.ok(files.some((file) => file.endsWith(path.join('logs', 'scheduler.log'))));
      const { secrets } = service.cluster.folder;
      for (const name of fs.readdirSync(secrets)) {
        const secret = fs.readFileSync(path.join(secrets, name), 'utf8').trim();
        assert.ok(secret !== '' && !text.includes(secret), `${name} stands nowhere`);
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('stops, and leaves neither rows nor a service', async function () {
    this.timeout(60_000);
    await vscode.commands.executeCommand('mesosAirflow.stop');
    await until(() => rowsBelow(view.views.taskRuns).length === 0, { what: 'the empty tree' });
    await until(() => view.statusBar.text === '$(circle-outline) Mesos Airflow: stopped', {
      what: 'the way to start it again',
    });
    const { runtime } = service.cluster;
    assert.ok(runtime);
    assert.equal(await isAlive(runtime), false);
  });
});
