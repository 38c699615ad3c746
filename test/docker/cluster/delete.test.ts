import assert from 'node:assert/strict';
import { buildImage } from '../../../src/docker/build.ts';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { findImage } from '../../../src/docker/image.ts';
import { DockerClusters } from '../../../src/engines/docker/engine.ts';
import { DockerRefused } from '../../../src/engines/docker/errors.ts';
import { labels, resourceName } from '../../../src/engines/docker/labels.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ensureBaseImages } from '../support/baseImages.ts';

const signal = new AbortController().signal;
const watch = { progress: () => undefined, signal };

describe('deleting what is left of clusters in Docker', function () {
  this.timeout(120_000);
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let docker: DockerEngine;
  let engine: DockerClusters;
  let python: string;

  before(async () => {
    home = await temporaryFolder('delete');
    ({ python } = await ensureBaseImages());
    docker = await findDocker({ env: process.env, signal });
    const env = { ...process.env, MESOS_AIRFLOW_HOME: home.path };
    const program = { bundles: '', python: '', locks: '', images: '', exampleDags: '', packageRoot: '' };
    engine = new DockerClusters({ folders: userFolders(env), program, env });
  });

  after(async () => {
    for (const name of ['test-left', 'test-other']) await engine.delete(name, watch);
    await home.remove();
  });

  /** An image as ours are; `from`: another of ours that it is built on. */
  async function built(kind: string, from?: string): Promise<string> {
    const tag = `mesos-airflow/${kind}:test-delete`;
    await buildImage(docker, {
      context: [{ path: 'Dockerfile', content: `FROM ${from ?? python}\nENV ENG_DELETE=${kind}\n` }],
      dockerfile: 'Dockerfile',
      tag,
      args: {},
      labels: { [labels.image]: kind, ...(from === undefined ? {} : { [labels.from]: from }) },
      signal,
    });
    return tag;
  }

  async function container(cluster: string, part: string, image: string): Promise<string> {
    const { id } = await docker.docker.createContainer({
      name: resourceName(cluster, part),
      Image: image,
      Cmd: ['sleep', '600'],
      Labels: { [labels.cluster]: cluster, [labels.part]: part },
    });
    return id;
  }

  it('removes containers, tasks, volumes and networks by label, and images that nobody else uses', async () => {
    const airflow = await built('test-airflow');
    const agent = await built('test-agent', airflow);
    const shared = await built('test-mesos');
    await container('test-left', 'agent-1', agent);
    await container('test-left', 'service', shared);
    await container('test-left', 'task', agent).then((id) => docker.docker.getContainer(id).start());
    await container('test-other', 'service', shared);
    const own = { [labels.cluster]: 'test-left', [labels.part]: 'state' };
    await docker.docker.createVolume({ Name: resourceName('test-left', 'state'), Labels: own });
    await docker.docker.createNetwork({ Name: resourceName('test-left', 'network'), Labels: own });

    const listed = await engine.list(signal);
    assert.equal(listed.find(({ name }) => name === 'test-left')?.state, 'stopped');
    const holdings = await engine.holdings('test-left', signal);
    const goes = holdings?.goes.join('\n') ?? '';
    for (const image of [airflow, agent]) assert.ok(goes.includes(image), goes);
    assert.ok(!goes.includes(shared), goes);
    assert.match(goes, /1 container of tasks/);

    assert.equal(await engine.delete('test-left', watch), true);
    const filters = { label: [`${labels.cluster}=test-left`] };
    assert.deepEqual(await docker.docker.listContainers({ all: true, filters }), []);
    assert.deepEqual((await docker.docker.listVolumes({ filters })).Volumes, []);
    assert.deepEqual(await docker.docker.listNetworks({ filters }), []);
    assert.equal(await findImage(docker, agent), undefined);
    assert.equal(await findImage(docker, airflow), undefined);
    assert.ok(await findImage(docker, shared));

    assert.equal(await engine.delete('test-other', watch), true);
    assert.equal(await findImage(docker, shared), undefined);
  });

  it('says what a container that is none of the cluster’s keeps from going', async () => {
    await container('test-left', 'service', python);
    const volume = resourceName('test-left', 'state');
    await docker.docker.createVolume({
      Name: volume,
      Labels: { [labels.cluster]: 'test-left', [labels.part]: 'state' },
    });
    const other = await docker.docker.createContainer({
      Image: python,
      HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: '/there' }] },
    });
    try {
      await assert.rejects(engine.delete('test-left', watch), (error: unknown) => {
        assert.ok(error instanceof DockerRefused);
        assert.match(error.message, /test-left-state/);
        assert.match(error.why ?? '', /in use/);
        return true;
      });
    } finally {
      await other.remove({ force: true });
    }
    assert.equal(await engine.delete('test-left', watch), true);
    assert.equal(await engine.holdings('test-left', signal), undefined);
  });
});
