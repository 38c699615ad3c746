import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { listClusters, type KnownCluster } from '../../src/client/discover.ts';
import { userFolders } from '../../src/host/folders.ts';
import { until } from '../support/until.ts';
import { Editor } from './editor.ts';
import { packaged } from './packaged.ts';
import { screenshots } from './screenshots.ts';
import { inSteps } from './steps.ts';
import {
  clearToasts,
  clusterPage,
  codeLens,
  deleteLastLine,
  editorShows,
  expand,
  expanded,
  inputBox,
  openFile,
  openViews,
  patience,
  pick,
  quickPickRow,
  reload,
  restricted,
  runCommand,
  runTogether,
  save,
  squiggle,
  startLimitMs,
  statusItem,
  toast,
  toastButton,
  treeRow,
  typeAtEnd,
  unlessError,
  welcomeButton,
} from './workbench.ts';

describe('a cluster, as a person meets it', function () {
  this.timeout(240_000);
  let editor: Editor;
  let folder: string;
  let page: Page;

  before(async () => {
    editor = await Editor.start({ vsix: packaged() });
    folder = editor.workspace('weather');
    page = await editor.open(folder);
  });
  inSteps(() => editor);
  after(async () => {
    await editor.end();
  });

  it('is started from the palette, and its phases are seen', async function () {
    this.timeout(startLimitMs);
    await openViews(page);
    await welcomeButton(page, 'Start Mesos Airflow Cluster').waitFor({ timeout: patience });
    await runCommand(page, 'Start Mesos Airflow Cluster');
    await quickPickRow(page, '· Python').waitFor({ timeout: patience });
    await page.keyboard.press('Enter');
    await unlessError(page, toast(page, /Airflow · api-server/).waitFor({ timeout: startLimitMs }));
    await statusItem(page, /Mesos Airflow.*:.*…/).waitFor({ timeout: patience });
    await screenshots(page, '10-starting');
    const ready = toast(page, 'The Mesos Airflow cluster is ready').waitFor({ timeout: startLimitMs });
    await unlessError(page, ready);
    await screenshots(page, '11-ready');
    await clearToasts(page);
    await statusItem(page, /Mesos Airflow.*idle/).waitFor({ timeout: patience });
  });

  it('shows its agents and its offers', async () => {
    await expand(page, /^agents/i);
    await treeRow(page, /^agent-1, .* of \d+ cpus/).waitFor({ timeout: patience });
    await treeRow(page, /^agent-2, .* of \d+ cpus/).waitFor({ timeout: patience });
    await expand(page, /^offers/i);
    await screenshots(page, '12-cluster');
  });

  it('runs a DAG, whose task runs turn green', async () => {
    await runCommand(page, 'Trigger DAG');
    await pick(page, 'weather_report');
    await inputBox(page, 'Trigger weather_report').waitFor({ timeout: patience });
    await page.keyboard.press('Enter');
    await treeRow(page, /^read_stations, /).waitFor({ timeout: patience });
    await screenshots(page, '13-running');
    await expand(page, /^summarise \[0\.\.5\], /);
    await treeRow(page, /^write_report, success/).waitFor({ timeout: 120_000 });
    await treeRow(page, /^weather_report, success/).waitFor({ timeout: patience });
    await treeRow(page, /^summarise\[5\].*success/).waitFor({ timeout: patience });
    await clearToasts(page);
    await screenshots(page, '14-success');
  });

  it('leads from a task run to its log', async () => {
    await treeRow(page, /^read_stations, success/).click();
    await editorShows(page, 'ended: success');
    await editorShows(page, 'rows in stations.csv');
    await screenshots(page, '15-log');
  });

  it('shows itself on a page', async () => {
    await runCommand(page, 'Show Cluster Page');
    await clusterPage(page).getByText('agent-1').first().waitFor({ timeout: patience });
    await screenshots(page, '16-page');
    await runCommand(page, 'View: Close All Editors');
  });

  it('is there again after a reload of the window, with its rows as they were folded', async () => {
    const from = Date.now();
    await reload(page);
    const shown = Date.now();
    await treeRow(page, /^write_report, success/).waitFor({ timeout: patience });
    process.stdout.write(
      `      rows ${Date.now() - shown} ms after the workbench, which took ${shown - from} ms\n`,
    );
    await treeRow(page, /^summarise\[5\].*success/).waitFor({ timeout: patience });
    await expanded(page, /^agents/i).waitFor({ timeout: patience });
    await expanded(page, /^offers/i).waitFor({ timeout: patience });
    await screenshots(page, '17-reloaded');
  });

  it('shows what a save broke, and that it was mended', async () => {
    await openFile(page, 'weather_report.py');
    await codeLens(page, 'Run on Mesos').waitFor({ timeout: patience });
    await screenshots(page, '18-dag-file');
    await typeAtEnd(page, 'import pandsa');
    await save(page);
    await squiggle(page).waitFor({ timeout: patience });
    // What has run is no less there.
    await treeRow(page, /^weather_report, success/).waitFor({ timeout: patience });
    await screenshots(page, '19-broken');
    await deleteLastLine(page);
    await save(page);
    await squiggle(page).waitFor({ state: 'detached', timeout: patience });
  });

  it('is shown to whoever does not trust the folder, and cannot be changed by them', async () => {
    const stranger = await editor.open(folder, { trusted: false });
    await openViews(stranger);
    await expand(stranger, /^weather_report, success/);
    await expand(stranger, /^manual .*success/);
    await treeRow(stranger, /^write_report, success/).waitFor({ timeout: patience });
    await restricted(stranger).waitFor({ timeout: patience });
    await runCommand(stranger, 'Restart Mesos Airflow Cluster');
    await toastButton(stranger, /restricted mode/, 'Manage Workspace Trust').waitFor({ timeout: patience });
    await screenshots(stranger, '20-restricted');
    await editor.close(stranger);
  });

  it('is stopped from the palette', async () => {
    await runCommand(page, 'Stop Mesos Airflow Cluster');
    await welcomeButton(page, 'Start Mesos Airflow Cluster').waitFor({ timeout: patience });
    await until(async () => (await running(editor)).length === 0, { what: 'no service', limitMs: patience });
    await screenshots(page, '21-stopped');
  });

  it('is one for two windows that start it at once', async function () {
    this.timeout(startLimitMs);
    const shared = editor.workspace('shared', { 'mesosAirflow.engine': 'embedded' });
    const windows = await Promise.all([editor.open(shared), editor.open(shared)]);
    await runTogether(windows, 'Start Mesos Airflow Cluster');
    for (const window of windows) {
      const ready = statusItem(window, /Mesos Airflow.*idle/).waitFor({ timeout: startLimitMs });
      await unlessError(window, ready);
      assert.equal(await window.locator('.notification-toast .codicon-error').count(), 0);
    }
    assert.equal((await running(editor)).length, 1);
    for (const [index, window] of windows.entries()) await screenshots(window, `22-window-${index + 1}`);
  });
});

async function running(editor: Editor): Promise<KnownCluster[]> {
  const clusters = await listClusters(userFolders({ ...process.env, MESOS_AIRFLOW_HOME: editor.home }));
  return clusters.filter(({ runtime }) => runtime !== null);
}
