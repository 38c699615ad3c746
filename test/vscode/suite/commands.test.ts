import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { DagView } from '../../../src/api/people.ts';
import { runCommand } from '../../../src/extension/commands/run.ts';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { StandIn } from '../support/standIn.ts';
import { agentView, running, taskRun } from '../support/views.ts';

const dag = (dag_id: string, over: Partial<DagView> = {}): DagView => ({
  ...{ dag_id, fileloc: `/work/dags/${dag_id}.py`, paused: false, schedule: '@daily' },
  ...{ has_import_errors: false, last_run: null, ...over },
});
const run = (id: string, ...args: readonly unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`mesosAirflow.${id}`, ...args);

describe('commands on a cluster', () => {
  let view: TestView;
  const service = new FakeService('commands');
  const answers = new Answers();
  const picks = new Picks();
  const commandLine = new StandIn();

  before(async () => {
    view = await activated();
    await commandLine.install();
    await useCluster('commands');
    answers.install();
    picks.install();
  });
  after(async () => {
    answers.remove();
    picks.remove();
    await service.stop();
    await commandLine.remove();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await useCluster(undefined);
  });
  beforeEach(() => {
    for (const one of [answers, picks, commandLine]) one.forget();
    service.calls.length = 0;
  });

  it('say in a sentence that no cluster runs', async () => {
    for (const id of ['triggerDag', 'killTask', 'clearTask', 'pauseDag', 'unpauseDag', 'explainWait'])
      await run(id);
    for (const id of ['copyId', 'openMesos', 'showTaskLog']) await run(id);
    assert.equal(answers.shown.length, 9);
    for (const { text } of answers.shown) assert.equal(text, 'The cluster “commands” is not running.');
  });

  it('offer to reload the window where an update took what they would load', async () => {
    const gone = Object.assign(new Error("Cannot find module './stop-ABC.cjs'"), {
      code: 'MODULE_NOT_FOUND',
    });
    await runCommand(view, { load: () => Promise.reject(gone) }, undefined);
    assert.deepEqual(answers.shown, [
      {
        text: 'Mesos Airflow was updated while this window was open. Reload the window to go on.',
        buttons: ['Reload Window'],
      },
    ]);
  });

  it('say in a sentence that there is nothing to act on', async () => {
    await service.start();
    await until(() => view.statusBar.text?.startsWith('$(check) Mesos Airflow'), { what: 'the connection' });
    for (const id of ['triggerDag', 'killTask', 'clearTask', 'unpauseDag', 'explainWait', 'copyId'])
      await run(id);
    assert.deepEqual(
      answers.shown.map(({ text }) => text),
      [
        'Airflow has no DAG yet. A new file takes some seconds until it is seen.',
        'No task runs or waits: there is nothing to kill.',
        'No task has ended yet: there is nothing to run again.',
        'No DAG is paused.',
        'No task waits for Mesos.',
        'No task has run on this cluster yet.',
      ],
    );
    assert.deepEqual(service.calls, []);
  });

  describe('that has DAGs and tasks', () => {
    before(() => {
      service.dags = [dag('weather', { paused: true }), dag('etl', { schedule: null })];
      service.snapshot.tasks = [
        running('r1', { key: { dag_id: 'etl', task_id: 'extract' } }),
        taskRun('r2', { key: { dag_id: 'etl', task_id: 'big' }, waits: 'no agent has 8 cpus' }),
        running('r3', {
          key: { dag_id: 'etl', run_id: 'manual__1', task_id: 'load', map_index: 1 },
          state: 'finished',
          airflow_state: 'failed',
          ended: Date.now(),
        }),
      ];
      service.snapshot.agents = [agentView('agent-1')];
    });

    it('trigger at once a DAG that declares no parameters', async () => {
      await run('triggerDag', 'dag:etl');
      assert.deepEqual(service.calls, [{ path: '/v1/dags/etl/runs', body: { conf: {} } }]);
      assert.deepEqual(picks.boxes, []);
    });

    it('begin with the defaults of what a DAG declares', async () => {
      const schema = { type: 'string' };
      service.params.set('etl', [{ name: 'city', value: 'Bern', description: 'Where it is.', schema }]);
      picks.type('{"city": "Chur"}');
      await run('triggerDag', 'dag:etl');
      service.params.clear();
      const [box] = picks.boxes;
      assert.equal(box?.value, '{"city": "Bern"}');
      assert.match(box.prompt, /keeps its default\. city \(string\): Where it is\.$/);
      assert.deepEqual(service.calls, [{ path: '/v1/dags/etl/runs', body: { conf: { city: 'Chur' } } }]);
    });

    it('trigger a DAG that was picked, with parameters, which are offered again', async () => {
      picks.pick('weather');
      picks.type('{city: 1}', '{"city": "Zürich"}');
      await run('triggerDagWithParameters');
      assert.deepEqual(
        picks.pickers[0]?.map(({ label, description }) => [label, description]),
        [
          ['etl', 'no schedule'],
          ['weather', '@daily · paused'],
        ],
      );
      assert.match(picks.boxes[0]?.prompt ?? '', /The DAG is paused: triggering unpauses it\.$/);
      assert.match(picks.refused.join(), /^This is not JSON: /);
      assert.deepEqual(service.calls, [
        { path: '/v1/dags/weather/runs', body: { conf: { city: 'Zürich' } } },
      ]);
      assert.equal(
        answers.shown[0]?.text,
        'weather runs: manual__2026-11-23T12:00:00+00:00 · It is not paused any more: it also runs @daily.',
      );
      await run('triggerDagWithParameters', { dag_id: 'weather' });
      assert.equal(picks.boxes[1]?.value, '{"city": "Zürich"}');
      assert.equal(service.calls.length, 1);
    });

    it('ask before they kill, naming the task, and do nothing without a yes', async () => {
      await run('killTask', 'taskRun:r1');
      assert.match(answers.shown[0]?.text ?? '', /^Kill extract of etl\?[\s\S]*running · agent-1/);
      assert.deepEqual(answers.shown[0]?.buttons, ['Kill']);
      assert.deepEqual(service.calls, []);
      answers.next('Kill');
      picks.pick('extract · try 1');
      await run('killTask');
      assert.deepEqual(
        picks.pickers[0]?.map(({ label }) => label),
        ['extract · try 1', 'big · try 1'],
      );
      assert.deepEqual(service.calls, [{ path: '/v1/tasks/r1/kill', body: undefined }]);
    });

    it('kill of a run, and of an instance of a task, what has not ended', async () => {
      const { dag_id, run_id } = taskRun('r1', { key: { dag_id: 'etl' } }).key;
      await run('killTask', { dag_id, run_id });
      assert.deepEqual(
        picks.pickers[0]?.map(({ label }) => label),
        ['extract · try 1', 'big · try 1'],
      );
      await run('killTask', { dag_id, run_id, task_id: 'extract', map_index: -1 });
      assert.match(answers.shown[0]?.text ?? '', /^Kill extract of etl\?/);
      await run('killTask', { dag_id, run_id: 'manual__1', task_id: 'load', map_index: 1 });
      assert.equal(answers.shown[1]?.text, 'load[1] of etl has ended already: failed.');
      await run('killTask', { dag_id, run_id, task_id: 'never', map_index: -1 });
      assert.equal(answers.shown[2]?.text, 'never of etl has not been on Mesos yet.');
    });

    it('do not kill what has ended', async () => {
      await run('killTask', 'taskRun:r3');
      assert.deepEqual(
        answers.shown.map(({ text }) => text),
        ['load[1] of etl has ended already: failed.'],
      );
    });

    it('ask before they clear, with the count of what goes with it', async () => {
      service.clears = [
        { task_id: 'load', map_index: 1, state: 'failed' },
        { task_id: 'report', map_index: -1, state: 'upstream_failed' },
      ];
      const of = { path: '/v1/dags/etl/runs/manual__1/clear' };
      const tasks = [{ task_id: 'load', map_index: 1 }];
      await run('clearTask', 'taskRun:r3');
      assert.match(answers.shown[0]?.text ?? '', /^Run 2 tasks again: load\[1\] with what depends on it\?/);
      assert.match(answers.shown[0]?.text ?? '', /report \(failed upstream\)$/);
      assert.deepEqual(service.calls, [{ ...of, body: { tasks, dry_run: true } }]);
      answers.next('Retry');
      await run('retry', 'taskRun:r3');
      assert.deepEqual(service.calls.slice(2), [{ ...of, body: { tasks } }]);
      assert.equal(answers.shown.at(-1)?.text, '2 tasks of etl will run again.');
    });

    it('retry of a whole run only what failed, and say where that is nothing', async () => {
      service.clears = [];
      await run('retry', 'run:etl/manual__1');
      assert.deepEqual(service.calls[0]?.body, { only_failed: true, dry_run: true });
      assert.equal(
        answers.shown[0]?.text,
        'There is nothing to run again of what failed of manual__1 of etl.',
      );
      assert.equal(service.calls.length, 1);
    });

    it('pause and unpause what is not, or is, paused', async () => {
      picks.pick('etl');
      await run('pauseDag');
      picks.pick('weather');
      await run('unpauseDag');
      assert.deepEqual(
        picks.pickers.map((items) => items.map(({ label }) => label)),
        [['etl'], ['weather']],
      );
      assert.deepEqual(service.calls, [
        { path: '/v1/dags/etl/pause', body: { paused: true } },
        { path: '/v1/dags/weather/pause', body: { paused: false } },
      ]);
    });

    it('explain in a document why a task waits', async () => {
      picks.pick('big · try 1');
      await run('explainWait');
      const document = vscode.window.activeTextEditor?.document;
      assert.match(document?.getText() ?? '', /^Why big of etl waits\n\n {2}No agent has 8 cpus\.\n/);
      assert.match(document?.getText() ?? '', /agent-1 .*has room for it/);
      await run('explainWait', 'taskRun:r1');
      assert.equal(answers.shown.at(-1)?.text, 'extract of etl does not wait: running.');
    });

    it('forget what was written for a run with all data', async () => {
      const [clusters, caches, images, stays] = [[], [], [], []];
      commandLine.plays('purge', { out: { clusters, caches, images, stays } });
      answers.next('Remove All Data');
      await run('removeAllData');
      await run('triggerDagWithParameters', { dag_id: 'weather' });
      assert.equal(picks.boxes.at(-1)?.value, '');
      answers.forget();
      await run('removeAllData');
      assert.deepEqual(
        answers.shown.map(({ text }) => text),
        ['There is nothing to remove.'],
      );
    });

    it('copy the id that a row has where it comes from', async () => {
      await run('copyId', 'taskRun:r1');
      assert.equal(await vscode.env.clipboard.readText(), 'r1.1');
      await run('copyId', 'run:etl/manual__1');
      assert.equal(await vscode.env.clipboard.readText(), 'manual__1');
      const others = {
        'agent:a-1': 'a-1',
        'framework:f-1': 'f-1',
        'offer:o-1': 'o-1',
        'part:scheduler': 'scheduler',
      };
      for (const [row, id] of Object.entries(others)) {
        await run('copyId', row);
        assert.equal(await vscode.env.clipboard.readText(), id);
      }
      await run('copyId', { mesos_task_id: 'spark.7' });
      assert.equal(await vscode.env.clipboard.readText(), 'spark.7');
      await run('copyId', 'instance:etl/manual__1/load/1');
      assert.equal(await vscode.env.clipboard.readText(), 'r3.1');
      await run('copyId', 'instance:etl/manual__1/never/-1');
      assert.equal(await vscode.env.clipboard.readText(), 'never');
    });
  });

  it('remove all data after they have said what', async () => {
    const cluster = {
      name: 'commands',
      engine: 'embedded',
      state: 'ready',
      goes: ['/state/commands (4 MB):'],
    };
    const caches = [{ path: '/cache/environments', what: 'Python environments', bytes: 2 ** 28 }];
    commandLine.plays('purge', {
      out: { clusters: [cluster], caches, images: [], stays: ['Your DAG files stay.'] },
    });
    await run('removeAllData');
    assert.match(
      answers.shown[0]?.text ?? '',
      /^Remove all data[\s\S]*commands \(embedded, ready\)[\s\S]*environments \(256 MB\)[\s\S]*DAG files stay/,
    );
    assert.deepEqual(
      commandLine.calls('purge').map(({ args }) => args.slice(1)),
      [['--dry-run', '--json']],
    );
    answers.next('Remove All Data');
    await run('removeAllData');
    assert.deepEqual(commandLine.calls('purge').at(-1)?.args.slice(1), ['--yes', '--progress', 'json']);
    assert.match(answers.shown.at(-1)?.text ?? '', /^All data of Mesos Airflow is gone/);
  });

  it('show what this machine lacks, by the command line', async () => {
    const remedy = 'Start Docker.';
    const findings = [
      { name: 'Docker', state: 'failed', detail: 'No Docker Engine answers', remedy, engine: 'docker' },
    ];
    commandLine.plays('doctor', { out: { ok: true, findings } });
    await run('checkPrerequisites');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /✓ Embedded: can be started\n {2}✗ Docker: cannot be started here yet/);
    assert.match(text, /✗ Docker {2}No Docker Engine answers\n +→ Start Docker\./);
  });

  it('collect diagnostics, masked, after saying what', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diagnostics-'));
    commandLine.plays('doctor', { out: { ok: true } });
    commandLine.plays('status', { out: 'password=hunter2' });
    picks.folder(folder);
    answers.next('Choose Folder…');
    try {
      await run('collectDiagnostics');
      assert.match(answers.shown[0]?.text ?? '', /sent nowhere[\s\S]*status\.json/);
      const [made = ''] = fs.readdirSync(folder);
      assert.match(made, /^mesos-airflow-commands-2/);
      const read = (name: string): string => fs.readFileSync(path.join(folder, made, name), 'utf8');
      assert.equal(read('doctor.json'), '{"ok":true}\n');
      assert.equal(read('status.json'), 'password=‹masked›\n');
      assert.match(read('versions.txt'), /Mesos Airflow: 0\.1\.0/);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
