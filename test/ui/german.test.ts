import type { Page } from 'playwright-core';
import { busyCluster } from '../support/busyCluster.ts';
import type { FakeService } from '../vscode/support/fakeService.ts';
import { Editor } from './editor.ts';
import { fakeCluster } from './fakeCluster.ts';
import { packaged } from './packaged.ts';
import { photograph, screenshots } from './screenshots.ts';
import { clusterPage, openViews, patience, runCommand, treeRow, welcomeButton } from './workbench.ts';

describe('a window in German', function () {
  this.timeout(180_000);
  let editor: Editor;
  let page: Page;
  let service: FakeService | undefined;
  const { MESOS_AIRFLOW_HOME: home } = process.env;

  before(async () => {
    editor = await Editor.start({ vsix: packaged(), workspaceTrust: false, language: 'de' });
    page = await editor.open(editor.workspace('verkauf', { 'mesosAirflow.cluster': 'analytics' }));
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await photograph(editor.pages, this.currentTest.title);
  });
  after(async () => {
    await service?.stop();
    await editor.end();
    if (home === undefined) delete process.env.MESOS_AIRFLOW_HOME;
    else process.env.MESOS_AIRFLOW_HOME = home;
  });

  it('has what package.json says in German', async () => {
    await openViews(page);
    await welcomeButton(page, 'Mesos Airflow-Cluster starten').waitFor({ timeout: patience });
    await page.locator('.pane-header', { hasText: 'Task-Läufe' }).waitFor({ timeout: patience });
  });

  it('has what the code says in German, in the views and on the cluster page', async () => {
    service = await fakeCluster(editor.home, 'analytics', busyCluster(Date.now()));
    await treeRow(page, /^Agenten \(6\), [\d.]+ von \d+ CPUs frei/).waitFor({ timeout: patience });
    await runCommand(page, 'Clusterseite anzeigen');
    await clusterPage(page).getByRole('heading', { name: 'Zeitachse' }).waitFor({ timeout: patience });
    await screenshots(page, '45-german');
  });
});
