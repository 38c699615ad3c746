// The documentation's pictures, taken in the real workbench with the packaged extension installed and a real cluster:
// `node test/ui/pictures.ts [FOLDER]` (Node 24, Chromium; FOLDER: docs/images). PICTURES_THEME=dark: in the dark.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { Editor } from './editor.ts';
import { packaged } from './packaged.ts';
import {
  clearToasts,
  clusterPage,
  editorShows,
  expand,
  fold,
  inputBox,
  openViews,
  patience,
  pick,
  quickPickRow,
  runCommand,
  startLimitMs,
  toast,
  treeRow,
  unlessError,
  welcomeButton,
  widen,
} from './workbench.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const folder = path.resolve(process.argv[2] ?? path.join(root, 'docs', 'images'));

const editor = await Editor.start({
  vsix: packaged(),
  workspaceTrust: false,
  screen: {
    viewport: { width: 1280, height: 860 },
    deviceScaleFactor: 1.25,
    colorScheme: process.env.PICTURES_THEME === 'dark' ? 'dark' : 'light',
  },
});
try {
  fs.mkdirSync(folder, { recursive: true });
  await tour(await editor.open(editor.workspace('weather')));
} catch (error) {
  for (const page of editor.pages)
    await page.screenshot({ path: path.join(os.tmpdir(), 'pictures-failed.png') });
  throw error;
} finally {
  await editor.end();
}

async function tour(page: Page): Promise<void> {
  await openViews(page);
  await welcomeButton(page, 'Start Mesos Airflow Cluster').waitFor({ timeout: patience });
  await widen(page, 150);
  await take(page, 'welcome');

  await runCommand(page, 'Start Mesos Airflow Cluster');
  await quickPickRow(page, '· Python').waitFor({ timeout: patience });
  await page.keyboard.press('Enter');
  await unlessError(page, toast(page, /Airflow · api-server/).waitFor({ timeout: startLimitMs }));
  await treeRow(page, 'api-server').waitFor({ timeout: patience });
  await take(page, 'starting');
  const ready = toast(page, 'The Mesos Airflow cluster is ready').waitFor({ timeout: startLimitMs });
  await unlessError(page, ready);
  await clearToasts(page);

  await fold(page, /^frameworks/i);
  await expand(page, /^offers/i);
  await runCommand(page, 'Trigger DAG');
  await pick(page, 'weather_report');
  await inputBox(page, 'Trigger weather_report').waitFor({ timeout: patience });
  await page.keyboard.press('Enter');
  await treeRow(page, /^summarise \[0\.\.5\], .*running/).waitFor({ timeout: patience });
  await expand(page, /^summarise \[0\.\.5\], /);
  await clearToasts(page);
  await take(page, 'running');

  await treeRow(page, /^weather_report, success/).waitFor({ timeout: patience });
  await treeRow(page, /^summarise\[2\]/).click();
  await editorShows(page, 'ended: success');
  await take(page, 'log');

  await runCommand(page, 'View: Close All Editors');
  await runCommand(page, 'Show Cluster Page');
  await clusterPage(page).getByText('agent-1').first().waitFor({ timeout: patience });
  await take(page, 'page');
}

async function take(page: Page, name: string): Promise<void> {
  // The middle of the status bar: nowhere that would show a hint.
  await page.mouse.move(640, 852);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
  process.stdout.write(`${name}.png\n`);
}
