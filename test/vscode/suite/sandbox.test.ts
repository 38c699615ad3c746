import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestView } from '../../../src/extension/main.ts';
import { mostFileBytes } from '../../../src/extension/sandbox/errors.ts';
import { uriPathOf, type Place } from '../../../src/extension/sandbox/place.ts';
import type { Sandboxes } from '../../../src/extension/sandbox/sandboxes.ts';
import { uriOf } from '../../../src/extension/sandbox/uri.ts';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { Picks } from '../support/picks.ts';
import { StandIn } from '../support/standIn.ts';
import { running, taskRun } from '../support/views.ts';

describe('the sandbox of a task run, in the editor', () => {
  let view: TestView;
  let sandboxes: Sandboxes;
  const service = new FakeService('sandboxes');
  const answers = new Answers();
  const picks = new Picks();
  const standIn = new StandIn();
  const root: Place = { cluster: 'sandboxes', task: 'r.1', title: 'load · try 1', path: '' };
  const at = (inside: string): Place => ({ ...root, path: inside });
  const open = (target: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand('mesosAirflow.openSandbox', target);
  const textOf = (inside: string): string | undefined =>
    vscode.workspace.textDocuments
      .find(({ uri }) => uri.toString() === uriOf(at(inside)).toString())
      ?.getText();

  before(async () => {
    view = await activated();
    sandboxes = await view.sandboxes();
    answers.install();
    picks.install();
    await useCluster('sandboxes');
    service.snapshot.tasks = [
      running('r', { key: { task_id: 'load' } }),
      taskRun('w', { key: { task_id: 'wait' }, waits: 'no agent has 8 cpus' }),
    ];
    service.sandboxes.write('r.1', 'stdout', 'one\n');
    service.sandboxes.write('r.1', 'logs/a.log', 'two\n');
    service.sandboxes.write('r.1', 'out.bin', Buffer.from([0, 255, 254, 10, 0]));
    service.sandboxes.write('r.1', 'huge', Buffer.alloc(mostFileBytes + 1, 'x\n'));
    service.logStreams.write('r.1/huge', 'x\n');
    await service.start();
    await until(() => view.model.client && view.model.picture.state, {
      what: 'the cluster',
      limitMs: 30_000,
    });
  });
  afterEach(async () => {
    service.sandboxes.trouble = undefined;
    answers.forget();
    picks.forget();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    for (const sandbox of sandboxes.view?.sandboxes ?? []) await sandboxes.close(sandbox);
    await standIn.remove();
    answers.remove();
    picks.remove();
    await useCluster(undefined);
    await service.stop();
  });

  it('opens in the Explorer, and leaves the workspace as it is', async () => {
    const folders = vscode.workspace.workspaceFolders?.length;
    await open({ task: 'r' });
    const opened = sandboxes.view;
    assert.ok(opened);
    await until(() => opened.rows.get(uriPathOf(at('stdout'))), { what: 'a row of standard output' });
    const names = await opened.getChildren(uriPathOf(root));
    assert.deepEqual(
      names.map((name) => opened.rows.get(name)?.label),
      ['logs', 'huge', 'out.bin', 'stdout'],
    );
    assert.match(opened.rows.get(uriPathOf(root))?.description ?? '', /agent-1 · weather_report · manual/);
    assert.equal(vscode.workspace.workspaceFolders?.length, folders);
    // Again, it is the same one.
    await open({ task: 'r' });
    assert.equal(opened.sandboxes.length, 1);
  });

  it('has its files, also those that are no text, and lets nobody write', async () => {
    assert.deepEqual((await vscode.workspace.fs.readDirectory(uriOf(root))).map(([name]) => name).sort(), [
      'huge',
      'logs',
      'out.bin',
      'stdout',
    ]);
    assert.deepEqual([...(await vscode.workspace.fs.readFile(uriOf(at('out.bin'))))], [0, 255, 254, 10, 0]);
    assert.equal((await vscode.workspace.fs.stat(uriOf(at('logs')))).type, vscode.FileType.Directory);
    await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(uriOf(at('new')), Buffer.from('x'))));
    await assert.rejects(Promise.resolve(vscode.workspace.fs.delete(uriOf(at('stdout')))));
    await assert.rejects(
      Promise.resolve(vscode.workspace.fs.stat(uriOf(at('nothing')))),
      /nothing|FileNotFound/,
    );
  });

  it('is refused where an address leads out of it', async () => {
    const before = service.sandboxes.asked.length;
    for (const inside of ['..\\x', 'a//b', 'a\0b']) {
      await assert.rejects(Promise.resolve(vscode.workspace.fs.readFile(uriOf(at(inside)))), Error, inside);
    }
    assert.deepEqual(service.sandboxes.asked.slice(before), []);
  });

  it('shows what is written to a file that is open, and looks after nothing once all is closed', async () => {
    await vscode.commands.executeCommand('mesosAirflow.openSandboxFile', uriPathOf(at('stdout')));
    await until(() => textOf('stdout') === 'one\n', { what: 'the file’s text' });
    await until(() => sandboxes.fileSystem.watched.size > 0, { what: 'that it is watched' });
    service.sandboxes.write('r.1', 'stdout', 'one\ntwo\n');
    await until(() => textOf('stdout') === 'one\ntwo\n', { what: 'the new line', limitMs: 30_000 });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('mesosAirflow.closeSandbox', uriPathOf(root));
    assert.deepEqual(sandboxes.view?.sandboxes, []);
    await until(() => sandboxes.fileSystem.watched.size === 0, {
      what: 'that nothing is looked after',
      limitMs: 30_000,
    });
  });

  it('shows a file that is too large for an editor as a log', async () => {
    await vscode.commands.executeCommand('mesosAirflow.openSandboxFile', uriPathOf(at('huge')));
    const editor = await until(
      () => {
        const { uri } = vscode.window.activeTextEditor?.document ?? {};
        return uri?.scheme === 'mesos-run-log' ? uri : undefined;
      },
      { what: 'a log', limitMs: 30_000 },
    );
    assert.equal(editor.query, 'task=r.1&file=huge');
    await until(() => vscode.window.activeTextEditor?.document.getText().endsWith('x'), {
      what: 'its end',
      limitMs: 30_000,
    });
    await assert.rejects(Promise.resolve(vscode.workspace.fs.readFile(uriOf(at('huge')))), /20 MB/);
  });

  it('is said to be gone, or out of reach, and why: never shown as an empty folder', async () => {
    await open({ task: 'r' });
    service.sandboxes.trouble = {
      status: 503,
      error: 'The agent agent-1 is not there',
      why: 'it holds the sandbox',
    };
    const opened = sandboxes.view;
    assert.ok(opened);
    const [problem = ''] = await until(
      async () => {
        const rows = await opened.getChildren(uriPathOf(root));
        return opened.rows.get(rows[0] ?? '')?.context === 'sandboxProblem' ? rows : undefined;
      },
      { what: 'the trouble' },
    );
    assert.deepEqual(
      [opened.rows.get(problem)?.label, opened.rows.get(problem)?.description],
      ['The agent agent-1 is not there', 'it holds the sandbox'],
    );
    await assert.rejects(
      Promise.resolve(vscode.workspace.fs.readFile(uriOf(at('stdout')))),
      /agent-1 is not there/,
    );
    service.sandboxes.trouble = undefined;
    service.sandboxes.remove('r.1');
    await open({ task: 'r' });
    assert.match(answers.shown.map(({ text }) => text).join('\n'), /The sandbox of load · try 1 is gone/);
    service.sandboxes.write('r.1', 'stdout', 'one\n');
  });

  it('is not there before the task was on an agent', async () => {
    await open({ task: 'w' });
    assert.match(
      answers.shown.map(({ text }) => text).join('\n'),
      /wait of weather_report has no sandbox yet/,
    );
  });

  it('is downloaded by the command line, and replaces only what the person lets it', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-'));
    await standIn.install();
    standIn.plays('sandbox', { out: { path: `${folder}/stdout`, files: 1, bytes: 4, left_out: [] } });
    picks.folder(folder);
    await vscode.commands.executeCommand('mesosAirflow.downloadFromSandbox', uriPathOf(at('stdout')));
    const get = ['sandbox', 'get', '--to', folder, '--json', '--name', 'sandboxes'];
    assert.deepEqual(
      standIn.calls('sandbox').map(({ args }) => args),
      [[...get, '--', 'r.1', 'stdout']],
    );
    assert.match(answers.shown[0]?.text ?? '', /Downloaded to/);
    standIn.forget();
    const there = { error: `${folder}/stdout is there already`, why: null, next: null, kind: 'AlreadyThere' };
    standIn.plays('sandbox', { error: there }, { exit: 1 });
    picks.folder(folder);
    await vscode.commands.executeCommand('mesosAirflow.downloadFromSandbox', uriPathOf(root));
    // Nobody said “Replace”.
    assert.deepEqual(
      standIn.calls('sandbox').map(({ args }) => args),
      [[...get, '--', 'r.1']],
    );
    fs.rmSync(folder, { recursive: true });
  });
});
