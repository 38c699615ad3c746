import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readManifest } from '../../support/manifest.ts';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
  readonly completionEvents: readonly string[];
}
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly Step[] }[];
  };
}

const root = new URL('../../../', import.meta.url);
const manifest = readManifest() as Manifest;
const { commands, views, viewsWelcome, walkthroughs } = manifest.contributes;
const [walkthrough] = walkthroughs;

describe('the walkthrough of package.json', () => {
  const ids = new Set([
    ...commands.map(({ command }) => command),
    ...Object.values(views).flatMap((all) => all.map(({ id }) => `${id}.focus`)),
  ]);

  it('has five steps, whose buttons are commands that there are', () => {
    assert.equal(walkthrough?.steps.length, 5);
    for (const { id, description } of walkthrough.steps) {
      const buttons = [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? '');
      assert.ok(buttons.length > 0, `${id} has a button`);
      for (const button of buttons) assert.ok(ids.has(button), `${id}: ${button}`);
    }
  });

  it('ticks each step off by what its buttons do, or by what comes of it', () => {
    for (const { id, completionEvents } of walkthrough?.steps ?? []) {
      assert.ok(completionEvents.length > 0, id);
      for (const event of completionEvents) {
        const [, kind, what = ''] = /^(on\w+):(.+)$/.exec(event) ?? [];
        if (kind === 'onCommand') assert.ok(ids.has(what), `${id}: ${event}`);
        else assert.match(event, /^onContext:mesosAirflow\.\w+ == \w+$/);
      }
    }
  });

  it('has small pictures for light and dark, each said in words', () => {
    const files = new Set<string>();
    for (const { media } of walkthrough?.steps ?? []) {
      assert.deepEqual(Object.keys(media.image).sort(), ['dark', 'hc', 'hcLight', 'light']);
      assert.ok(media.altText.length > 20);
      for (const file of Object.values(media.image)) files.add(file);
    }
    const sizes = [...files].map((file) => fs.statSync(new URL(file, root)).size);
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 900 * 1024, 'all of them together');
  });

  it('is a click away before anything runs', () => {
    const link = encodeURIComponent(
      JSON.stringify([`mesos-airflow.mesos-airflow#${walkthrough?.id}`, false]),
    );
    assert.ok(viewsWelcome[0]?.contents.includes(`(command:workbench.action.openWalkthrough?${link})`));
  });
});
