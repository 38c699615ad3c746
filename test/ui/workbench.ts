import type { FrameLocator, Locator, Page } from 'playwright-core';

/** What a loaded machine may take for anything in the workbench (milliseconds). */
export const patience = 120_000;

/** Runs a palette command by its title. The palette may close by a late change of focus: it is opened again then. */
export async function runCommand(page: Page, title: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const row = await offered(page, title);
      await row.click({ timeout: 5000 });
      return;
    } catch (error) {
      if (tries === 6) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Runs a palette command in several windows at the same time: each has it on offer before the first one takes it. */
export async function runTogether(pages: readonly Page[], title: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const rows = [];
      for (const page of pages) rows.push(await offered(page, title));
      await Promise.all(rows.map((row) => row.click({ trial: true, timeout: 5000 })));
      await Promise.all(rows.map((row) => row.click({ timeout: 5000 })));
      return;
    } catch (error) {
      if (tries === 6) throw error;
      for (const page of pages) await page.keyboard.press('Escape');
    }
  }
}

/** The palette's row of a command, not of one whose title only ends so: Restart is no Start. */
async function offered(page: Page, title: string): Promise<Locator> {
  const input = page.locator('.quick-input-widget input').first();
  const named = new RegExp(`(^|: )${escape(title)}`);
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: named }).first();
  if (!(await input.isVisible())) await page.keyboard.press('F1');
  await input.fill(`>${title}`, { timeout: 5000 });
  await row.waitFor({ timeout: 10_000 });
  return row;
}

/** A row of a tree by the beginning, or a pattern, of what a screen reader reads of it. */
export function treeRow(page: Page, name: string | RegExp): Locator {
  if (typeof name === 'string') {
    return page.locator(`.monaco-list-row[aria-label^=${JSON.stringify(name)}]`).first();
  }
  return page.getByRole('treeitem', { name }).first();
}

/** Unfolds a row of a tree, if it is not. */
export async function expand(page: Page, name: string | RegExp): Promise<void> {
  const row = treeRow(page, name);
  await row.waitFor({ timeout: patience });
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  await expanded(page, name).waitFor({ timeout: patience });
}

/** Folds a row of a tree, if it is not. */
export async function fold(page: Page, name: string | RegExp): Promise<void> {
  await treeRow(page, name).waitFor({ timeout: patience });
  if (await expanded(page, name).isVisible()) {
    await treeRow(page, name).locator('.monaco-tl-twistie').click({ timeout: patience });
  }
  await expanded(page, name).waitFor({ state: 'detached', timeout: patience });
}

/** The same row as far as it is unfolded. */
export function expanded(page: Page, name: string | RegExp): Locator {
  return treeRow(page, name).and(page.locator('[aria-expanded=true]'));
}

/** A notification by its words. */
export function toast(page: Page, words: string | RegExp): Locator {
  return page.locator('.notification-toast', { hasText: words }).first();
}

/** Closes all notifications, so that they hide nothing. */
export async function clearToasts(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
  await page.locator('.notification-toast').first().waitFor({ state: 'detached', timeout: patience });
}

/** Until the editor shows a line (its blanks are not plain ones). */
export async function editorShows(page: Page, words: string): Promise<void> {
  const pattern = new RegExp(words.split(' ').map(escape).join('\\s'));
  await page
    .locator('.editor-instance .view-line', { hasText: pattern })
    .first()
    .waitFor({ timeout: patience });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Until the workbench stands. */
export async function shown(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: patience });
}

/** Trusts the folder, which the editor opens in restricted mode, by the banner that says so. */
export async function trustFolder(page: Page): Promise<void> {
  await page.locator('.part.banner').getByRole('button', { name: 'Manage' }).click({ timeout: patience });
  await page
    .locator('.workspace-trust-editor')
    .getByRole('button', { name: 'Trust', exact: true })
    .click({ timeout: patience });
  await restricted(page).waitFor({ state: 'detached', timeout: patience });
  await runCommand(page, 'View: Close All Editors');
}

/** What the status bar says of a folder that is not trusted. */
export function restricted(page: Page): Locator {
  return page.locator('.statusbar-item', { hasText: 'Restricted Mode' });
}

const themeKinds = {
  vs: 'vscode-light',
  'vs-dark': 'vscode-dark',
  'hc-black': 'vscode-high-contrast',
} as const;

