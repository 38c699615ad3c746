import assert from 'node:assert/strict';
import { presetNames } from '../../../src/engines/docker/mesos/presets.ts';
import { distributions } from '../../../src/engines/docker/settings.ts';
import { dockerOptions } from '../../../src/extension/commandLine/arguments.ts';
import { engineSettings } from '../../../src/extension/engine/choose.ts';
import { exitSettings } from '../../../src/extension/exit/choose.ts';
import { engineNames, firstStartText } from '../../../src/extension/engine/facts.ts';
import { rawManifest, readManifest, readTexts } from '../../support/manifest.ts';

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

const manifest = readManifest() as Manifest;
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

/** Where package.json has text for a person; what a language model reads is not translated. */
const shown =
  /^(title|shortTitle|label|name|displayName|description|userDescription|markdownDescription|contents|altText|patternErrorMessage|deprecationMessage)$/;
const lists = /^(enumItemLabels|enumDescriptions|markdownEnumDescriptions)$/;
/** The product’s name, and what stays as it is in every language. */
const kept = /^(Mesos Airflow.*|mesosAirflow.*|\$\(.*\))$/;

describe('what a person reads of package.json', () => {
  it('stands in package.nls.json, so that it can be translated, and nothing else does', () => {
    const literal: string[] = [];
    const used = new Set<string>();
    const look = (value: unknown, path: string, isShown: boolean): void => {
      if (typeof value === 'string') {
        const key = /^%(.+)%$/.exec(value)?.[1];
        if (key !== undefined) used.add(key);
        else if (isShown && value !== '' && !kept.test(value)) literal.push(`${path}: ${value}`);
      } else if (Array.isArray(value)) {
        value.forEach((item, index) => look(item, `${path}[${index}]`, isShown && typeof item === 'string'));
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, item] of Object.entries(value)) {
          if (name === 'inputSchema') continue;
          look(item, `${path}.${name}`, shown.test(name) || lists.test(name));
        }
      }
    };
    const { contributes, capabilities } = rawManifest() as Record<string, Record<string, unknown>>;
    const { languageModelTools, ...others } = contributes ?? {};
    look(others, 'contributes', false);
    look(capabilities, 'capabilities', false);
    assert.deepEqual(literal, []);
    look(languageModelTools, 'tools', false);
    used.add('description');
    assert.deepEqual(Object.keys(readTexts()).sort(), [...used].sort());
  });
});
