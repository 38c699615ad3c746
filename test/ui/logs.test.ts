// The log of a task that runs, as a person reads it: in the real workbench, on a real cluster.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { listClusters } from '../../src/client/discover.ts';
import { userFolders } from '../../src/host/folders.ts';
import { until } from '../support/until.ts';
import { Editor } from './editor.ts';
import { packaged } from './packaged.ts';
import { screenshots } from './screenshots.ts';
import { inSteps } from './steps.ts';
import {
  editorShows,
  inputBox,
  patience,
  pick,
  runCommand,
  runOnNewCluster,
  startLimitMs,
  statusItem,
  treeRow,
} from './workbench.ts';

/** Of the page, where it is called. */
declare function getComputedStyle(element: unknown): {
  readonly color: string;
  readonly borderLeftWidth: string;
};

/** A task that writes in colours and fails in a part, ticks until the file of its try is there, and fails in its first. */
function tideDag(turned: string): string {
  return `import logging
import time
from datetime import timedelta
from pathlib import Path

from airflow.sdk import dag, get_current_context, task

log = logging.getLogger("tides")


def sounding() -> None:
    raise ValueError("no ground at 100 m")


@dag(schedule=None, catchup=False)
def tides() -> None:
    @task(retries=1, retry_delay=timedelta(seconds=1))
    def measure_tide() -> None:
        # One way for all, which keeps them in order: what is printed goes another.
        log.info("\\033[31mred\\033[0m \\033[1;32mgreen\\033[0m \\033[7minverse\\033[0m \\033[4;38;2;255;0;255mpurple\\033[0m")
        log.warning("the wind freshens")
        try:
            sounding()
        except ValueError:
            log.exception("sounding failed, see https://example.org/depth.")
        for wave in range(120):
            log.info("wave %d", wave)
        tries = get_current_context()["ti"].try_number
        tick = 0
        while not Path(f${JSON.stringify(`${turned}-{tries}`)}).exists():
            tick += 1
            log.info("tick %d of try %d", tick, tries)
            time.sleep(0.25)
        if tries == 1:
            raise RuntimeError("the tide has turned")

    measure_tide()


tides()
`;
}

describe('the log of a task that runs', function () {
  this.timeout(240_000);
  const running = /^measure_tide, running/;
  let editor: Editor;
  let page: Page;
  /** What a try of the task waits for is called so, with its number behind. */
  let turned: string;
  /** The line of the DAG's file that raises, from 1. */
  let raising: number;

  before(async () => {
    editor = await Editor.start({ vsix: packaged() });
    const folder = editor.workspace('harbour', { 'mesosAirflow.engine': 'embedded' });
    turned = path.join(folder, 'turned');
    const text = tideDag(turned);
    raising = text.split('\n').findIndex((line) => line.includes('raise ValueError')) + 1;
    fs.writeFileSync(path.join(folder, 'dags', 'tides.py'), text);
    page = await editor.open(folder);
  });
  inSteps(() => editor);
  after(async () => {
    await editor.end();
  });

  it('is there once the task runs', async function () {
    this.timeout(startLimitMs);
    await runOnNewCluster(page, 'tides', running);
  });

  it('is opened by a click, and grows', async () => {
    await treeRow(page, running).click({ timeout: patience });
    await goesOn(page);
  });

  it('stays where a person has scrolled to, in the colours in which it was written', async () => {
    await page.locator('.editor-instance').hover({ timeout: patience });
    // A notch is a few lines.
    for (let notch = 0; notch < 200; notch += 1) await page.mouse.wheel(0, -100);
    await editorShows(page, 'red green inverse purple');
    const [before, length] = [await visibleLines(page), await sliderLength(page)];
    await until(async () => (await sliderLength(page)) !== length, {
      what: 'a longer log',
      limitMs: patience,
    });
    assert.deepEqual(await visibleLines(page), before);
    await until(async () => isRed(await colourOf(page, 'red')), { what: 'the red', limitMs: patience });
    await until(async () => (await troubles(page)) >= 2, { what: 'the bars of trouble', limitMs: patience });
    await screenshots(page, '60-log');
  });

  it('leads from a traceback to the line in the DAG’s file', async () => {
    const link = page.locator('.editor-instance .view-line', { hasText: /tides\.py.*in\ssounding/ });
    await link.locator('.detected-link').first().waitFor({ timeout: patience });
    await page.keyboard.down('Control');
    try {
      await link.locator('.detected-link').first().click({ timeout: patience });
    } finally {
      await page.keyboard.up('Control');
    }
    await page.getByRole('tab', { name: 'tides.py' }).waitFor({ timeout: patience });
    await statusItem(page, new RegExp(`^Ln ${raising},`)).waitFor({ timeout: patience });
    await editorShows(page, 'raise ValueError("no ground at 100 m")');
    await runCommand(page, 'View: Close All Editors');
  });

  it('shows what a filter lets through, also of what comes, until it is cleared', async () => {
    await treeRow(page, running).click({ timeout: patience });
    await goesOn(page);
    await runCommand(page, 'Filter Log…');
    await inputBox(page, 'Filter Log').fill('/tick \\d*[05] of/', { timeout: patience });
    await page.keyboard.press('Enter');
    await pick(page, 'Any level');
    await statusItem(page, '/tick').waitFor({ timeout: patience });
    const others = async (): Promise<string[]> =>
      (await visibleLines(page)).filter((text) => !/tick\s\d*[05]\sof|^──/.test(text));
    await until(async () => (await others()).length === 0, { what: 'nothing else', limitMs: patience });
    await goesOn(page);
    assert.deepEqual(await others(), []);
    await screenshots(page, '61-filtered');
    await page.getByRole('button', { name: 'Clear Filter of Log' }).first().click({ timeout: patience });
    await until(async () => (await others()).length > 0, { what: 'all lines', limitMs: patience });
    await goesOn(page);
  });

  it('goes on behind a restart of the cluster’s service', async () => {
    const before = await service();
    process.kill(before, 'SIGKILL');
    await until(async () => (await service()) !== before, { what: 'another service', limitMs: patience });
    // More than was on its way.
    await goesOn(page, 1, 12);
  });

  it('goes on with the next try, to its end', async () => {
    await runCommand(page, 'Follow Next Try in Log');
    fs.writeFileSync(`${turned}-1`, '');
    await goesOn(page, 2);
    await screenshots(page, '62-next-try');
    fs.writeFileSync(`${turned}-2`, '');
    await editorShows(page, 'ended: success');
  });

  it('is shown with its standard error by time, each line behind its file’s name', async () => {
    await runCommand(page, 'Choose Log Stream…');
    await pick(page, 'Standard output and standard error, by time');
    await until(async () => (await visibleLines(page)).some((line) => /^stdout\s+│/.test(line)), {
      what: 'a line behind its file’s name',
      limitMs: patience,
    });
  });

  it('is one of the logs of its run, behind the name of its task in a colour of its own', async () => {
    await runCommand(page, 'Show Logs of DAG Run');
    await pick(page, /tides/);
    await editorShows(page, 'the run has ended: success');
    await until(async () => isCyan(await colourOf(page, 'measure_tide')), {
      what: 'the colour of the name',
      limitMs: patience,
    });
    await screenshots(page, '63-run');
  });

  /** The process of the service of the window's cluster. */
  async function service(): Promise<number> {
    const env = { ...process.env, MESOS_AIRFLOW_HOME: editor.home };
    return until(
      async () => {
        const [cluster] = await listClusters(userFolders(env));
        return cluster?.state === 'running' ? cluster.runtime?.pid : undefined;
      },
      { what: 'the service', limitMs: patience },
    );
  }
});

