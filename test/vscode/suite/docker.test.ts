import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ProgressLine } from '../../../src/extension/commandLine/progress.ts';
import type { TestView } from '../../../src/extension/main.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { cancellingWith } from '../support/cancelling.ts';
import { activated, click, rowsBelow, rowsLike, tabTitles, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { StandIn } from '../support/standIn.ts';
import { clusterView, partView } from '../support/views.ts';

const doctor = (docker: 'ok' | 'failed'): unknown => ({
  ok: true,
  findings: [
    { name: 'Python', state: 'ok', detail: '3.11.7', engine: 'embedded' },
    {
      name: 'Docker',
      state: docker,
      detail: docker === 'ok' ? 'Docker Engine 28.5' : 'No Docker Engine answers',
      engine: 'docker',
    },
  ],
});
const phase = (name: string, detail: string, state = 'running'): unknown => ({
  ...{ type: 'phase', phase: name, state, detail, elapsed_ms: 1 },
});
const failure = (kind: string, error: string): unknown => ({
  type: 'error',
  error,
  why: null,
  next: null,
  kind,
});

describe('clusters in Docker, in the editor', () => {
  let view: TestView;
  const commandLine = new StandIn();
  const answers = new Answers();
  const said: ProgressLine[] = [];

  before(async () => {
    view = await activated();
    view.progress.event((line) => said.push(line));
    await commandLine.install();
    answers.install();
    await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
  });
  after(async () => {
    answers.remove();
    await commandLine.remove();
    for (const name of ['engine', 'docker.distribution', 'docker.tasks']) await set(name, undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await useCluster(undefined);
  });
  beforeEach(() => {
    commandLine.forget();
    answers.forget();
    said.length = 0;
    commandLine.plays('list', { out: [] });
    commandLine.plays('doctor', { out: doctor('ok') });
    commandLine.plays('up', { out: phase('Airflow', 'ready', 'done') });
  });
  const start = (): Thenable<unknown> => vscode.commands.executeCommand('mesosAirflow.start');
  const engineOf = (call: { args: readonly string[] } | undefined): string | undefined =>
    call?.args[call.args.indexOf('--engine') + 1];
  const shown = (engine: string): string | undefined =>
    view.engineQuestion.shown?.find((item) => item.engine === engine)?.detail;

  describe('the engine question', () => {
    before(() => useCluster('asked'));

    it('says what each costs and whether it is possible, looks again where it was not, and starts what is chosen', async () => {
      commandLine.plays('doctor', { waitMs: 300 }, { out: doctor('failed') });
      const started = start();
      await until(() => shown('docker')?.includes('looking'), { what: 'the question, before its answers' });
      await until(() => shown('docker') === '$(circle-slash) No Docker Engine answers', {
        what: 'why Docker is not possible',
      });
      assert.match(shown('embedded') ?? '', / · Python 3\.11\.7$/);
      commandLine.plays('doctor', { out: doctor('ok') });
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await until(() => shown('docker')?.endsWith('· Docker Engine 28.5'), { what: 'a second look' });
      assert.equal(commandLine.calls('up').length, 0);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await started;
      assert.deepEqual(commandLine.calls('up').map(engineOf), ['docker']);
      assert.equal(view.engineQuestion.shown, undefined);
    });

    it('starts nothing where it is closed', async () => {
      const started = start();
      await until(() => view.engineQuestion.shown, { what: 'the question' });
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await started;
      assert.equal(commandLine.calls('up').length, 0);
      await until(() => view.statusBar.text === undefined, { what: 'an empty status bar' });
    });

    it('is not asked where a setting answers, and Docker’s settings go along', async () => {
      await set('docker.distribution', 'dev');
      await set('engine', 'docker');
      await start();
      await set('engine', 'auto');
      await start();
      await set('engine', undefined);
      const [inDocker, byItself] = commandLine.calls('up');
      assert.equal(engineOf(inDocker), 'docker');
      assert.ok(inDocker?.args.join(' ').includes('--mesos dev'), inDocker?.args.join(' '));
      assert.equal(engineOf(byItself), 'auto');
      assert.deepEqual(byItself?.variables, { MESOS_AIRFLOW_MESOS: 'dev' });
      await set('docker.distribution', undefined);
    });

    it('is not asked for a cluster that Docker’s labels alone tell of', async () => {
      commandLine.plays('doctor', { waitMs: 10_000 });
      commandLine.plays('list', { out: [{ name: 'asked', engine: 'docker', state: 'stopped' }] });
      await start();
      assert.deepEqual(commandLine.calls('up').map(engineOf), ['docker']);
    });
  });

  describe('a start', () => {
    before(async () => {
      await useCluster('started');
      await set('engine', 'docker');
    });

    it('shows long details of builds and pulls shortly', async () => {
      const long = `Step 7/12 : RUN pip install ${'apache-airflow-providers-x '.repeat(20)}· 40 of 132`;
      commandLine.plays('up', { out: phase('Airflow image', long) }, { live: true });
      const cancel = new vscode.CancellationTokenSource();
      const restore = cancellingWith(cancel.token);
      try {
        const started = start();
        const row = await until(
          () => rowsLike(view.views.taskRuns, 'starting').find(({ label }) => label === 'Airflow image'),
          { what: 'the row of the start' },
        );
        assert.match(row.description, /^Step 7\/12 : RUN pip install .*….*· 40 of 132$/);
        assert.ok(row.description.length <= 90, row.description);
        await until(() => view.statusBar.text === '$(sync~spin) Mesos Airflow: Airflow image…', {
          what: 'the status bar',
        });
        cancel.cancel();
        await started;
      } finally {
        cancel.cancel();
        restore();
      }
      const [, interrupted] = commandLine.calls('up');
      assert.equal(interrupted?.interrupted, true);
      assert.deepEqual(answers.shown, [
        {
          text: 'Cancelled: what had been started was ended again. Its logs are kept.',
          buttons: ['Show Logs'],
        },
      ]);
      await until(() => rowsBelow(view.views.taskRuns).length === 0, { what: 'the empty tree' });
    });

    it('offers an embedded cluster where Docker does not run', async () => {
      commandLine.plays('up', { out: failure('DockerUnavailable', 'No Docker Engine answers') }, { exit: 6 });
      answers.next('Start Embedded Instead');
      await start();
      assert.deepEqual(commandLine.calls('up').map(engineOf), ['docker', 'embedded']);
      assert.deepEqual(answers.shown[0], {
        text: 'No Docker Engine answers.',
        buttons: ['Start Embedded Instead', 'Retry', 'Show Log'],
      });
    });

    it('tries again, with the settings of then', async () => {
      commandLine.plays('up', { out: failure('PullStalled', 'Nothing more came') }, { exit: 1 });
      answers.next('Retry');
      await start();
      assert.equal(commandLine.calls('up').length, 2);
    });

    it('gives agents Docker’s socket only where the person said so, and asks once', async () => {
      await set('docker.tasks', 'container');
      await start();
      assert.equal(commandLine.calls('up').length, 0);
      assert.match(
        answers.shown[0]?.text ?? '',
        /Give the agents of “started” the Docker socket\?[^]*as root/,
      );
      answers.next('Allow');
      await start();
      await start();
      assert.equal(answers.shown.filter(({ buttons }) => buttons.includes('Allow')).length, 2);
      const calls = commandLine.calls('up');
      assert.equal(calls.length, 2);
      assert.ok(calls.every(({ args }) => args.join(' ').includes('--tasks container')));
      await set('docker.tasks', undefined);
    });

    it('fails where the real command line finds no Docker, and says so', async () => {
      await commandLine.useReal();
      const before = process.env.DOCKER_HOST;
      process.env.DOCKER_HOST = 'unix:///nowhere/docker.sock';
      try {
        await start();
      } finally {
        if (before === undefined) delete process.env.DOCKER_HOST;
        else process.env.DOCKER_HOST = before;
        await commandLine.install();
      }
      const [error] = answers.shown;
      assert.match(error?.text ?? '', /Docker[^]*\/nowhere\/docker\.sock/);
      assert.deepEqual(error?.buttons, ['Start Embedded Instead', 'Retry', 'Show Log']);
    }).timeout(60_000);
  });

  describe('a living one', () => {
    const service = new FakeService('box', { inContainer: true });
    const container = 'airflow-on-mesos-box-scheduler';

    before(async () => {
      await set('engine', undefined);
      commandLine.plays(
        'watch',
        { out: { type: 'watching', name: 'box', engine: 'docker' } },
        { live: true },
      );
      await useCluster('box');
      const scheduler = partView('scheduler', { container, pid: null, since: Date.now() - 60_000 });
      service.snapshot.cluster = clusterView({
        ...{ name: 'box', engine: 'docker', parts: [scheduler] },
        mesos: { distribution: 'dev', why: 'this is arm64' },
      });
      await service.start();
    });
    after(async () => {
      await service.stop();
      await useCluster(undefined);
    });
    beforeEach(() => {
      commandLine.plays('watch', { live: true });
      commandLine.plays(
        'status',
        { error: { error: 'No Docker Engine answers', kind: 'DockerUnavailable' } },
        { exit: 6 },
      );
    });

    it('says its engine, whose Mesos it has and why, and its containers', async () => {
      await until(() => rowsBelow(view.views.cluster).length > 0, { what: 'the tree' });
      const [cluster] = rowsBelow(view.views.cluster);
      assert.equal(cluster?.description, 'Docker · ready');
      const [, master] = rowsBelow(view.views.cluster);
      assert.equal(master?.description, 'leading · Mesos 1.11.0 (dev)');
      assert.match(master.tooltip ?? '', /this is arm64/);
      assert.deepEqual(
        rowsBelow(view.views.cluster, 'cluster').map(({ description }) => description),
        [`ready · ${container}`],
      );
      await until(() => view.statusBar.text === '$(check) Mesos Airflow · idle', {
        what: 'the status bar',
      });
    });

    it('shows a part that died as the watch tells of it, with its last lines', async () => {
      const incident = {
        type: 'incident',
        part: 'scheduler',
        state: 'exited',
        detail: 'killed: out of memory',
      };
      commandLine.say('watch', { ...incident, lines: ['parsing big.py', 'Killed'], at: Date.now() });
      await until(() => rowsLike(view.views.cluster, 'part:scheduler')[0]?.context === 'exitedPart', {
        what: 'the dead part',
      });
      const item = view.views.cluster.getTreeItem('part:scheduler');
      assert.equal(item.description, 'exited · killed: out of memory');
      assert.ok(item.iconPath instanceof vscode.ThemeIcon);
      assert.equal(item.iconPath.id, 'debug-disconnect');
      assert.ok(item.tooltip instanceof vscode.MarkdownString);
      assert.match(item.tooltip.value, /parsing big\.py\nKilled/);
      commandLine.say('watch', { ...incident, state: 'running', detail: '', lines: [], at: Date.now() });
      await until(() => rowsLike(view.views.cluster, 'part:scheduler')[0]?.context === 'readyPart', {
        what: 'the part’s return',
      });
    });

    it('opens a part’s log, which the command line reads, and ends reading when it is closed', async () => {
      commandLine.plays('logs', { out: 'Zürich parsed' }, { live: true });
      await click(view.views.cluster, 'part:scheduler');
      const document = await until(
        () => {
          const front = vscode.window.activeTextEditor?.document;
          return front?.uri.scheme === 'mesos-part-log' && front.getText().includes('Zürich')
            ? front
            : undefined;
        },
        { what: 'the log' },
      );
      assert.deepEqual(tabTitles(), ['scheduler · box']);
      assert.equal(document.languageId, 'log');
      commandLine.say('logs', 'and then Athína');
      await until(() => document.getText().endsWith('Zürich parsed\nand then Athína'), {
        what: 'what is written',
      });
      const [call] = commandLine.calls('logs');
      assert.deepEqual(call?.args, [
        ...['logs', '--part', 'scheduler', '--lines', '1000', '--follow', '--name', 'box'],
      ]);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until(() => commandLine.calls('logs').some(({ interrupted }) => interrupted), {
        what: 'its end',
      });
    });

    it('says why its service is away, and offers to start it', async () => {
      await service.breakOff();
      await until(
        () => rowsBelow(view.views.taskRuns)[0]?.description.startsWith('No Docker Engine answers'),
        {
          what: 'the reason',
          limitMs: 40_000,
        },
      );
      assert.equal(rowsBelow(view.views.taskRuns)[0]?.click?.command, 'mesosAirflow.start');
      await service.start();
      await until(() => rowsBelow(view.views.cluster)[0]?.id === 'cluster', { what: 'its return' });
    });

    it('is started again as what it is, without a question', async () => {
      await start();
      assert.deepEqual(commandLine.calls('up').map(engineOf), ['docker']);
    });

    it('is restarted', async () => {
      commandLine.plays('down', { out: { type: 'stopped', name: 'box', ran: true } });
      await vscode.commands.executeCommand('mesosAirflow.restart');
      assert.equal(commandLine.calls('down').length, 1);
      assert.equal(commandLine.calls('up').length, 1);
    });

    it('is deleted once the person has read what goes', async () => {
      const holdings = {
        name: 'box',
        engine: 'docker',
        goes: ['9 containers'],
        stays: ['Your DAG files stay.'],
      };
      commandLine.plays('delete', { out: holdings });
      await vscode.commands.executeCommand('mesosAirflow.delete');
      assert.deepEqual(answers.shown, [
        {
          text: 'Delete the cluster “box”?\nThis removes\n9 containers\n\nYour DAG files stay.',
          buttons: ['Delete', 'Delete, Keep Images'],
        },
      ]);
      answers.next('Delete, Keep Images');
      await vscode.commands.executeCommand('mesosAirflow.delete');
      const calls = commandLine.calls('delete').map(({ args }) => args.slice(1).join(' '));
      assert.deepEqual(calls, [
        '--dry-run --json --name box',
        '--dry-run --json --name box',
        '--yes --progress json --name box --keep-images',
      ]);
    });

    it('is watched no more once it was brought down', async () => {
      await service.stop();
      await until(() => commandLine.calls('watch').some(({ interrupted }) => interrupted), {
        what: 'the end of the watch',
      });
    });
  });
});

async function set(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('mesosAirflow');
  await configuration.update(name, value, vscode.ConfigurationTarget.Workspace);
}
