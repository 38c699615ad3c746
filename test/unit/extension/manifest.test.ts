import assert from 'node:assert/strict';
import fs from 'node:fs';
import { presetNames } from '../../../src/engines/docker/mesos/presets.ts';
import { distributions } from '../../../src/engines/docker/settings.ts';
import { dockerOptions } from '../../../src/extension/commandLine/arguments.ts';
import { engineSettings } from '../../../src/extension/engine/choose.ts';
import { exitSettings } from '../../../src/extension/exit/choose.ts';
import { engineNames, firstStartText } from '../../../src/extension/engine/facts.ts';

interface Setting {
  readonly enum?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly markdownDescription: string;
  readonly scope?: string;
  readonly order: number;
}
interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: string[] } };
  readonly contributes: {
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
}

const file = new URL('../../../package.json', import.meta.url);
const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;
const { properties } = manifest.contributes.configuration;

describe('the settings of package.json', () => {
  it('have all that becomes an option of up in Docker, and no more', () => {
    const contributed = Object.keys(properties).filter((name) => name.startsWith('mesosAirflow.docker.'));
    const read = Object.keys(dockerOptions).map((name) => `mesosAirflow.docker.${name}`);
    assert.deepEqual(contributed.sort(), read.sort());
  });

  it('offer the values that there are', () => {
    assert.deepEqual(properties['mesosAirflow.engine']?.enum, engineSettings);
    assert.deepEqual(properties['mesosAirflow.onExit']?.enum, exitSettings);
    assert.deepEqual(properties['mesosAirflow.docker.preset']?.enum, ['', ...presetNames]);
    assert.deepEqual(properties['mesosAirflow.docker.distribution']?.enum, ['', ...distributions]);
    for (const [name, setting] of Object.entries(properties)) {
      assert.ok(setting.scope && setting.markdownDescription, name);
      if (setting.enum) assert.equal(setting.markdownEnumDescriptions?.length, setting.enum.length, name);
    }
    assert.equal(
      new Set(Object.values(properties).map(({ order }) => order)).size,
      Object.keys(properties).length,
    );
  });

  it('are restricted in an untrusted workspace where they choose programs, hosts or images', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const harmless = ['agents', 'cpus', 'mem', 'notifications', 'onExit', 'idleStop'].map(
      (name) => `mesosAirflow.${name}`,
    );
    const chosen = Object.keys(properties).filter((name) => !harmless.includes(name));
    assert.deepEqual([...restrictedConfigurations].sort(), chosen.sort());
  });
});

describe('what a first start takes', () => {
  it('is said the same everywhere', () => {
    const [welcome] = manifest.contributes.viewsWelcome;
    const descriptions = properties['mesosAirflow.engine']?.markdownEnumDescriptions ?? [];
    for (const name of engineNames) {
      const text = firstStartText(name);
      assert.ok(welcome?.contents.includes(text), `the welcome view says ${text}`);
      const description = descriptions[engineSettings.indexOf(name)];
      assert.ok(description?.includes(text), `the setting says ${text}`);
    }
  });
});
