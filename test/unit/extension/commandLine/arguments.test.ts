import assert from 'node:assert/strict';
import path from 'node:path';
import { commandLineProgram, upArguments } from '../../../../src/extension/commandLine/arguments.ts';
import { dagsFolderOf } from '../../../../src/extension/workspaceFolder.ts';

describe('the command line’s arguments', () => {
  it('leave out what the person did not choose', () => {
    const none = { dagsFolder: undefined, agents: undefined, cpus: undefined, mem: undefined };
    assert.deepEqual(upArguments({ name: 'default', ...none }), [
      ...['up', '--engine', 'embedded', '--detach', '--progress', 'json', '--name', 'default'],
    ]);
    assert.deepEqual(
      upArguments({ name: 'a', dagsFolder: '/my dags', agents: 3, cpus: 0.5, mem: 1024 }).slice(6),
      ['--name', 'a', '--dags', '/my dags', '--agents', '3', '--cpus', '0.5', '--mem', '1024'],
    );
  });

  it('are run by the editor as Node, without its own variables', () => {
    const program = commandLineProgram('/ext', undefined, {
      PATH: '/bin',
      VSCODE_IPC_HOOK: 'x',
      ELECTRON_NO_ATTACH_CONSOLE: '1',
      NODE_OPTIONS: '--require=x',
    });
    assert.equal(program.command, process.execPath);
    assert.deepEqual(program.args, [path.join('/ext', 'dist', 'cli.cjs')]);
    assert.deepEqual(program.env, { PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' });
  });

  it('are run by the Node of the setting, which then runs the service too', () => {
    const program = commandLineProgram('/ext', '/opt/node', { PATH: '/bin' });
    assert.equal(program.command, '/opt/node');
    assert.deepEqual(program.env, { PATH: '/bin', MESOS_AIRFLOW_NODE: '/opt/node' });
  });
});

describe('the DAG folder', () => {
  const only =
    (...folders: string[]) =>
    (folder: string) =>
      folders.includes(folder);

  it('is the one of the setting, else dags, else the workspace folder', () => {
    assert.equal(dagsFolderOf('/ws', ' my/dags ', only()), path.resolve('/ws/my/dags'));
    assert.equal(dagsFolderOf('/ws', '/elsewhere', only()), '/elsewhere');
    assert.equal(dagsFolderOf('/ws', '', only('/ws/dags')), path.join('/ws', 'dags'));
    assert.equal(dagsFolderOf('/ws', '', only()), '/ws');
  });

  it('is the command line’s to choose in an empty window, but for an absolute setting', () => {
    assert.equal(dagsFolderOf(undefined, '', only()), undefined);
    assert.equal(dagsFolderOf(undefined, 'dags', only()), undefined);
    assert.equal(dagsFolderOf(undefined, '/elsewhere', only()), '/elsewhere');
  });
});
