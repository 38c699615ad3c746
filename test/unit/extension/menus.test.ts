import assert from 'node:assert/strict';
import fs from 'node:fs';

interface Item {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly icon?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Item[]>>;
  };
}

const file = new URL('../../../package.json', import.meta.url);
const { contributes } = JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;

/** The commands of a row's context menu, without the inline ones, of a context value. */
function menuOf(context: string): string[] {
  const items = contributes.menus['view/item/context'] ?? [];
  const shown = items.filter(
    ({ when = '', group = '' }) => group !== '' && !group.startsWith('inline') && holds(when, context),
  );
  return shown.map(({ command }) => command.replace('mesosAirflow.', '')).sort();
}

/** Whether the part of a `when` clause that is about the row holds. */
function holds(when: string, context: string): boolean {
  const equal = /viewItem == (\w+)/.exec(when)?.[1];
  if (equal !== undefined) return equal === context;
  const match = /viewItem =~ \/(.+)\/(i?)(?: |$)/.exec(when);
  assert.ok(match?.[1], `${when} says which rows`);
  return new RegExp(match[1], match[2]).test(context);
}

describe('the menus of package.json', () => {
  it('have commands that there are, and icons where they are buttons', () => {
    const commands = new Map(contributes.commands.map((command) => [command.command, command]));
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command, group = '' } of items) {
        if (!command.startsWith('mesosAirflow.')) continue;
        assert.ok(commands.get(command)?.title, `${menu}: ${command}`);
        if (/^(inline|navigation)/.test(group))
          assert.ok(commands.get(command)?.icon, `${command} is a button`);
      }
    }
  });

  it('offer of a task run what its state allows', () => {
    assert.deepEqual(menuOf('runningTaskRun'), ['clearTask', 'copyId', 'killTask', 'showTaskLog']);
    assert.deepEqual(menuOf('waitingTaskRun'), ['copyId', 'explainWait', 'killTask', 'showTaskLog']);
    assert.deepEqual(menuOf('failedTaskRun'), ['copyId', 'retry', 'showTaskLog']);
    assert.deepEqual(menuOf('successTaskRun'), ['clearTask', 'copyId', 'showTaskLog']);
  });

  it('offer of a DAG to pause it, or to unpause it', () => {
    assert.deepEqual(menuOf('activeDag'), ['copyId', 'pauseDag', 'triggerDag']);
    assert.deepEqual(menuOf('pausedDag'), ['copyId', 'triggerDag', 'unpauseDag']);
  });

  it('offer of a run to run again what failed', () => {
    assert.deepEqual(menuOf('failedDagRun'), ['copyId', 'retry', 'triggerDag']);
    assert.deepEqual(menuOf('runningDagRun'), ['copyId', 'triggerDag']);
  });
});
