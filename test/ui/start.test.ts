import assert from 'node:assert/strict';
import { Editor } from './editor.ts';
import { packaged } from './packaged.ts';
import { photograph, screenshots } from './screenshots.ts';
import {
  openViews,
  patience,
  pick,
  quickPickRow,
  restricted,
  runCommand,
  toast,
  toastButton,
  walkthroughSteps,
  welcomeButton,
} from './workbench.ts';

describe('before a cluster is there', function () {
  this.timeout(240_000);
  let editor: Editor | undefined;
  const started = (): Editor => editor ?? assert.fail('there is no editor');

  before(async () => {
    editor = await Editor.start({ vsix: packaged() });
  });
  after(() => editor?.end());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await photograph(editor?.pages ?? [], this.currentTest.title);
  });

  it('offers to start one, and asks what it shall consist of', async () => {
    const page = await started().open(started().workspace('weather'));
    await openViews(page);
    await welcomeButton(page, 'Start Mesos Airflow Cluster').waitFor({ timeout: patience });
    await screenshots(page, '01-welcome');
    await welcomeButton(page, 'Start Mesos Airflow Cluster').click();
    await quickPickRow(page, '· Python').waitFor({ timeout: patience });
    await screenshots(page, '02-question');
    await page.keyboard.press('Escape');
    await quickPickRow(page, '· Python').waitFor({ state: 'hidden', timeout: patience });
    await started().close(page);
  });

  it('leads through its first five steps', async () => {
    const page = await started().open(started().workspace('beginner'));
    await runCommand(page, 'Welcome: Open Walkthrough...');
    await pick(page, 'Airflow on Mesos in five steps');
    await walkthroughSteps(page).first().waitFor({ timeout: patience });
    assert.equal(await walkthroughSteps(page).count(), 5);
    await screenshots(page, '05-walkthrough');
    await started().close(page);
  });

  it('says why a start is not possible, with what can be done about it', async () => {
    const settings = { 'mesosAirflow.engine': 'embedded', 'mesosAirflow.dagsFolder': 'nowhere' };
    const page = await started().open(started().workspace('astray', settings));
    await runCommand(page, 'Start Mesos Airflow Cluster');
    const error = /There is no DAG folder .*astray\/nowhere.*mesosAirflow\.dagsFolder/;
    await toast(page, error).waitFor({ timeout: patience });
    await toastButton(page, error, 'Retry').waitFor({ timeout: patience });
    await screenshots(page, '03-error');
    await toastButton(page, error, 'Open Settings').click({ timeout: patience });
    await page.getByText('Mesos Airflow: Dags Folder').first().waitFor({ timeout: patience });
    await started().close(page);
  });

  it('starts nothing in restricted mode, and leads to where the folder can be trusted', async () => {
    const page = await started().open(started().workspace('stranger'), { trusted: false });
    await openViews(page);
    await welcomeButton(page, 'Manage Workspace Trust').waitFor({ timeout: patience });
    await runCommand(page, 'Start Mesos Airflow Cluster');
    const refusal = /restricted mode/;
    await toast(page, refusal).waitFor({ timeout: patience });
    await screenshots(page, '04-restricted');
    await toastButton(page, refusal, 'Manage Workspace Trust').click({ timeout: patience });
    await page.locator('.workspace-trust-editor').waitFor({ timeout: patience });
    await restricted(page).waitFor({ timeout: patience });
    await started().close(page);
  });
});
