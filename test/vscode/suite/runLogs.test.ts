import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { noonRun } from '../../unit/extension/tree/taskRuns/runs.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { StandIn } from '../support/standIn.ts';
import { atNoon, dagView, running } from '../support/views.ts';

const line = (second: number, text: string): string =>
  `2026-11-23T12:00:0${second}.000Z INFO     task ${text}\n`;

describe('the logs of many task runs, in the editor', () => {
  let view: TestView;
  const service = new FakeService('run-logs');
  const answers = new Answers();
  const picks = new Picks();
  const standIn = new StandIn();
  const key = { dag_id: 'weather', run_id: noonRun };
  const command = (name: string, target: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(`mesosAirflow.${name}`, target);
  /** Those of the scheme that editors show: a closed document may stay for a while. */
  const documents = (): readonly vscode.TextDocument[] =>
    vscode.window.visibleTextEditors
      .map(({ document }) => document)
      .filter(({ uri }) => uri.scheme === 'mesos-run-log');

  before(async () => {
    view = await activated();
    answers.install();
    picks.install();
    await useCluster('run-logs');
    const failed = { state: 'failed', airflow_state: 'failed', ended: atNoon + 5000 } as const;
    service.dags = [dagView('weather')];
    service.snapshot.tasks = [
      running('c', { key: { ...key, task_id: 'load', try_number: 3 }, queued: atNoon + 3000 }),
      running('b', { key: { ...key, task_id: 'load', try_number: 2 }, queued: atNoon + 2000, ...failed }),
      running('a', { key: { ...key, task_id: 'load' }, queued: atNoon + 1000, ...failed }),
      running('r', { key: { ...key, task_id: 'read' }, queued: atNoon, ...failed }),
    ];
    service.logStreams.write('r.1/stdout', line(1, 'one') + line(4, 'four'));
    service.logStreams.write('a.1/stdout', line(2, 'two') + line(3, 'of no use'));
    service.logStreams.write('b.1/stdout', line(5, 'two') + line(6, 'of some use'));
    for (const log of ['r.1', 'a.1', 'b.1'].map((task) => `${task}/stdout`)) service.logStreams.end(log);
    await service.start();
    await until(() => view.model.client && view.model.picture.state, {
      what: 'the cluster',
      limitMs: 30_000,
    });
  });
  afterEach(async () => {
    answers.forget();
    picks.forget();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await standIn.remove();
    answers.remove();
    picks.remove();
    await useCluster(undefined);
    await service.stop();
  });

  it('are one document of a run, by time, that grows, and is followed only while it is shown', async () => {
    await command('showRunLogs', key);
    const bodyOf = (): string[] =>
      documents()
        .flatMap((document) => document.getText().split('\n'))
        .filter((text) => text.includes('│'))
        .map((text) => text.replace(/ +/g, ' ').replace(/2026\S+ INFO task /, ''));
    const expected = [
      'read │ one',
      'load │ two',
      'load │ of no use',
      'read │ four',
      'load · try 2 │ two',
      'load · try 2 │ of some use',
    ];
    await until(() => bodyOf().length === expected.length, { what: 'all lines', limitMs: 30_000 });
    assert.deepEqual(bodyOf(), expected);
    service.logStreams.write('c.1/stdout', line(7, 'seven'));
    await until(() => bodyOf().at(-1) === 'load · try 3 │ seven', { what: 'the new line', limitMs: 30_000 });
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /weather · manual/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => service.logStreams.followed === 0, { what: 'that nothing is read', limitMs: 30_000 });
  });

  it('are of the run that the person picks, where no row says which', async () => {
    picks.pick('weather');
    await command('showRunLogs', undefined);
    await until(() => documents().some((document) => document.getText().includes('seven')), {
      what: 'the run’s logs',
      limitMs: 30_000,
    });
  });

  it('of two tries are compared without their times', async () => {
    picks.pickMany(['try 1', 'try 2']);
    await command('compareTries', { task: 'b' });
    const texts = (): string[] => documents().map((document) => document.getText());
    await until(() => texts().filter((text) => text.includes('use')).length === 2, {
      what: 'both tries',
      limitMs: 30_000,
    });
    assert.deepEqual(texts().sort(), [
      '── times are left out ──\nINFO     task two\nINFO     task of no use',
      '── times are left out ──\nINFO     task two\nINFO     task of some use',
    ]);
    const [tab] = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff);
    assert.equal(tab.label, 'load: try 1 ↔ try 2');
  });

  it('of one try are not compared with nothing', async () => {
    await command('compareTries', { task: 'r' });
    assert.match(answers.shown[0]?.text ?? '', /read of weather has run only once/);
  });

  it('are downloaded by the command line: of a run, or of one task', async () => {
    await standIn.install();
    standIn.plays('logs', { out: { file: '/logs.tar.gz', bytes: 1, tries: [{ lacks: ['away'] }] } });
    picks.file('/somewhere/logs.tar.gz');
    await command('downloadLogs', key);
    assert.match(answers.shown[0]?.text ?? '', /Of 1 try not all could be had/);
    picks.file('/somewhere/else');
    await command('downloadLogs', { task: 'r' });
    const args = (file: string): string[] => ['logs', '--download', file, '--json', '--name', 'run-logs'];
    assert.deepEqual(
      standIn.calls('logs').map((call) => call.args),
      [
        [...args('/somewhere/logs.tar.gz'), '--force', '--', `weather/${noonRun}`],
        [...args('/somewhere/else.tar.gz'), '--', 'r.1'],
      ],
    );
  });
});
