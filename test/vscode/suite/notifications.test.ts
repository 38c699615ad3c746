import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DagRunView } from '../../../src/api/people.ts';
import { runTopic } from '../../../src/api/topics.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, logShowing, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { running } from '../support/views.ts';

const run_id = 'manual__2026-11-23T12:00:00+00:00';

describe('notifications', () => {
  const service = new FakeService('notices');
  const answers = new Answers();
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('mesosAirflow');
  const shown = (): string[] =>
    answers.shown.map(({ text }) => text).filter((text) => text.includes('failed'));

  before(async () => {
    const view = await activated();
    service.dags = [
      {
        ...{ dag_id: 'etl', fileloc: '/work/dags/etl.py', paused: false, schedule: null },
        has_import_errors: false,
        last_run: null,
      },
    ];
    await service.start();
    await useCluster('notices');
    await until(() => view.statusBar.text?.includes('idle'), { what: 'the connection' });
    answers.install();
  });
  after(async () => {
    answers.remove();
    await service.stop();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await settings().update('notifications', undefined, vscode.ConfigurationTarget.Global);
    await useCluster(undefined);
  });
  beforeEach(() => answers.forget());

  const follows = (): boolean =>
    (service.subscriptions.at(-1) ?? '').split(',').includes(runTopic('etl', run_id));
  const fail = (): void => {
    const task = running('n1', {
      key: { dag_id: 'etl', run_id, task_id: 'extract' },
      state: 'finished',
      ended: Date.now(),
    });
    service.snapshot.tasks = [task];
    service.logs.set('n1', 'it broke here\n');
    const instance = {
      task_id: 'extract',
      map_index: -1,
      try_number: 1,
      state: 'failed',
      mesos_task_id: null,
    };
    const times = { queued: null, started: Date.now(), ended: Date.now() };
    const run: DagRunView = {
      ...{ dag_id: 'etl', run_id, state: 'failed', started: Date.now(), ended: Date.now() },
      tasks: [{ ...instance, ...times, agent: 'agent-1', waits: null, upstream: [], runs: [task] }],
    };
    service.runs = [run];
    service.tell({ type: 'run', run });
  };
  const trigger = async (): Promise<void> => {
    await vscode.commands.executeCommand('mesosAirflow.triggerDag', 'dag:etl');
    await until(follows, { what: 'the topic of the run' });
  };

  it('tell of a run that was triggered here and failed, with its log one click away', async () => {
    answers.next('Show Log');
    await trigger();
    fail();
    await until(() => shown().length === 1, { what: 'the message', limitMs: 40_000 });
    assert.match(shown()[0] ?? '', /^etl failed: manual /);
    assert.deepEqual(answers.shown.at(-1)?.buttons, ['Show Log', 'Retry', 'Don’t Show Again']);
    await logShowing(/it broke here/);
    await until(() => !follows(), { what: 'that the run is not followed any more' });
  });

  it('can be turned off where they are shown', async () => {
    answers.next('Don’t Show Again');
    await trigger();
    fail();
    await until(() => settings().get('notifications') === 'none', { what: 'the setting', limitMs: 40_000 });
    answers.forget();
    await vscode.commands.executeCommand('mesosAirflow.triggerDag', 'dag:etl');
    await until(() => answers.shown.length === 1, { what: 'that it was triggered' });
    assert.ok(!follows());
  });
});
