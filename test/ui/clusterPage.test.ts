import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { windowOnBusyCluster } from './fakeWindow.ts';
import { screenshots } from './screenshots.ts';
import { clusterPage, editorShows, patience, runCommand, shown as standing } from './workbench.ts';

describe('the cluster page of a busy cluster', function () {
  this.timeout(180_000);
  const on = windowOnBusyCluster((service) => {
    for (const { id } of service.snapshot.tasks) service.logs.set(id, `the log of ${id}\n`);
  });

  it('shows agents, frameworks, tasks and the timeline, in each kind of theme', async () => {
    const { page } = on;
    await runCommand(page, 'Show Cluster Page');
    const shown = clusterPage(page);
    await shown.getByRole('heading', { name: 'analytics' }).waitFor({ timeout: patience });
    await shown.getByLabel(/^agent-6, cpus: [\d.]+ of 8/).waitFor({ timeout: patience });
    assert.match(await shown.locator('.legend').innerText(), /airflow \(ours\)\s+marathon\s+spark-shell/);
    await shown
      .getByRole('application', { name: /^Timeline of analytics: \d+ task runs on 6 agents/ })
      .waitFor();
    await until(async () => (await shown.locator('table.heard tbody tr').count()) > 20, {
      what: 'the table',
    });
    await screenshots(page, '40-cluster-page');
  });

  it('is zoomed and held by keys, and keeps its zoom over a reload of the window', async () => {
    const { page } = on;
    const shown = clusterPage(page);
    // The keyboard follows a click into the page.
    await shown.getByRole('heading', { name: 'Timeline' }).click({ timeout: patience });
    await shown.locator('.time-scroller').press('+');
    await shown.locator('.time-scroller').press('Space');
    await has(shown.locator('.zoom'), '2 min');
    await has(shown.locator('.standing'), /^paused at/);
    await reloadWindow(page);
    const again = clusterPage(page);
    await again.getByRole('heading', { name: 'analytics' }).waitFor({ timeout: patience });
    await has(again.locator('.zoom'), '2 min');
    await has(again.locator('.standing'), 'live');
  });

  it('opens the log of the task run that the arrow keys led to, and of one that is clicked', async () => {
    const { page } = on;
    const shown = clusterPage(page);
    await shown.getByRole('heading', { name: 'Timeline' }).click({ timeout: patience });
    // The newest is another framework's: before it comes one of ours.
    await shown.locator('.time-scroller').press('ArrowDown');
    await shown.locator('.time-scroller').press('ArrowLeft');
    await until(async () => (await shown.locator('[aria-live]').innerText()).includes('Opens its log'), {
      what: 'what is said of the task run',
    });
    await shown.locator('.time-scroller').press('Enter');
    await editorShows(page, 'the log of');
    await runCommand(page, 'Show Cluster Page');
    await clusterPage(page).locator('button.chip').first().click({ timeout: patience });
    await editorShows(page, 'the log of');
  });

  it('has led to a log that is there again after a reload of the window, and goes on', async () => {
    const { page, service } = on;
    for (const { id } of service.snapshot.tasks) {
      service.logs.set(id, `the log of ${id}\nwritten while nobody looked\n`);
    }
    await reloadWindow(page);
    await editorShows(page, 'written while nobody looked');
    for (const [id, text] of [...service.logs]) service.logs.set(id, `${text}and now\n`);
    await editorShows(page, 'and now');
  });
});

/** By the editor's own command, which lets it write down what is open. */
async function reloadWindow(page: Page): Promise<void> {
  const loaded = page.waitForEvent('domcontentloaded', { timeout: patience });
  await runCommand(page, 'Developer: Reload Window');
  await loaded;
  await standing(page);
}

async function has(element: Locator, text: string | RegExp): Promise<void> {
  await element.filter({ hasText: text }).waitFor({ timeout: patience });
}
