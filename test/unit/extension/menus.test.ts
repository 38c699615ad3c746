import assert from 'node:assert/strict';
import { readManifest } from '../../support/manifest.ts';

interface Item {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly contributes: {
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly keybindings: readonly {
      readonly command: string;
      readonly when?: string;
      readonly args?: { readonly selectionOf?: string };
    }[];
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly enablement?: string;
      readonly icon?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Item[]>>;
  };
}

/** Set by src/extension/contextKeys.ts, tree/views.ts and logMarks/contextKeys.ts. */
const contextKeys = [
  ...['connection', 'recording', 'othersRun', 'stopped', 'taskRunsFiltered'],
  ...['filteredLogs', 'logsWithStreams'],
].map((key) => `mesosAirflow.${key}`);
const { contributes } = readManifest() as Manifest;

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

/** Commands that make sense at any time, whether there is a cluster or not. */
const anytime = [
  ...['checkPrerequisites', 'collectDiagnostics', 'showPartLog', 'showServiceLog'],
  ...['chooseCluster', 'openRecording', 'showClusterPage'],
];
/** Commands that rows run by themselves. */
const hidden = new Set(
  (contributes.menus.commandPalette ?? [])
    .filter(({ when }) => when === 'false')
    .map(({ command }) => command),
);

describe('the commands of package.json', () => {
  it('have titles that say whose they are, and the palette has those that make sense now', () => {
    for (const { command, title, category, enablement } of contributes.commands) {
      assert.ok(category === 'Mesos Airflow' || title.includes('Mesos Airflow'), `${command}: ${title}`);
      if (hidden.has(command)) continue;
      const name = command.replace('mesosAirflow.', '');
      if (enablement === undefined)
        assert.ok(anytime.includes(name), `${command} is enabled when it makes sense`);
      for (const [key] of (enablement ?? '').matchAll(/\bmesosAirflow\.\w+/g)) {
        assert.ok(contextKeys.includes(key), `${command}: ${key} is a context key that is set`);
      }
    }
  });

  it('stand in a menu each', () => {
    const shown = new Set(
      Object.entries(contributes.menus)
        .filter(([menu]) => menu !== 'commandPalette')
        .flatMap(([, items]) => items.map(({ command }) => command)),
    );
    for (const { command } of contributes.commands) {
      if (!hidden.has(command)) assert.ok(shown.has(command), `${command} is in a menu`);
    }
  });

  it('have keys only inside our views, and act there on the selected row', () => {
    const views = Object.values(contributes.views).flatMap((ids) => ids.map(({ id }) => id));
    for (const { command, when = '', args } of contributes.keybindings) {
      const [, view = ''] = /^focusedView == (\S+) && listFocus && !inputFocus$/.exec(when) ?? [];
      assert.ok(views.includes(view), `${command}: ${when}`);
      assert.equal(args?.selectionOf, view, command);
      assert.ok(
        contributes.commands.some((one) => one.command === command),
        command,
      );
    }
  });
});

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
    assert.deepEqual(menuOf('runningTaskInstance'), menuOf('runningTaskRun'));
    assert.deepEqual(menuOf('runningTaskRun'), [
      'clearTask',
      'compareTries',
      'copyId',
      'debugTask',
      'downloadLogs',
      'followInTerminal',
      'killTask',
      'openAirflow',
      'openSandbox',
      'openShell',
      'showTaskLog',
    ]);
    assert.deepEqual(menuOf('waitingTaskRun'), [
      'copyId',
      'explainWait',
      'killTask',
      'openAirflow',
      'showTaskLog',
    ]);
    assert.deepEqual(menuOf('failedTaskRun'), [
      'compareTries',
      'copyId',
      'debugTask',
      'downloadLogs',
      'followInTerminal',
      'openAirflow',
      'openSandbox',
      'retry',
      'showTaskLog',
    ]);
    assert.deepEqual(menuOf('successTaskRun'), [
      'clearTask',
      'compareTries',
      'copyId',
      'debugTask',
      'downloadLogs',
      'followInTerminal',
      'openAirflow',
      'openSandbox',
      'showTaskLog',
    ]);
  });

  const trigger = ['triggerDag', 'triggerDagWithParameters'];

  it('offer of a DAG to pause it, or to unpause it', () => {
    assert.deepEqual(menuOf('activeDag'), [
      'copyId',
      'debugDag',
      'openAirflow',
      'openDagFile',
      'pauseDag',
      ...trigger,
    ]);
    assert.deepEqual(menuOf('pausedDag'), [
      'copyId',
      'debugDag',
      'openAirflow',
      'openDagFile',
      ...trigger,
      'unpauseDag',
    ]);
  });

  it('offer of a run to run again what failed', () => {
    assert.deepEqual(menuOf('failedDagRun'), [
      'copyId',
      'downloadLogs',
      'openAirflow',
      'retry',
      'showInTaskRuns',
      'showRunLogs',
      ...trigger,
    ]);
    assert.deepEqual(menuOf('runningDagRun'), [
      'copyId',
      'downloadLogs',
      'openAirflow',
      'showInTaskRuns',
      'showRunLogs',
      ...trigger,
    ]);
  });

  it('offer of what is on Mesos to look at it there, and of other frameworks’ tasks no more than their ids', () => {
    assert.deepEqual(menuOf('leadingMaster'), ['openMesos', 'showPartLog']);
    assert.deepEqual(menuOf('activeAgent'), ['copyId', 'openMesos']);
    assert.deepEqual(menuOf('disconnectedFramework'), ['copyId', 'openMesos']);
    assert.deepEqual(menuOf('runningMesosTask'), ['copyId']);
    assert.deepEqual(menuOf('endingTaskRun'), [
      'compareTries',
      'copyId',
      'debugTask',
      'downloadLogs',
      'followInTerminal',
      'openAirflow',
      'openSandbox',
      'showTaskLog',
    ]);
    assert.deepEqual(menuOf('sandboxFile'), [
      'downloadFromSandbox',
      'openSandboxFile',
      'openSandboxFileAsLog',
    ]);
    assert.deepEqual(menuOf('sandboxFolder'), ['downloadFromSandbox']);
    assert.deepEqual(menuOf('sandbox'), ['closeSandbox', 'downloadFromSandbox']);
    assert.deepEqual(menuOf('sandboxProblem'), []);
    assert.deepEqual(menuOf('failedImportError'), ['openDagFile']);
  });
});
