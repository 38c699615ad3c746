import assert from 'node:assert/strict';
import { readSpec } from '../../../../src/engines/docker/found.ts';
import {
  agentsOf,
  differences,
  settingsLabel,
  specLabel,
  withSettingsBefore,
} from '../../../../src/engines/docker/spec.ts';
import { examplePlan } from './examplePlan.ts';

describe('the spec of a cluster in Docker', () => {
  it('keeps what was chosen before, and its identity', () => {
    const { spec: before } = examplePlan({ agents: 3, cpus: 2, mem: 1024 });
    const { spec } = examplePlan({ cpus: 1 }, { before, now: 9000 });
    assert.equal(spec.created, before.created);
    assert.equal(spec.airflow.deployment, before.airflow.deployment);
    assert.deepEqual(
      spec.mesos.agents.map(({ cpus, mem, name }) => [name, cpus, mem]),
      ['agent-1', 'agent-2', 'agent-3'].map((name) => [name, 1, 1024]),
    );
  });

  it('stands in a label without the variables of the person', () => {
    const { spec } = examplePlan();
    const label = specLabel(spec);
    assert.ok(!label.includes('swordfish'));
    assert.deepEqual(readSpec(label), { ...spec, airflow: { ...spec.airflow, env: {} } });
    assert.equal(readSpec('{"format": 2}'), undefined);
    assert.equal(readSpec('nonsense'), undefined);
  });

  it('gives agents as much memory as the Docker Engine has, where nobody says how much', () => {
    const memory = (engineMb: number, agents?: number): number[] =>
      agentsOf(agents === undefined ? {} : { agents }, undefined, engineMb).map(({ mem }) => mem);
    assert.deepEqual(memory(32_768), [4096, 4096]);
    assert.deepEqual(memory(8192), [2816, 2816]);
    assert.deepEqual(memory(8192, 4), [1408, 1408, 1408, 1408]);
    assert.deepEqual(memory(3000), [512, 512]);
  });

  it('keeps settings of images over starts, until others are set or the defaults again', () => {
    const label = settingsLabel({
      airflowImage: 'mine:1',
      tasks: 'container',
      agents: 5,
      keepOnFailure: true,
    });
    assert.deepEqual(withSettingsBefore({}, label), { airflowImage: 'mine:1', tasks: 'container' });
    assert.deepEqual(withSettingsBefore({ airflowImage: 'mine:2', agents: 1 }, label), {
      airflowImage: 'mine:2',
      tasks: 'container',
      agents: 1,
    });
    assert.deepEqual(withSettingsBefore({ airflowImage: '' }, label), { tasks: 'container' });
    assert.deepEqual(withSettingsBefore({}, 'nonsense'), {});
    assert.deepEqual(withSettingsBefore({}, '{"agents": 3, "dagsFolder": "/etc"}'), {});
  });

  it('says what a running cluster has otherwise than asked for', () => {
    const { spec } = examplePlan({ agents: 2 });
    const label = settingsLabel({});
    assert.deepEqual(differences({ agents: 2, distribution: 'auto' }, spec, label), []);
    assert.deepEqual(differences({ agents: 3, distribution: 'apache', airflowImage: 'mine' }, spec, label), [
      '--agents 3 is not applied: the running cluster has 2.',
      '--mesos apache is not applied: the running cluster has dev.',
      '--airflow-image mine is not applied: the running cluster has one that was built for it.',
    ]);
  });
});