/** Until the workbench, and a page in it, wear a kind of theme: `vs` is light. */
export async function themed(page: Page, kind: keyof typeof themeKinds): Promise<void> {
  await page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: patience });
  if (!(await page.locator('iframe.webview.ready').first().isVisible())) return;
  await clusterPage(page)
    .locator(`body[data-vscode-theme-kind=${themeKinds[kind]}]`)
    .waitFor({ timeout: patience });
}

/** The steps of the walkthrough that is open. */
export function walkthroughSteps(page: Page): Locator {
  return page.locator('.gettingStartedDetailsContent .getting-started-step');
}

/** Opens our views. */
export async function openViews(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Mesos Airflow' }).first().click({ timeout: patience });
}

/** Draws the side bar's edge to the right, by so many pixels. */
export async function widen(page: Page, by: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('there is no side bar');
  await page.mouse.move(box.x + box.width, 300);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + by, 300, { steps: 5 });
  await page.mouse.up();
}

/** A link or button in a view's welcome content. */
export function welcomeButton(page: Page, name: string): Locator {
  return page.locator('.welcome-view-content').getByRole('button', { name }).first();
}

/** Waits for something that an error would keep from coming: what its notification says is told at once then. */
export async function unlessError(page: Page, wait: Promise<unknown>): Promise<void> {
  const error = page.locator('.notification-toast', { has: page.locator('.codicon-error') }).first();
  const failed = error.waitFor({ timeout: 600_000 }).then(async () => {
    throw new Error(`the editor says: ${await error.innerText()}`);
  });
  // Seen in the race alone: it outlives it.
  failed.catch(() => undefined);
  await Promise.race([wait, failed]);
}

/** A button of a notification. */
export function toastButton(page: Page, words: string | RegExp, name: string): Locator {
  return toast(page, words).getByRole('button', { name });
}

/** A row of a picker, by words of its label, description or detail. */
export function quickPickRow(page: Page, words: string | RegExp): Locator {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first();
}

/** The editor's item of ours in the status bar, by its words. */
export function statusItem(page: Page, words: string | RegExp): Locator {
  return page.locator('.statusbar-item', { hasText: words }).first();
}

/** Takes a row of a picker. */
export async function pick(page: Page, words: string | RegExp): Promise<void> {
  await quickPickRow(page, words).click({ timeout: patience });
}

/** The input box at the top of the window, by its title. */
export function inputBox(page: Page, title: string | RegExp): Locator {
  return page.locator('.quick-input-widget', { hasText: title }).locator('input').first();
}

/** Opens a file by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Go to File...');
  await page.locator('.quick-input-widget input').first().fill(name, { timeout: patience });
  await pick(page, name);
  await page.getByRole('tab', { name }).first().waitFor({ timeout: patience });
  await page.locator('.editor-instance .view-line').first().click({ timeout: patience });
}

/** Types a line below all others of the editor that has the focus, whose text ends with an end of line. */
export async function typeAtEnd(page: Page, line: string): Promise<void> {
  await page.keyboard.press('Control+End');
  await page.keyboard.type(`${line}\n`);
}

export async function deleteLastLine(page: Page): Promise<void> {
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Control+Shift+K');
}

/** What stands above a line, to be clicked. */
export function codeLens(page: Page, words: string): Locator {
  return page.locator('.editor-instance .codelens-decoration', { hasText: words }).first();
}

export async function save(page: Page): Promise<void> {
  await page.keyboard.press('Control+S');
}

/** What the editor draws below an error. */
export function squiggle(page: Page): Locator {
  return page.locator('.editor-instance .squiggly-error').first();
}

/** Reloads the window, until the workbench stands again. */
export async function reload(page: Page): Promise<void> {
  await page.reload({ waitUntil: 'commit' });
  await shown(page);
}

/** What the cluster page has drawn: a page in a page in the workbench. */
export function clusterPage(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** A Python environment may have to be made first. Milliseconds. */
export const startLimitMs = 400_000;

/** Starts a cluster and a run of a DAG on it, and waits until a task of the run stands in the tree. */
export async function runOnNewCluster(page: Page, dag: string, task: RegExp): Promise<void> {
  await openViews(page);
  await runCommand(page, 'Start Mesos Airflow Cluster');
  await unlessError(page, statusItem(page, /Mesos Airflow.*idle/).waitFor({ timeout: startLimitMs }));
  await treeRow(page, new RegExp(`^${dag}, paused`)).waitFor({ timeout: patience });
  await runCommand(page, 'Trigger DAG');
  await pick(page, new RegExp(`^${dag}`));
  await treeRow(page, task).waitFor({ timeout: patience });
  await clearToasts(page);
}
