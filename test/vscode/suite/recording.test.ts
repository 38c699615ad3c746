import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { listClusters } from '../../../src/client/discover.ts';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { activated, rowsBelow, rowsLike } from '../support/editor.ts';

/** A minute and a half after the fixture begins: both of its runs go on. */
const inTheMiddleMs = 105_000;

describe('a recording, in the editor', function () {
  this.timeout(60_000);
  let view: TestView;
  let file: vscode.Uri;
  let cluster: string;

  const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(`mesosAirflow.${command}`, ...args);
  const recording = () => view.recordings.now;

  before(async () => {
    view = await activated();
    cluster = view.model.name;
    const root = vscode.extensions.getExtension('mesos-airflow.mesos-airflow')?.extensionPath ?? '';
    file = vscode.Uri.file(path.join(root, 'test/fixtures/recordings/weather.mesos-airflow.jsonl.gz'));
  });
  after(async () => {
    view.views.taskRunsView.set({ grouping: 'dag' });
    await view.recordings.close();
  });

  it('is shown in place of the cluster, standing at its beginning', async () => {
    await run('openRecording', file);
    await until(() => recording()?.paused, { what: 'the recording', limitMs: 20_000 });
    const { from, at } = recording()!;
    assert.ok(at - from < 1000, `${at - from} ms behind its beginning`);
    assert.match(
      view.statusBar.text ?? '',
      /^\$\(history\) Mesos Airflow: recording · \d\d:\d\d:\d\d · paused$/,
    );
    await run('cluster.focus');
    await until(() => rowsBelow(view.views.cluster).length > 0, { what: 'rows of the cluster' });
    assert.equal(rowsLike(view.views.taskRuns, 'taskRun:').length, 0);
  });

  it('shows the task runs and agents of another time, and of one before that', async () => {
    await run('taskRuns.focus');
    view.views.taskRunsView.set({ grouping: 'flat' });
    await view.recordings.control({ at: recording()!.from + inTheMiddleMs });
    await until(() => rowsLike(view.views.taskRuns, 'taskRun:').length > 3, { what: 'task runs' });
    await view.recordings.control({ at: 0 });
    await until(() => rowsLike(view.views.taskRuns, 'taskRun:').length === 0, { what: 'no task runs' });
    await view.recordings.control({ at: recording()!.from + inTheMiddleMs });
    view.views.taskRunsView.set({ grouping: 'dag' });
    const dags = await until(
      () => {
        const rows = rowsLike(view.views.taskRuns, 'dag:').map(({ label }) => label);
        return rows.length === 2 ? rows : undefined;
      },
      { what: 'both DAGs' },
    );
    assert.deepEqual(dags.sort(), ['flaky_branch', 'weather_report']);
  });

  it('goes on, by steps, and faster', async () => {
    await view.recordings.control({ at: recording()!.from + inTheMiddleMs });
    await run('stepBackInRecording');
    await until(() => recording()!.at === recording()!.from + inTheMiddleMs - 10_000, {
      what: 'a step back',
    });
    await run('stepForwardInRecording');
    await until(() => recording()!.at === recording()!.from + inTheMiddleMs, { what: 'a step forward' });
    await view.recordings.control({ speed: 4 });
    await run('playRecording');
    await until(() => recording()!.at > recording()!.from + inTheMiddleMs + 4000, {
      what: 'time that goes on',
    });
    assert.match(view.statusBar.text ?? '', /· ×4$/);
    await run('pauseRecording');
    await until(() => recording()!.paused, { what: 'a pause' });
  });

  it('changes nothing, and says so where it is asked to', async () => {
    await assert.rejects(view.model.client!.trigger('weather_report'), /This is a recording/);
    const [task] = await view.model.client!.tasks();
    await assert.rejects(view.model.client!.log(task!.id), /A recording has no logs/);
  });

  it('is closed: the window is about its cluster again, and nothing is left', async () => {
    await run('closeRecording');
    assert.equal(view.model.name, cluster);
    await until(() => recording() === undefined, { what: 'the cluster of before' });
    await until(async () => !(await listClusters()).some(({ name }) => name.startsWith('recording-')));
  });

  it('that is none is refused with the reason, and the window stays where it is', async () => {
    const wrong = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'ma-rec-')), 'x.gz');
    fs.writeFileSync(wrong, 'something else\n');
    await assert.rejects(view.recordings.open(wrong), /x\.gz is not a recording of Mesos Airflow/);
    assert.equal(view.model.name, cluster);
    fs.rmSync(path.dirname(wrong), { recursive: true });
  });
});
