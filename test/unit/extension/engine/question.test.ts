import assert from 'node:assert/strict';
import { engineFor, engineSetting } from '../../../../src/extension/engine/choose.ts';
import { firstStartText } from '../../../../src/extension/engine/facts.ts';
import { engineItems } from '../../../../src/extension/engine/items.ts';
import {
  possibilitiesOf,
  stillLooking,
  unknownPossibilities,
  type Examination,
} from '../../../../src/extension/engine/possibility.ts';

const found = (docker: 'ok' | 'failed', python: 'ok' | 'failed' = 'ok'): Examination => ({
  findings: [
    { name: 'System', state: 'ok', detail: 'linux x64' },
    { name: 'Node for the service', state: 'ok', detail: '/usr/bin/node', engine: 'embedded' },
    {
      name: 'Python',
      state: python,
      detail: python === 'ok' ? '3.11.7' : 'none was found',
      engine: 'embedded',
    },
    {
      name: 'Docker',
      state: docker,
      detail:
        docker === 'ok' ? 'Docker Engine 28.5' : 'No Docker Engine answers:\n/var/run/docker.sock is absent',
      ...(docker === 'ok' ? {} : { remedy: 'Start Docker' }),
      engine: 'docker',
    },
  ],
});

describe('what a cluster consists of', () => {
  it('is asked for only where no cluster is there and no setting says', () => {
    assert.equal(engineFor('ask', undefined), 'ask');
    assert.equal(engineFor('auto', undefined), 'auto');
    assert.equal(engineFor('docker', undefined), 'docker');
    assert.equal(engineFor('ask', 'docker'), 'docker');
    assert.equal(engineFor('docker', 'embedded'), 'embedded');
  });

  it('is asked for where the setting is none of ours', () => {
    assert.equal(engineSetting('dokcer'), 'ask');
    assert.equal(engineSetting(undefined), 'ask');
    assert.equal(engineSetting('auto'), 'auto');
  });
});

describe('what is possible here', () => {
  it('is what nothing that it needs keeps from running', () => {
    const { embedded, docker } = possibilitiesOf(found('ok'));
    assert.deepEqual(embedded, { state: 'possible', what: 'Python 3.11.7' });
    assert.deepEqual(docker, { state: 'possible', what: 'Docker Engine 28.5' });
    assert.equal(possibilitiesOf(found('ok', 'failed')).embedded.state, 'impossible');
    assert.equal(possibilitiesOf(found('ok', 'failed')).docker.state, 'possible');
  });

  it('is neither where both need what failed', () => {
    const findings = [{ name: 'Disk', state: 'failed', detail: 'full' } as const];
    const { embedded, docker } = possibilitiesOf({ findings });
    assert.deepEqual([embedded.state, docker.state], ['impossible', 'impossible']);
  });
});

describe('the question', () => {
  it('says at once what each is and costs, and that it looks', () => {
    const items = engineItems(stillLooking);
    assert.deepEqual(
      items.map(({ engine, impossible }) => [engine, impossible]),
      [
        ['embedded', false],
        ['docker', false],
      ],
    );
    for (const { engine, description } of items)
      assert.equal(description, `${firstStartText(engine)} the first time`);
    assert.match(items[1]?.detail ?? '', /looking/);
  });

  it('says which Docker answers, or why none does', () => {
    const [, possible] = engineItems(possibilitiesOf(found('ok')));
    assert.match(possible?.detail ?? '', / · Docker Engine 28\.5$/);
    const [, impossible] = engineItems(possibilitiesOf(found('failed')));
    assert.equal(impossible?.impossible, true);
    assert.match(impossible.description, /^not possible here/);
    assert.equal(
      impossible.detail,
      '$(circle-slash) No Docker Engine answers: /var/run/docker.sock is absent',
    );
  });

  it('keeps nobody from trying where this machine could not be examined', () => {
    for (const { impossible, detail } of engineItems(unknownPossibilities('doctor did not answer'))) {
      assert.equal(impossible, false);
      assert.match(detail, /doctor did not answer$/);
    }
  });
});
