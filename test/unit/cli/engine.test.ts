import assert from 'node:assert/strict';
import { allClusters } from '../../../src/cli/allClusters.ts';
import { askDocker, engineForUp, engineOf, type EngineChoice } from '../../../src/cli/engine.ts';
import type { CommandError } from '../../../src/cli/errors.ts';
import { exitCodeOf } from '../../../src/cli/errors.ts';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import { DockerUnavailable } from '../../../src/docker/errors.ts';
import { writeSpec } from '../../../src/engines/embedded/spec.ts';
import { clusterFolder } from '../../../src/host/folders.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { exampleSpec } from '../engines/embedded/exampleSpec.ts';
import { contextDouble, engineDouble, listed } from './contextDouble.ts';
import { writeDockerSpec } from './dockerSpec.ts';

const noDocker = new DockerUnavailable('Docker was not found', [
  { name: 'Docker Engine', address: 'unix:///none', reason: 'absent', why: 'nothing is there' },
]);
const brokenDocker = new DockerUnavailable('Docker may not be used by this user', [
  { name: 'Docker Engine', address: 'unix:///none', reason: 'denied', why: 'permission denied' },
]);

function withDocker(...names: string[]) {
  return {
    docker: () =>
      Promise.resolve(engineDouble('docker', () => Promise.resolve(names.map((name) => listed(name))))),
  };
}
const without = (error: Error) => ({
  docker: () => Promise.resolve(engineDouble('docker', () => Promise.reject(error))),
});

function asked(choice: EngineChoice, explicit = true) {
  return { choice, explicit };
}

describe('the engine of a cluster', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (home = await temporaryFolder('engine')));
  afterEach(() => home.remove());

  async function embeddedCluster(): Promise<void> {
    const { folders } = contextDouble({ home: home.path });
    await writeSpec(clusterFolder(folders, 'default'), exampleSpec());
  }

  it('is its own as long as it is there, whatever is the default', async () => {
    await embeddedCluster();
    const context = contextDouble({ home: home.path, engines: without(new Error('not to be asked')) });
    assert.equal((await engineOf(context, 'default')).name, 'embedded');
    assert.equal((await engineForUp(context, 'default', asked('auto'))).engine.name, 'embedded');
    // A variable is for all clusters, and no reason to refuse this one.
    assert.equal((await engineForUp(context, 'default', asked('docker', false))).engine.name, 'embedded');
    await assert.rejects(engineForUp(context, 'default', asked('docker')), (error: CommandError) => {
      assert.equal(error.exitCode, exitCodes.usage);
      assert.match(error.message, /is an embedded one/);
      return true;
    });
  });

  it('is Docker where its folder is lost, but its labels tell of it', async () => {
    const context = contextDouble({ home: home.path, engines: withDocker('box') });
    assert.equal((await engineOf(context, 'box')).name, 'docker');
    assert.equal((await engineForUp(context, 'box', asked('embedded', false))).engine.name, 'docker');
    await assert.rejects(engineForUp(context, 'box', asked('embedded')), /is one in Docker/);
  });

  it('is nobody’s where nobody has it; a Docker that could not be asked is named', async () => {
    for (const [error, why] of [
      [noDocker, undefined],
      [brokenDocker, 'Docker could not be asked: Docker may not be used by this user'],
    ] as const) {
      const context = contextDouble({ home: home.path, engines: without(error) });
      await assert.rejects(engineOf(context, 'box'), (thrown: CommandError) => {
        assert.equal(thrown.exitCode, exitCodes.noCluster);
        assert.equal(thrown.why, why);
        return true;
      });
    }
  });

  it('is for a new cluster what was asked for', async () => {
    const context = contextDouble({ home: home.path, engines: withDocker('other') });
    for (const choice of ['embedded', 'docker'] as const) {
      const { engine, why } = await engineForUp(context, 'new', asked(choice));
      assert.deepEqual([engine.name, why], [choice, undefined]);
    }
  });

  it('is with auto Docker where it answers, else embedded, and says why', async () => {
    const answers = contextDouble({ home: home.path, engines: withDocker() });
    const inDocker = await engineForUp(answers, 'new', asked('auto'));
    assert.equal(inDocker.engine.name, 'docker');
    assert.match(inDocker.why ?? '', /Docker answers/);
    const broken = contextDouble({ home: home.path, engines: without(brokenDocker) });
    const embedded = await engineForUp(broken, 'new', asked('auto'));
    assert.equal(embedded.engine.name, 'embedded');
    assert.match(embedded.why ?? '', /may not be used by this user/);
  });

  it('is with auto embedded where Docker answers and is too small', async () => {
    const docker = {
      ...engineDouble('docker', () => Promise.resolve([])),
      lack: () => Promise.resolve('2 GB only'),
    };
    const context = contextDouble({ home: home.path, engines: { docker: () => Promise.resolve(docker) } });
    const { engine, why } = await engineForUp(context, 'new', asked('auto'));
    assert.deepEqual([engine.name, why], ['embedded', '2 GB only']);
    assert.equal((await engineForUp(context, 'new', asked('docker'))).engine.name, 'docker');
  });
});

describe('Docker, asked for its clusters', () => {
  it('is not waited for where it hangs', async () => {
    const hanging = () => new Promise<never>(() => undefined);
    const context = contextDouble({
      engines: { docker: () => Promise.resolve(engineDouble('docker', hanging)) },
    });
    const answer = await askDocker(context, 50);
    assert.match(answer.problem?.message ?? '', /did not answer/);
    assert.equal(answer.absent, false);
  });

  it('that cannot be loaded is no reason to fail', async () => {
    const context = contextDouble({ engines: { docker: () => Promise.reject(new Error('boom')) } });
    assert.deepEqual((await askDocker(context)).clusters, []);
  });

  it('has an exit status of its own where nothing goes without it', () => {
    assert.equal(exitCodeOf(brokenDocker), exitCodes.docker);
  });
});

describe('the list of clusters', () => {
  it('has those of both engines, by name', async () => {
    const home = await temporaryFolder('list');
    try {
      const context = contextDouble({ home: home.path, engines: withDocker('box', 'abc') });
      await writeSpec(clusterFolder(context.folders, 'default'), exampleSpec());
      const { clusters, docker } = await allClusters(context);
      assert.deepEqual(
        clusters.map(({ name, engine, state }) => [name, engine, state]),
        [
          ['abc', 'docker', 'ready'],
          ['box', 'docker', 'ready'],
          ['default', 'embedded', 'stopped'],
        ],
      );
      assert.equal(docker, undefined);
    } finally {
      await home.remove();
    }
  });

  it('shows a cluster in Docker by its folder where Docker does not answer, with the reason', async () => {
    const home = await temporaryFolder('list');
    try {
      const context = contextDouble({ home: home.path, engines: without(brokenDocker) });
      await writeDockerSpec(context.folders.state, 'box');
      const { clusters, docker } = await allClusters(context);
      assert.deepEqual(
        clusters.map(({ name, engine, state, problem }) => [name, engine, state, problem]),
        [['box', 'docker', 'unreachable', 'Docker may not be used by this user']],
      );
      assert.match(docker ?? '', /may not be used/);
    } finally {
      await home.remove();
    }
  });
});
