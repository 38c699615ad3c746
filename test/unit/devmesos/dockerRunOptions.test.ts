import assert from 'node:assert/strict';
import { RunOptionsError } from '../../../src/devmesos/agent/docker/errors.ts';
import { runOptions, type DockerContainerInfo } from '../../../src/devmesos/agent/docker/runOptions.ts';
import type { CommandInfo, ContainerInfo, TaskInfo } from '../../../src/mesos/types.ts';

type Given = Partial<Omit<DockerContainerInfo, 'docker'>> & {
  docker?: Partial<DockerContainerInfo['docker']>;
};

const sandbox = '/var/lib/mesos/slaves/S0/frameworks/F/executors/a:b/runs/c';

function taskWith(given: Given, command: CommandInfo): TaskInfo {
  return {
    name: 'a',
    task_id: { value: 'a:b' },
    agent_id: { value: 'S0' },
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.001 }, allocation_info: { role: 'eng' } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 100 }, allocation_info: { role: 'eng' } },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 31_002 }] } },
    ],
    command,
    container: { type: 'DOCKER', ...given, docker: { image: 'x', ...given.docker } } as ContainerInfo,
  };
}

const optionsOf = (given: Given = {}, command: CommandInfo = { value: 'true' }) =>
  runOptions({
    info: taskWith(given, command),
    agentId: 'S0',
    frameworkId: 'F',
    containerId: 'c-1',
    sandbox,
  });

