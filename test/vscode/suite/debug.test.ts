import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { until } from '../../support/until.ts';
import { Answers } from '../support/answers.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { StandIn } from '../support/standIn.ts';
import { clusterView, dagView, running, taskRun } from '../support/views.ts';

/** What test/vscode/debugger exports. */
interface PythonDebugger {
  readonly launched: Record<string, unknown>[];
}

describe('debugging, in the editor', () => {
  const service = new FakeService('debugging');
  const commandLine = new StandIn();
  const answers = new Answers();
  const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'dags');
  const file = path.join(folder, 'inspected.py');
  const run = taskRun('r', { key: { dag_id: 'inspected', task_id: 'load' }, state: 'failed', ended: 1 });
  const copy = running('copy', { key: { dag_id: 'inspected', task_id: 'load' } });
  const relay = ['/env/bin/python', '-I', '/kept/relay.py'];
  const killed = (): boolean => service.calls.some((call) => call.path === '/v1/tasks/copy/kill');

  before(async () => {
    fs.writeFileSync(file, 'with DAG("inspected"):\n    pass\n');
    const view = await activated();
    answers.install();
    await commandLine.install();
    service.snapshot.cluster = clusterView({ name: 'debugging', dags_folder: folder });
    service.dags = [dagView('inspected', { fileloc: file })];
    service.snapshot.tasks = [run, copy];
    service.debugCopy = { task: copy, relay };
    await useCluster('debugging');
    await service.start();
    await until(() => view.model.client && view.model.picture.state, {
      what: 'the cluster',
      limitMs: 30_000,
    });
  });
  afterEach(() => {
    answers.forget();
    service.calls.length = 0;
    service.debugger.asked.length = 0;
  });
  after(async () => {
    await vscode.debug.stopDebugging();
    await useCluster(undefined);
    await service.stop();
    await commandLine.remove();
    answers.remove();
    fs.rmSync(file, { force: true });
  });

  it('runs a DAG in the cluster’s Python under the Python debugger, in a scratch Airflow', async () => {
    const extension = vscode.extensions.getExtension<PythonDebugger>('ms-python.debugpy');
    assert.ok(extension, 'the extension that stands in for it is loaded');
    const { launched } = await extension.activate();
    const scratch = {
      ...{ python: '/env/bin/python', module: 'airflow_mesos.dagtest', folder: '/scratch' },
      args: ['/scratch'],
      env: { PYTHONPATH: '/kept/python' },
    };
    commandLine.plays('prepare-debug', { out: scratch });
    await vscode.commands.executeCommand('mesosAirflow.debugDag', { dag_id: 'inspected' });
    const config = await until(() => launched[0], { what: 'the launch', limitMs: 60_000 });
    assert.deepEqual(commandLine.calls('prepare-debug')[0]?.args.slice(1), ['--name', 'debugging']);
    const { type, python, module, args, env, cwd } = config;
    assert.deepEqual(
      { type, python, module, args, env, cwd },
      {
        ...{ type: 'debugpy', python: scratch.python, module: scratch.module, env: scratch.env },
        ...{ args: ['/scratch', file, 'inspected'], cwd: folder },
      },
    );
  });

  it('offers the Python debugger where it is not installed', async () => {
    const { getExtension } = vscode.extensions;
    const without = (id: string): unknown => (id === 'ms-python.debugpy' ? undefined : getExtension(id));
    const replace = (value: unknown): void => {
      Object.defineProperty(vscode.extensions, 'getExtension', { value, configurable: true, writable: true });
    };
    replace(without);
    try {
      await vscode.commands.executeCommand('mesosAirflow.debugDag', { dag_id: 'inspected' });
    } finally {
      replace(getExtension);
    }
    assert.deepEqual(
      answers.shown.map(({ buttons }) => buttons),
      [['Install']],
    );
    assert.match(answers.shown[0]?.text ?? '', /“Python Debugger”, which is not installed/);
  });

  it('attaches to a copy of a task by a session of the service, and ends the copy with itself', async () => {
    const begun: vscode.DebugSession[] = [];
    const ended: string[] = [];
    const listeners = [
      vscode.debug.onDidStartDebugSession((session) => begun.push(session)),
      vscode.debug.onDidTerminateDebugSession(({ name }) => ended.push(name)),
    ];
    try {
      await vscode.commands.executeCommand('mesosAirflow.debugTask', { task: 'r' });
      await until(() => service.debugger.asked.some(({ command }) => command === 'attach'), {
        what: 'the debugger',
        limitMs: 60_000,
      });
      const [address = ''] = service.debugger.sessions;
      const { pathname, searchParams } = new URL(address, 'http://localhost');
      assert.equal(pathname, '/v1/tasks/copy/session');
      assert.equal(searchParams.get('tty'), 'false');
      assert.deepEqual(JSON.parse(searchParams.get('command') ?? ''), relay);
      const attach = service.debugger.asked.find(({ command }) => command === 'attach');
      assert.deepEqual(attach?.args.pathMappings, []);
      assert.deepEqual(service.calls[0], { path: '/v1/tasks/r/debug', body: {} });
      assert.match(begun[0]?.name ?? '', /load/);
      service.debugger.end();
      await until(() => ended.some((name) => name.includes('load')) && killed(), {
        what: 'the end',
        limitMs: 60_000,
      });
      await until(() => !service.debugger.isOpen, { what: 'the end of the session' });
    } finally {
      for (const listener of listeners) listener.dispose();
    }
  });

  it('says why where the copy ends before a debugger came', async () => {
    const task = { ...copy, id: 'dead', state: 'failed' as const, info: 'exit status 78', ended: 1 };
    service.debugCopy = { task, relay };
    await vscode.commands.executeCommand('mesosAirflow.debugTask', { task: 'r' });
    assert.match(answers.shown[0]?.text ?? '', /ended before a debugger could attach.*exit status 78/s);
  });
});
