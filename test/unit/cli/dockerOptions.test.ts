import assert from 'node:assert/strict';
import { Command } from 'commander';
import {
  addDockerOptions,
  dockerSettings,
  givenDockerOptions,
  type ReadOptions,
} from '../../../src/cli/dockerOptions.ts';
import type { CommandError } from '../../../src/cli/errors.ts';
import { exitCodes } from '../../../src/cli/exitCodes.ts';

function read(...args: string[]): ReadOptions {
  const command = addDockerOptions(new Command('up'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
}

describe("Docker's options of `up`", () => {
  it('become its settings', () => {
    const options = read(
      ...[
        '--mesos',
        'apache',
        '--mesos-preset',
        'mini',
        '--mesos-master-image',
        'm',
        '--mesos-agent-image',
        'a',
      ],
      ...[
        '--platform',
        'linux/arm64',
        '--airflow-image',
        'mine:1',
        '--python-image',
        'p',
        '--node-image',
        'n',
      ],
      ...['--database-image', 'd', '--tasks', 'container', '--build-network', 'host', '--keep-on-failure'],
    );
    assert.deepEqual(dockerSettings(options, {}), {
      distribution: 'apache',
      mesosPreset: 'mini',
      masterImage: 'm',
      agentImage: 'a',
      platform: 'linux/arm64',
      airflowImage: 'mine:1',
      pythonImage: 'p',
      nodeImage: 'n',
      databaseImage: 'd',
      tasks: 'container',
      buildNetwork: 'host',
      keepOnFailure: true,
    });
    assert.equal(givenDockerOptions(options).length, 12);
  });

  it('are taken from variables where they are not given, and are then not counted as given', () => {
    const env = {
      MESOS_AIRFLOW_MESOS: 'dev',
      MESOS_AIRFLOW_PYTHON_IMAGE: 'p',
      MESOS_AIRFLOW_TASKS: '',
      MESOS_AIRFLOW_KEEP_ON_FAILURE: '0',
    };
    assert.deepEqual(dockerSettings(read(), env), {
      distribution: 'dev',
      pythonImage: 'p',
      keepOnFailure: false,
    });
    assert.equal(dockerSettings(read('--mesos', 'apache'), env).distribution, 'apache');
    assert.deepEqual(givenDockerOptions(read()), []);
  });

  it('are refused where they have a value that there is not', () => {
    assert.throws(() => read('--mesos', 'other'));
    for (const env of [{ MESOS_AIRFLOW_MESOS: 'other' }, { MESOS_AIRFLOW_KEEP_ON_FAILURE: 'maybe' }]) {
      const [variable = ''] = Object.keys(env);
      assert.throws(
        () => dockerSettings(read(), env),
        (error: CommandError) =>
          error.exitCode === exitCodes.usage &&
          error.message.startsWith(variable) &&
          error.why?.includes('one of'),
      );
    }
  });

  it('can set a default again with an empty text', () => {
    assert.deepEqual(dockerSettings(read('--airflow-image', ''), {}), { airflowImage: '' });
  });
});
