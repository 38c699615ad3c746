// The documentation's pictures, taken in the real workbench with the packaged extension installed and a real cluster:
// `npm run package && node test/ui/pictures.ts [FOLDER]` (Node 24, Chromium; FOLDER: docs/images).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { connect, findCluster } from '../../src/client/discover.ts';
import { userFolders } from '../../src/host/folders.ts';
import { until } from '../support/until.ts';
import { openBrowser, workbenchUrl, type Window } from '../vscode/offline/browser.ts';
import { startServer, type Server } from '../vscode/offline/server.ts';
import { onSignal } from '../vscode/offline/signals.ts';
import { setUpCodeServer } from '../vscode/offline/setup.ts';
import { endClusters } from '../vscode/support/endClusters.ts';
import { clearToasts, editorShows, patience, runCommand, toast, treeRow } from './workbench.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const folder = path.resolve(process.argv[2] ?? path.join(root, 'docs', 'images'));
const vsix = fs.globSync('mesos-airflow-*.vsix', { cwd: root })[0];
const startLimitMs = 400_000;

if (vsix === undefined) {
  process.stderr.write('There is no package: npm run package\n');
  process.exit(2);
}
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ma-pic-'));
const home = path.join(scratch, 'home');
const workspace = path.join(scratch, 'weather');
let server: Server | undefined;
let window: Window | undefined;
const interrupted = new Promise<never>((_resolve, reject) => {
  onSignal(({ name }) => reject(new Error(name)));
});
// Seen where it is raced, at the latest once the next step begins.
interrupted.catch(() => undefined);
try {
  fs.mkdirSync(folder, { recursive: true });
  fs.mkdirSync(home);
  fs.cpSync(path.join(root, 'cluster', 'airflow', 'dags'), path.join(workspace, 'dags'), { recursive: true });
  server = await startServer({
    vscode: setUpCodeServer(),
    vsix: path.join(root, vsix),
    env: { MESOS_AIRFLOW_HOME: home },
    settings: {
      'workbench.colorTheme': process.env.PICTURES_THEME ?? 'Default Light Modern',
      'editor.minimap.enabled': false,
    },
  });
  window = await openBrowser({ viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1.25 });
  await window.page.goto(workbenchUrl(server, workspace), { waitUntil: 'commit' });
  await Promise.race([interrupted, tour(window.page)]);
} catch (error) {
  if (window) await window.page.screenshot({ path: path.join(os.tmpdir(), 'pictures-failed.png') });
  throw error;
} finally {
  await window?.browser.close();
  await server?.stop();
  await endClusters(home);
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

async function tour(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Mesos Airflow' }).first().click({ timeout: patience });
  await page
    .getByRole('button', { name: 'Start Mesos Airflow Cluster' })
    .first()
    .waitFor({ timeout: patience });
  await widen(page, 150);
  await take(page, 'welcome');

  await runCommand(page, 'Start Mesos Airflow Cluster');
  const embedded = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Embedded' }).first();
  await embedded.filter({ hasText: '· Python' }).waitFor({ timeout: patience });
  await page.keyboard.press('Enter');
  await toast(page, /Airflow · api-server/).waitFor({ timeout: startLimitMs });
  await treeRow(page, 'api-server').waitFor({ timeout: patience });
  await take(page, 'starting');
  await toast(page, 'The Mesos Airflow cluster is ready').waitFor({ timeout: startLimitMs });
  await clearToasts(page);

  const { ended } = await triggered();
  await treeRow(page, 'read_stations, running').waitFor({ timeout: patience });
  await treeRow(page, 'summarise[0], running').waitFor({ timeout: patience });
  await treeRow(page, 'Offers').click();
  await take(page, 'running');

  await ended;
  await treeRow(page, 'write_report, success').waitFor({ timeout: patience });
  await treeRow(page, 'summarise[2]').click();
  await editorShows(page, 'ended: success');
  await take(page, 'log');

  await runCommand(page, 'Stop Mesos Airflow Cluster');
  await page
    .getByRole('button', { name: 'Start Mesos Airflow Cluster' })
    .first()
    .waitFor({ timeout: patience });
}

/** Triggers the example; `ended` settles when the run has. */
async function triggered(): Promise<{ ended: Promise<unknown> }> {
  const cluster = await findCluster('default', userFolders({ ...process.env, MESOS_AIRFLOW_HOME: home }));
  if (!cluster) throw new Error('the cluster has no folder');
  const { client } = await connect(cluster);
  const { run_id } = await until(() => client.trigger('weather_report'), {
    what: 'the example DAG',
    limitMs: 30_000,
    everyMs: 500,
  });
  const ended = until(async () => (await client.dagRun('weather_report', run_id)).state === 'success', {
    what: 'the run’s success',
    limitMs: 180_000,
    everyMs: 500,
  });
  return { ended };
}

/** Draws the side bar's edge to the right, by so many pixels. */
async function widen(page: Page, by: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('there is no side bar');
  await page.mouse.move(box.x + box.width, 300);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + by, 300, { steps: 5 });
  await page.mouse.up();
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(700, 500);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
  process.stdout.write(`${name}.png\n`);
}
