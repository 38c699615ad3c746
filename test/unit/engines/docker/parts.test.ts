import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { outdated } from '../../../../src/engines/docker/containers.ts';
import { createOptions } from '../../../../src/engines/docker/containerPlan.ts';
import { stopOrder } from '../../../../src/engines/docker/down.ts';
import { keptExamples } from '../../../../src/engines/docker/exampleDags.ts';
import type { FoundContainer } from '../../../../src/engines/docker/found.ts';
import { canBeJoined } from '../../../../src/engines/docker/join.ts';
import { labels } from '../../../../src/engines/docker/labels.ts';
import { ownerIn } from '../../../../src/engines/docker/owner.ts';
import { volumesOf } from '../../../../src/engines/docker/resources.ts';
import { secretsWith } from '../../../../src/engines/docker/secrets.ts';
import { together } from '../../../../src/engines/docker/together.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { examplePlan } from './examplePlan.ts';

function container(part: string, more: Partial<FoundContainer> = {}): FoundContainer {
  return {
    id: part,
    name: `airflow-on-mesos-try-${part}`,
    part,
    plan: undefined,
    settings: undefined,
    state: 'running',
    status: 'Up 2 minutes',
    image: 'image',
    imageId: 'sha256:image',
    published: [],
    ...more,
  };
}

const nothing = { name: 'try', containers: [], tasks: [], volumes: [], networks: [], spec: undefined };

describe('the containers of a cluster in Docker', () => {
  it('stop in order: Airflow, agents, the master, the service, the database', () => {
    const parts = ['database', 'service', 'mesos-master', 'agent-1', 'agent-2', 'api-server', 'scheduler'];
    assert.deepEqual(
      stopOrder(parts.map((part) => container(part))).map((group) => group.map(({ part }) => part)),
      [['api-server', 'scheduler'], ['agent-1', 'agent-2'], ['mesos-master'], ['service'], ['database']],
    );
  });

  it('are kept where they are made as they would be made now, and only then', () => {
    const { plans } = examplePlan({ agents: 1 });
    const made = plans.map((plan) =>
      container(plan.part, { plan: createOptions('try', plan).Labels?.[labels.plan] }),
    );
    assert.deepEqual(outdated({ ...nothing, containers: made }, plans), []);
    const changed = made.map((each) => (each.part === 'scheduler' ? { ...each, plan: 'older' } : each));
    const more = [...changed, container('agent-2', { plan: 'of an agent that is not wanted any more' })];
    assert.deepEqual(
      outdated({ ...nothing, containers: more }, plans).map(({ part }) => part),
      ['scheduler', 'agent-2'],
    );
    const dead = made.map((each) => (each.part === 'database' ? { ...each, state: 'dead' as const } : each));
    assert.deepEqual(
      outdated({ ...nothing, containers: dead }, plans).map(({ part }) => part),
      ['database'],
    );
  });

  it('are joined where all are there and the service runs; a half-made cluster is made whole', () => {
    const { plans, spec } = examplePlan();
    const all = plans.map(({ part }) => container(part));
    assert.equal(canBeJoined({ ...nothing, containers: all, spec }), true);
    const one = all.map((each) => (each.part === 'agent-1' ? { ...each, state: 'exited' as const } : each));
    assert.equal(canBeJoined({ ...nothing, containers: one, spec }), true);
    assert.equal(canBeJoined({ ...nothing, containers: all.slice(0, -1), spec }), false);
    const stopped = all.map((each) => ({ ...each, state: 'exited' as const }));
    assert.equal(canBeJoined({ ...nothing, containers: stopped, spec }), false);
    assert.equal(canBeJoined({ ...nothing, containers: all }), false);
    assert.equal(canBeJoined(nothing), false);
  });

  it('need a volume each for what is kept', () => {
    assert.deepEqual(volumesOf(examplePlan({ agents: 1 }).plans).sort(), [
      'agent-1',
      'airflow',
      'database',
      'mesos',
      'state',
    ]);
  });
});

describe('what containers are given', () => {
  it('keeps a secret once it is there, and makes what is missing', async () => {
    const first = await secretsWith(new Map());
    assert.deepEqual(await secretsWith(first.files), first);
    const kept = new Map(first.files);
    kept.delete('admin.token');
    const second = await secretsWith(kept);
    assert.notEqual(second.admin, first.admin);
    assert.equal(second.databasePassword, first.databasePassword);
    assert.match(first.mesosCredentials, /^mesos-airflow \S{43}$/);
    assert.equal(new Set(first.files.values()).size, first.files.size);
  });

  it('belongs to the user that an image names, by number', () => {
    const passwords =
      'root:x:0:0::/:/bin/sh\nairflow:x:50000:0::/home:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n';
    const groups = 'root:x:0:\nstaff:x:50:\n';
    assert.deepEqual(ownerIn(passwords, groups, 'airflow'), { uid: 50_000, gid: 0 });
    assert.deepEqual(ownerIn(passwords, groups, '1000'), { uid: 1000, gid: 1000 });
    assert.deepEqual(ownerIn(passwords, groups, '4711'), { uid: 4711, gid: 0 });
    assert.deepEqual(ownerIn(passwords, groups, 'node', 'staff'), { uid: 1000, gid: 50 });
    assert.deepEqual(ownerIn(passwords, groups, 'node', '0'), { uid: 1000, gid: 0 });
    assert.throws(() => ownerIn(passwords, groups, 'nobody'), /no user nobody/);
    assert.throws(() => ownerIn(passwords, groups, 'node', 'wheel'), /no group wheel/);
  });

  it('are example DAGs from a place that stays, one for each content', async () => {
    const folder = await temporaryFolder('examples');
    try {
      const [from, cache] = [path.join(folder.path, 'dags'), path.join(folder.path, 'cache')];
      await fs.mkdir(path.join(from, 'data', '__pycache__'), { recursive: true });
      await fs.writeFile(path.join(from, 'one.py'), 'one');
      await fs.writeFile(path.join(from, 'data', 'two.csv'), 'two');
      await fs.writeFile(path.join(from, 'data', '__pycache__', 'one.pyc'), 'compiled');
      const kept = await keptExamples(from, cache);
      assert.deepEqual((await fs.readdir(kept, { recursive: true })).sort(), [
        'data',
        'data/two.csv',
        'one.py',
      ]);
      assert.equal(await keptExamples(from, cache), kept);
      await fs.writeFile(path.join(from, 'one.py'), 'another');
      assert.notEqual(await keptExamples(from, cache), kept);
      assert.equal(await fs.readFile(path.join(kept, 'one.py'), 'utf8'), 'one');
    } finally {
      await folder.remove();
    }
  });
});

describe('work that is done together', () => {
  it('is waited for to its end before the first error is thrown', async () => {
    let ended = false;
    const slow = new Promise<void>((resolve) => setImmediate(() => resolve())).then(() => {
      ended = true;
    });
    await assert.rejects(together([Promise.reject(new Error('first')), slow]), /first/);
    assert.equal(ended, true);
    assert.deepEqual(await together([Promise.resolve(1), Promise.resolve(2)]), [1, 2]);
  });
});
