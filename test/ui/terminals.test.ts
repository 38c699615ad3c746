// A task that runs, looked at from its row in every way there is: its log, a shell beside it, its sandbox, its log in a
// terminal. In the real workbench, on a real cluster.
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { Editor } from './editor.ts';
import { packaged } from './packaged.ts';
import { screenshots } from './screenshots.ts';
import { inSteps } from './steps.ts';
import {
  editorShows,
  openViews,
  patience,
  runCommand,
  runOnNewCluster,
  startLimitMs,
  treeRow,
} from './workbench.ts';

/** One task, which ticks until a file of the test's is there. */
function watchDag(marker: string): string {
  return `import time
from pathlib import Path

from airflow.sdk import dag, task


@dag(schedule=None, catchup=False)
def sky() -> None:
    @task
    def watch_sky() -> None:
        Path("clouds.txt").write_text("cumulus\\n")
        tick = 0
        while not Path(${JSON.stringify(marker)}).exists():
            tick += 1
            print(f"tick {tick} of the sky", flush=True)
            time.sleep(0.5)
        print("the sky is clear", flush=True)

    watch_sky()


sky()
`;
}

describe('a task that runs, from its row', function () {
  this.timeout(240_000);
  const running = /^watch_sky, running/;
  let editor: Editor;
  let page: Page;
  let marker: string;

  before(async () => {
    // Terminals are drawn as text that can be read, not as pictures.
    const settings = { 'terminal.integrated.gpuAcceleration': 'off' };
    editor = await Editor.start({ vsix: packaged(), settings });
    const folder = editor.workspace('observatory', { 'mesosAirflow.engine': 'embedded' });
    marker = path.join(folder, 'clear');
    fs.writeFileSync(path.join(folder, 'dags', 'sky.py'), watchDag(marker));
    page = await editor.open(folder);
  });
  inSteps(() => editor);
  after(async () => {
    await editor.end();
  });

  it('runs', async function () {
    this.timeout(startLimitMs);
    await runOnNewCluster(page, 'sky', running);
  });

  it('leads to its log, which goes on', async () => {
    await treeRow(page, running).click({ timeout: patience });
    await ticks(page.locator('.editor-instance .view-line'));
    await screenshots(page, '50-log');
  });

  it('leads to a shell in its sandbox', async () => {
    await choose(page, running, 'Open Shell');
    const terminal = page.locator('.part.panel .xterm');
    await line(terminal, /\S/).waitFor({ timeout: patience });
    await terminal.locator('.xterm-screen').click({ timeout: patience });
    await page.keyboard.type('echo $((6*7)) from $MESOS_SANDBOX\n');
    await line(terminal, /42\sfrom\s\//).waitFor({ timeout: patience });
    await page.keyboard.type('cat clouds.txt\n');
    await line(terminal, /^cumulus/).waitFor({ timeout: patience });
    await screenshots(page, '51-shell');
    await page.keyboard.type('exit 3\n');
    await line(terminal, 'the shell ended: exit status 3').waitFor({ timeout: patience });
    await screenshots(page, '52-shell-ended');
    await runCommand(page, 'Terminal: Kill the Active Terminal Instance');
    await terminal.waitFor({ state: 'detached', timeout: patience });
  });

  it('leads to the files of its sandbox', async () => {
    await runCommand(page, 'View: Close All Editors');
    await choose(page, running, 'Open Sandbox');
    await treeRow(page, /^watch_sky · try 1/).waitFor({ timeout: patience });
    await treeRow(page, /^clouds\.txt, /).click({ timeout: patience });
    await editorShows(page, 'cumulus');
    await screenshots(page, '53-sandbox');
    await openViews(page);
  });

  it('leads to its log in a terminal, which says how it ended', async () => {
    await choose(page, running, 'Follow in Terminal');
    const terminal = page.locator('.part.editor .xterm');
    await ticks(terminal.locator('.xterm-rows > div'));
    await screenshots(page, '54-followed');
    fs.writeFileSync(marker, '');
    await line(terminal, 'the sky is clear').waitFor({ timeout: patience });
    await line(terminal, 'ended: success').waitFor({ timeout: patience });
    await screenshots(page, '55-followed-to-its-end');
  });
});

/** Takes an entry of a row's context menu, which ignores a click that comes as soon as it is drawn. */
async function choose(page: Page, row: RegExp, entry: string): Promise<void> {
  const item = page.getByRole('menuitem', { name: entry, exact: true });
  const taken = async (): Promise<true> => {
    if (!(await item.isVisible())) await treeRow(page, row).click({ button: 'right', timeout: 10_000 });
    await item.click({ timeout: 10_000 });
    await item.waitFor({ state: 'detached', timeout: 5000 });
    return true;
  };
  await until(taken, { what: `the menu's end after ${entry}`, limitMs: patience });
}

/** A line of a terminal. */
function line(terminal: Locator, words: string | RegExp): Locator {
  const pattern = typeof words === 'string' ? new RegExp(words.split(' ').join('\\s')) : words;
  return terminal.locator('.xterm-rows > div', { hasText: pattern }).first();
}

/** Until lines show a tick, and then a later one. */
async function ticks(lines: Locator): Promise<void> {
  const newest = async (): Promise<number> => {
    const texts = await lines.allInnerTexts();
    return Math.max(0, ...texts.map((text) => Number(/tick\s(\d+)\sof/.exec(text)?.[1] ?? 0)));
  };
  const seen = await until(async () => (await newest()) || undefined, { what: 'a tick', limitMs: patience });
  await until(async () => (await newest()) > seen, { what: 'a later tick', limitMs: patience });
}
