import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { isEmpty, purge, purgePlan } from '../../../src/cli/purge.ts';
import { purgeLines } from '../../../src/cli/views/purge.ts';
import { DockerUnavailable } from '../../../src/docker/errors.ts';
import { EmbeddedEngine } from '../../../src/engines/embedded/engine.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import type { ProgressEvent } from '../../../src/engines/phases.ts';
import { programFiles } from '../../../src/engines/program.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { contextDouble, engineDouble, listed } from './contextDouble.ts';
import { writeDockerSpec } from './dockerSpec.ts';

describe('purge', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (home = await temporaryFolder('purge')));
  afterEach(() => home.remove());

  const write = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const file = path.join(home.path, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, 'x'.repeat(3 * 2 ** 20));
    }
  };
  const there = async (): Promise<string[]> => {
    const all = await fs.readdir(home.path, { recursive: true, withFileTypes: true });
    return all.map(({ parentPath, name }) => path.relative(home.path, path.join(parentPath, name))).sort();
  };
  const context = (docker: Engine | Error) => {
    const made = contextDouble({
      home: home.path,
      engines: { docker: () => (docker instanceof Error ? Promise.reject(docker) : Promise.resolve(docker)) },
    });
    const { folders, env } = made;
    const embedded = new EmbeddedEngine({ folders, env, program: programFiles(process.argv[1] ?? '') });
    return { ...made, engines: { ...made.engines, embedded: () => Promise.resolve(embedded) } };
  };
  /** A Docker that has one cluster and an image. */
  const dockerDouble = (): { readonly engine: Engine; readonly calls: string[] } => {
    const calls: string[] = [];
    const engine: Engine = {
      ...engineDouble('docker', () => Promise.resolve([listed('box')])),
      holdings: (name, _signal, options) => {
        assert.equal(options?.keepImages, true, 'images are told of once, with all others');
        return Promise.resolve({ goes: [`8 containers of ${name}`], stays: [] });
      },
      leftovers: (gone) => {
        assert.deepEqual([...gone], ['box']);
        return Promise.resolve([{ name: 'mesos-airflow/airflow:1', bytes: 700 * 2 ** 20 }]);
      },
      delete: (name) => {
        calls.push(`delete ${name}`);
        return Promise.resolve(true);
      },
      removeLeftovers: () => {
        calls.push('remove images');
        return Promise.resolve(1);
      },
    };
    return { engine, calls };
  };
  const noDocker = (reason: 'absent' | 'denied'): Error =>
    new DockerUnavailable('No Docker Engine answers', [
      { name: 'Docker Engine', address: '/d.sock', why: 'no', reason },
    ]);

  it('finds nothing where nothing was stored', async () => {
    const plan = await purgePlan(context(noDocker('absent')));
    assert.ok(isEmpty(plan));
    assert.deepEqual(purgeLines(plan)[0], 'There is nothing to remove.');
  });

  it('tells what goes with its size, and removes nothing but what is ours', async () => {
    await write('state/clusters/old/logs/service.log', 'state/note.txt');
    await write(
      'cache/environments/airflow-3-0123456789ab/bin/python',
      'cache/installations/0123456789abcdef/cli.cjs',
      'cache/of another/file',
    );
    const all = context(noDocker('absent'));
    const plan = await purgePlan(all);
    const lines = purgeLines(plan).join('\n');
    assert.match(lines, /the cluster old \(embedded, broken\):\n +\S+clusters\/old \(3 MB\):/);
    assert.match(lines, /cache\/environments \(3 MB\): Python environments with Airflow/);
    assert.match(lines, /What stays:\n {2}Your DAG files stay/);
    assert.doesNotMatch(lines, /another|note/);

    const told: string[] = [];
    const progress = (event: ProgressEvent): void => {
      if (event.type === 'phase') told.push(`${event.phase} ${event.state}`);
    };
    await purge(all, plan, { progress, signal: all.interrupts.signal });
    assert.deepEqual(await there(), [
      'cache',
      'cache/of another',
      'cache/of another/file',
      'state',
      'state/note.txt',
    ]);
    assert.deepEqual(told, ['Caches running', 'Caches done']);
    assert.ok(isEmpty(await purgePlan(all)));
  });

  it('deletes clusters of both engines before the images and folders that they use', async () => {
    await write('cache/example-dags/0123456789abcdef/dag.py');
    const { engine, calls } = dockerDouble();
    const all = context(engine);
    const plan = await purgePlan(all);
    const lines = purgeLines(plan).join('\n');
    assert.match(lines, /the cluster box \(docker, ready\):\n {4}8 containers of box/);
    assert.match(lines, /the image mesos-airflow\/airflow:1 \(700 MB\)/);
    assert.match(lines, /example-dags/);
    await purge(all, plan, { progress: () => undefined, signal: all.interrupts.signal });
    assert.deepEqual(calls, ['delete box', 'remove images']);
    assert.deepEqual(await there(), []);
  });

  it('leaves clusters in Docker that somebody else made, and names them', async () => {
    const { engine } = dockerDouble();
    const theirs = { ...listed('theirs'), made_in: '/home/other/state' };
    const all = context({ ...engine, list: () => Promise.resolve([listed('box'), theirs]) });
    const plan = await purgePlan(all);
    assert.deepEqual(
      plan.clusters.map(({ name }) => name),
      ['box'],
    );
    assert.match(
      purgeLines(plan).join('\n'),
      /What stays:\n {2}In Docker: the cluster theirs, made from \/home\/other\/state\. To delete it: mesos-airflow delete --name theirs/,
    );
  });

  it('leaves what only Docker can remove where that does not answer, and says so', async () => {
    await writeDockerSpec(path.join(home.path, 'state'), 'box');
    await write('cache/example-dags/0123456789abcdef/dag.py', 'cache/tools/uv-0123456789ab/uv');
    const all = context(noDocker('denied'));
    const plan = await purgePlan(all);
    assert.deepEqual(plan.clusters, []);
    assert.match(plan.stays[0] ?? '', /^In Docker, with its containers and images: box\. /);
    await purge(all, plan, { progress: () => undefined, signal: all.interrupts.signal });
    const left = await there();
    assert.ok(left.includes('state/clusters/box/cluster.json'));
    assert.ok(
      left.includes('cache/example-dags/0123456789abcdef/dag.py'),
      'its containers have them mounted',
    );
    assert.ok(!left.includes('cache/tools'));
  });
});