/** What the editor shows of the log now, in any order. */
async function visibleLines(page: Page): Promise<string[]> {
  const lines = await page.locator('.editor-instance .view-line').allInnerTexts();
  return lines.sort();
}

/** The length of the slider beside the editor: the longer a document, the shorter it is. */
async function sliderLength(page: Page): Promise<number> {
  const slider = page.locator('.editor-instance .editor-scrollable > .scrollbar.vertical > .slider');
  return (await slider.boundingBox())?.height ?? 0;
}

/** The colour in which a word stands in the editor, where it is a word of its own. */
async function colourOf(page: Page, word: string): Promise<number[]> {
  const span = page.locator('.editor-instance .view-line span', { hasText: new RegExp(`^${word}\\b`) });
  // The innermost of the last line.
  const color = await span.last().evaluate((element) => getComputedStyle(element).color);
  return (color.match(/\d+/g) ?? []).map(Number);
}

function isRed([red = 0, green = 0, blue = 0]: readonly number[]): boolean {
  return red > 1.5 * green && red > 1.5 * blue;
}

function isCyan([red = 0, green = 0, blue = 0]: readonly number[]): boolean {
  return green > 1.5 * red && blue > 1.5 * red;
}

/** How many lines are marked as trouble. */
async function troubles(page: Page): Promise<number> {
  const marks = page.locator('.editor-instance .view-overlays .cdr');
  const widths = await marks.evaluateAll((elements) =>
    elements.map((element) => getComputedStyle(element).borderLeftWidth),
  );
  return widths.filter((width) => width === '2px').length;
}

/** The number of the newest tick of a try in the editor. */
async function newestTick(page: Page, of = 1): Promise<number> {
  const lines = await page.locator('.editor-instance .view-line').allInnerTexts();
  const tick = new RegExp(`tick\\s(\\d+)\\sof\\stry\\s${of}`);
  return Math.max(0, ...lines.map((line) => Number(tick.exec(line)?.[1] ?? 0)));
}

/** Until the editor shows a tick of a try, and then one that came so many later. */
async function goesOn(page: Page, of = 1, later = 1): Promise<void> {
  const seen = await until(async () => (await newestTick(page, of)) || undefined, {
    what: 'a tick',
    limitMs: patience,
  });
  await until(async () => (await newestTick(page, of)) >= seen + later, {
    what: 'a later tick',
    limitMs: patience,
  });
}
