import assert from 'node:assert/strict';
import { CommandLineError } from '../../../../src/extension/commandLine/errors.ts';
import { remediesFor } from '../../../../src/extension/commandLine/remedies.ts';

const failed = (kind: string): CommandLineError => new CommandLineError({ error: 'It failed', kind });
const newInDocker = { engine: 'docker', isNew: true } as const;

describe('the remedies for a failed start', () => {
  it('are another engine, where Docker is what is missing and nothing is lost by it', () => {
    assert.deepEqual(remediesFor(failed('DockerUnavailable'), newInDocker), ['embedded', 'retry']);
    assert.deepEqual(remediesFor(failed('DockerUnavailable'), { engine: 'docker', isNew: false }), ['retry']);
  });

  it('are the settings, where the same again would fail again', () => {
    assert.equal(remediesFor(failed('ImageNotFound'), newInDocker)[0], 'settings');
    assert.deepEqual(remediesFor(failed('SettingError'), newInDocker), ['settings']);
    const missing = Object.assign(new Error('There is no DAG folder'), { name: 'DagsFolderMissing' });
    assert.deepEqual(remediesFor(missing, newInDocker), ['settings', 'retry']);
  });

  it('are another try, where nobody thought of the cause', () => {
    assert.deepEqual(remediesFor(failed('SomethingElse'), newInDocker), ['retry']);
    assert.deepEqual(remediesFor(new Error('boom'), { engine: 'embedded', isNew: true }), ['retry']);
  });
});
