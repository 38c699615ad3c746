import assert from 'node:assert/strict';
import path from 'node:path';
import type { Context } from '../../../../src/cli/context.ts';
import { commandTable } from '../../../../src/cli/table.ts';
import {
  commandLineProgram,
  deleteArguments,
  dockerOptions,
  downArguments,
  downUnlessUsedArguments,
  holdingsArguments,
  partLogArguments,
  statusArguments,
  upArguments,
  upVariables,
  watchArguments,
} from '../../../../src/extension/commandLine/arguments.ts';
import { dagsFolderOf } from '../../../../src/extension/start/dagsFolder.ts';
import { terminalDouble } from '../../cli/terminalDouble.ts';

/** What each command of the command line takes. */
function optionsOfCommands(): [string, string[]][] {
  // Nothing is run, so that colours are all that is asked of it.
  const context = { out: terminalDouble(), err: terminalDouble() } as unknown as Context;
  const makers = commandTable.flatMap(({ commands }) => commands);
  return makers.map((make) => {
    const command = make(context);
    return [command.name(), command.options.flatMap(({ long }) => long ?? [])];
  });
}

const none = {
  dagsFolder: undefined,
  agents: undefined,
  cpus: undefined,
  mem: undefined,
  secrets: undefined,
  idleStop: undefined,
};

describe('the command line’s arguments', () => {
  it('leave out what the person did not choose', () => {
    assert.deepEqual(upArguments({ name: 'default', engine: 'embedded', ...none, docker: {} }), [
      ...['up', '--engine', 'embedded', '--detach', '--progress', 'json', '--name', 'default'],
    ]);
    const some = {
      dagsFolder: '/my dags',
      agents: 3,
      cpus: 0.5,
      mem: 1024,
      secrets: undefined,
      idleStop: 90,
    };
    assert.deepEqual(upArguments({ name: 'a', engine: 'auto', ...some, docker: {} }).slice(6), [
      ...['--name', 'a', '--dags', '/my dags', '--agents', '3', '--cpus', '0.5', '--mem', '1024'],
      ...['--idle-stop', '90'],
    ]);
  });

  it('say when an embedded cluster ends itself, or that it never does', () => {
    const choices = { name: 'a', ...none, docker: {}, idleStop: 0 } as const;
    assert.deepEqual(upArguments({ ...choices, engine: 'embedded' }).slice(-2), ['--idle-stop', 'never']);
    assert.ok(!upArguments({ ...choices, engine: 'docker' }).includes('--idle-stop'));
  });

  it('have what was chosen of Docker, unless the cluster is embedded', () => {
    const docker = { distribution: 'dev', buildNetwork: 'host' } as const;
    assert.deepEqual(upArguments({ name: 'a', engine: 'docker', ...none, docker }).slice(8), [
      ...['--mesos', 'dev', '--build-network', 'host'],
    ]);
    for (const engine of ['embedded', 'auto'] as const) {
      assert.deepEqual(upArguments({ name: 'a', engine, ...none, docker }).slice(8), []);
    }
    assert.deepEqual(upVariables({ engine: 'auto', docker }), {
      MESOS_AIRFLOW_MESOS: 'dev',
      MESOS_AIRFLOW_BUILD_NETWORK: 'host',
    });
    assert.deepEqual(upVariables({ engine: 'embedded', docker }), {});
  });

  it('are ones that the command line knows', () => {
    const all = Object.fromEntries(Object.keys(dockerOptions).map((name) => [name, 'x']));
    const given: Record<string, string[]> = {
      up: upArguments({
        ...{
          name: 'a',
          engine: 'docker',
          dagsFolder: '/dags',
          agents: 1,
          cpus: 1,
          mem: 1,
          docker: all,
          secrets: {},
          idleStop: 0,
        },
      }),
      down: [...downArguments('a'), ...downUnlessUsedArguments('a', 20)],
      delete: [...deleteArguments('a', true), ...holdingsArguments('a')],
      watch: watchArguments('a'),
      logs: partLogArguments('a', 'scheduler', 10),
      status: statusArguments('a'),
    };
    const known = new Map(optionsOfCommands());
    for (const [command, args] of Object.entries(given)) {
      const options = known.get(command);
      assert.ok(options, `there is a command ${command}`);
      const unknown = args.filter((arg) => arg.startsWith('--') && !options.includes(arg));
      assert.deepEqual(unknown, [], `${command} knows them`);
    }
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