describe('dev agent: what a Docker container is asked for', () => {
  it('has Mesos’ name, limits and environment, and the sandbox, whatever characters its path has', () => {
    const options = optionsOf(
      {},
      { value: 'echo "$X"', environment: { variables: [{ name: 'X', value: 'a=b' }] } },
    );
    assert.deepEqual(
      { ...options, HostConfig: undefined },
      {
        name: 'mesos-c-1',
        Image: 'x',
        Entrypoint: ['/bin/sh'],
        Cmd: ['-c', 'echo "$X"'],
        ExposedPorts: {},
        Env: [
          'X=a=b',
          'MESOS_SANDBOX=/mnt/mesos/sandbox',
          'MESOS_CONTAINER_NAME=mesos-c-1',
          'MESOS_ALLOCATION_ROLE=eng',
        ],
        Labels: {
          'mesos-airflow.agent-id': 'S0',
          'mesos-airflow.framework-id': 'F',
          'mesos-airflow.task-id': 'a:b',
        },
        HostConfig: undefined,
      },
    );
    assert.deepEqual(options.HostConfig, {
      NetworkMode: 'host',
      CpuShares: 2,
      Memory: 100 * 2 ** 20,
      Binds: [],
      Mounts: [{ Type: 'bind', Source: sandbox, Target: '/mnt/mesos/sandbox', ReadOnly: false }],
      PortBindings: {},
    });
  });

  it('leaves command and entrypoint to the image where nothing is asked', () => {
    const { Cmd, Entrypoint } = optionsOf({}, { shell: false });
    assert.deepEqual([Cmd, Entrypoint], [undefined, undefined]);
    assert.deepEqual(optionsOf({}, { shell: false, value: 'a', arguments: ['b'] }).Cmd, ['a', 'b']);
  });

  it('has a volume where it is asked for', () => {
    const { HostConfig } = optionsOf({
      volumes: [
        { container_path: '/in', host_path: '/out', mode: 'RO' },
        { container_path: 'below', host_path: '/other', mode: 'RW' },
        { container_path: '/in:2', host_path: '/out:2', mode: 'RW' },
        { container_path: '/own', host_path: 'a/b', mode: 'RW' },
        {
          container_path: '/named',
          mode: 'RW',
          source: { type: 'DOCKER_VOLUME', docker_volume: { name: 'data', driver: 'local' } },
        },
      ],
    });
    assert.deepEqual(HostConfig?.Binds, [
      '/out:/in:ro',
      '/other:/mnt/mesos/sandbox/below:rw',
      'data:/named:rw',
    ]);
    assert.equal(HostConfig.VolumeDriver, 'local');
    assert.deepEqual(
      (HostConfig.Mounts ?? []).map(({ Source, Target }) => [Source, Target]),
      [
        [sandbox, '/mnt/mesos/sandbox'],
        ['/out:2', '/in:2'],
        [`${sandbox}/a/b`, '/own'],
      ],
    );
  });

  it('takes options of docker run, the last of a kind first, and keeps labels of its own', () => {
    const options = optionsOf({
      docker: {
        parameters: [
          { key: 'env', value: 'A=1' },
          { key: 'env', value: 'A=2' },
          { key: 'label', value: 'mesos-airflow.cluster=here' },
          { key: 'label', value: 'mesos-airflow.agent-id=S1' },
          { key: 'tmpfs', value: '/run:size=1m' },
          { key: 'shm-size', value: '1.5g' },
          { key: 'read-only', value: '' },
          { key: 'init', value: 'false' },
        ],
      },
    });
    assert.ok(options.Env?.includes('A=2') && !options.Env.includes('A=1'));
    assert.equal(options.Labels?.['mesos-airflow.cluster'], 'here');
    assert.equal(options.Labels['mesos-airflow.agent-id'], 'S0');
    assert.deepEqual(options.HostConfig?.Tmpfs, { '/run': 'size=1m' });
    assert.equal(options.HostConfig.ShmSize, 1.5 * 2 ** 30);
    assert.deepEqual([options.HostConfig.ReadonlyRootfs, options.HostConfig.Init], [true, false]);
  });

  const refused: [what: string, given: Given, command: CommandInfo, words: RegExp][] = [
    ['a shell without a command', {}, {}, /: Shell specified but no command value provided$/],
    ['USER without a network', { docker: { network: 'USER' } }, { value: 'x' }, /: No network info found/],
    [
      'USER with two networks',
      { docker: { network: 'USER' }, network_infos: [{ name: 'a' }, { name: 'b' }] },
      { value: 'x' },
      /: Only a single network can be defined in Docker run$/,
    ],
    [
      'a network without a name',
      { docker: { network: 'USER' }, network_infos: [{}] },
      { value: 'x' },
      /: No network name found in network info$/,
    ],
    [
      'a name of its own on the host’s network',
      { hostname: 'h' },
      { value: 'x' },
      /: Unable to set hostname with host/,
    ],
    [
      'ports on the host’s network',
      { docker: { port_mappings: [{ host_port: 31_000, container_port: 1 }] } },
      { value: 'x' },
      /: Port mappings are only supported for bridge and user-defined networks$/,
    ],
    [
      'a port that it does not have',
      { docker: { network: 'BRIDGE', port_mappings: [{ host_port: 80, container_port: 80 }] } },
      { value: 'x' },
      /: Port \[80\] not included in resources$/,
    ],
    [
      'a volume that is relative on both sides',
      { volumes: [{ container_path: 'a', host_path: 'b', mode: 'RW' }] },
      { value: 'x' },
      /: Both host_path 'b' and container_path 'a' of a volume are relative$/,
    ],
    [
      'a volume outside the sandbox',
      { volumes: [{ container_path: '/a', host_path: '../b', mode: 'RW' }] },
      { value: 'x' },
      /leads out of the sandbox$/,
    ],
    [
      'a volume of nothing',
      { volumes: [{ container_path: '/a', mode: 'RW' }] },
      { value: 'x' },
      /: Host path or volume source is required$/,
    ],
    ['privileges', { docker: { privileged: true } }, { value: 'x' }, /runs nothing privileged$/],
    [
      'an option that is not known',
      { docker: { parameters: [{ key: 'constructor', value: 'x' }] } },
      { value: 'x' },
      /the parameter 'constructor' is not supported/,
    ],
    [
      'an amount that is none',
      { docker: { parameters: [{ key: 'memory', value: 'much' }] } },
      { value: 'x' },
      /--memory is an amount such as 512m, not 'much'$/,
    ],
  ];
  for (const [what, given, command, words] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => optionsOf(given, command),
        (error) => {
          assert.ok(error instanceof RunOptionsError);
          assert.match(error.message, /^Failed to create docker run options: /);
          assert.match(error.message, words);
          return true;
        },
      );
    });
  }
});
