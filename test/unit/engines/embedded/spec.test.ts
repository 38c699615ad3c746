import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { embeddedSpec } from '../../../../src/api/cluster.ts';
import {
  agentCount,
  differences,
  makeSpec,
  usedInstallations,
} from '../../../../src/engines/embedded/spec.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { exampleSpec } from './exampleSpec.ts';

const parts = {
  name: 'default',
  settings: {},
  before: undefined,
  ports: { service: 7411, master: 5050, airflow: 8080, agents: [5051, 5052] },
  installation: { root: '/c/i/1', service: '/c/i/1/service.cjs', devmesos: '/c/i/1/devmesos.cjs' },
  node: '/bin/node',
  python: '/c/e/bin/python',
  airflowVersion: '3.3.2',
  dagsFolder: '/home/someone/dags',
  env: { CITY: 'Köln' },
  now: 5000,
};

describe('the spec of a cluster', () => {
  it('is one that the service understands', () => {
    const spec = makeSpec(parts);
    assert.deepEqual(embeddedSpec.parse(JSON.parse(JSON.stringify(spec))), spec);
    assert.deepEqual(
      spec.mesos.agents.map(({ name, cpus, mem }) => [name, cpus, mem]),
      [
        ['agent-1', 4, 4096],
        ['agent-2', 4, 4096],
      ],
    );
  });

  it('keeps what was chosen before where nothing is chosen now', () => {
    const before = makeSpec({ ...parts, settings: { cpus: 2.5, mem: 1024 } });
    const again = makeSpec({ ...parts, before, now: 9000 });
    assert.deepEqual(
      again.mesos.agents.map(({ cpus, mem }) => [cpus, mem]),
      [
        [2.5, 1024],
        [2.5, 1024],
      ],
    );
    assert.equal(again.airflow.deployment, before.airflow.deployment);
    assert.equal(again.created, 5000);
    assert.equal(agentCount({}, exampleSpec({ agents: 3 })), 3);
    assert.equal(agentCount({ agents: 1 }, exampleSpec({ agents: 3 })), 1);
  });

  it('is compared with what a second `up` asks for: each difference is named', () => {
    const running = exampleSpec();
    assert.deepEqual(
      differences({ agents: 2, cpus: 4, mem: 4096, dagsFolder: '/home/someone/dags' }, running),
      [],
    );
    assert.deepEqual(differences({}, running), []);
    const told = differences({ agents: 5, dagsFolder: '/elsewhere' }, running);
    assert.equal(told.length, 2);
    assert.ok(told[0]?.includes('--agents 5') && told[0].includes('2'));
    assert.ok(told[1]?.includes('/elsewhere') && told[1].includes('/home/someone/dags'));
  });

  it('tells which installation is in use, even one of another version', async () => {
    const folder = await temporaryFolder('spec');
    try {
      const file = path.join(folder.path, 'cluster.json');
      await fs.writeFile(
        file,
        JSON.stringify({ format: 99, service: { program: '/c/installations/z/service.cjs' } }),
      );
      const used = await usedInstallations([file, path.join(folder.path, 'none.json')]);
      assert.deepEqual([...used], ['/c/installations/z']);
    } finally {
      await folder.remove();
    }
  });
});
