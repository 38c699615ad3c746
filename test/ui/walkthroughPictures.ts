// The walkthrough's pictures (media/walkthrough/) and the README's of the cluster page, taken in the real workbench with
// the package installed, on a cluster made from a seed: `npm run pictures [-- VSIX]` (Node 24, Chromium).
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { runTopic, runsTopic } from '../../src/api/topics.ts';
import type { TaskInstanceView, TaskRun } from '../../src/api/people.ts';
import { busyCluster } from '../support/busyCluster.ts';
import type { FakeService } from '../vscode/support/fakeService.ts';
import { running, taskRun } from '../vscode/support/views.ts';
import { instance } from '../unit/extension/tree/taskRuns/runs.ts';
import { Editor } from './editor.ts';
import { fakeCluster } from './fakeCluster.ts';
import { packaged } from './packaged.ts';
import {
  codeLens,
  editorShows,
  expand,
  openFile,
  openViews,
  patience,
  runCommand,
  themed,
  treeRow,
  welcomeButton,
  widen,
} from './workbench.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const media = path.join(root, 'media', 'walkthrough');
type Clip = NonNullable<NonNullable<Parameters<Page['screenshot']>[0]>['clip']>;
/** Our views, widened. */
const sideBar: Clip = { x: 0, y: 34, width: 502, height: 556 };
const themes = [
  { name: 'dark', workbench: 'vs-dark', media: { colorScheme: 'dark' } },
  { name: 'light', workbench: 'vs', media: { colorScheme: 'light' } },
] as const;

fs.mkdirSync(media, { recursive: true });
const editor = await Editor.start({
  vsix: process.argv[2] ?? packaged(),
  workspaceTrust: false,
  screen: { viewport: { width: 1000, height: 620 } },
});
let service: FakeService | undefined;
try {
  const folder = editor.workspace('weather', { 'mesosAirflow.cluster': 'weather' });
  const page = await editor.open(folder);
  await openViews(page);
  await welcomeButton(page, 'Start Mesos Airflow Cluster').waitFor({ timeout: patience });
  await widen(page, 200);
  await take(page, 'start', sideBar);

  const now = Date.now();
  service = await fakeCluster(editor.home, 'weather', busyCluster(now, { agents: 4 }));
  tellOfWeather(service, now, path.join(folder, 'dags'));
  // More room for the task runs.
  await page.locator('.pane-header', { hasText: 'DAGs' }).click({ timeout: patience });
  await expand(page, 'summarise');
  await treeRow(page, 'summarise[2]').waitFor({ timeout: patience });
  await take(page, 'run', sideBar);
  await treeRow(page, 'read_stations').click({ timeout: patience });
  await editorShows(page, 'ended: success');
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await take(page, 'log');

  await openFile(page, 'weather_report.py');
  // Where the DAG begins.
  await page.keyboard.press('Control+G');
  await page.keyboard.type('46\n');
  await codeLens(page, 'Run on Mesos').waitFor({ timeout: patience });
  await take(page, 'write');

  await runCommand(page, 'View: Close All Editors');
  await runCommand(page, 'Show Cluster Page');
  const shown = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await shown.getByLabel(/^agent-4, cpus/).waitFor({ timeout: patience });
  await take(page, 'look');
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light' });
  await themed(page, 'vs');
  await page.screenshot({ path: path.join(root, 'docs', 'images', 'cluster-page.png') });
} catch (error) {
  for (const page of editor.pages)
    await page.screenshot({ path: path.join(root, 'out', 'pictures-failed.png') });
  throw error;
} finally {
  await service?.stop();
  await editor.end();
}

/** A run of the example DAG beside the others: some of its tasks are over, some run, one waits. */
function tellOfWeather(of: FakeService, now: number, dags: string): void {
  const run_id = `manual__${new Date(now - 40_000).toISOString()}`;
  const dag_id = 'weather_report';
  const key = { dag_id, run_id };
  const at = { launched: now - 32_000, started: now - 30_000, queued: now - 36_000 };
  const over = { state: 'finished', airflow_state: 'success' } as const;
  const read = running('w-read', {
    ...at,
    ...over,
    key: { ...key, task_id: 'read_stations' },
    ended: now - 24_000,
  });
  const summaries = [0, 1, 2, 3, 4, 5].map((map_index) => {
    const mine = { key: { ...key, task_id: 'summarise', map_index }, ...at };
    if (map_index < 2) return running(`w-${map_index}`, { ...mine, ...over, ended: now - 6000 });
    if (map_index < 5) return running(`w-${map_index}`, mine);
    const waits = 'agent-2 has 0.5 cpus free, it needs 1';
    return taskRun(`w-${map_index}`, { key: mine.key, queued: at.queued, waits });
  });
  const written = instance('write_report', { upstream: ['summarise'] });
  const runs = [read, ...summaries];
  for (const one of runs) {
    of.tell({ type: 'task', task: one });
    of.logs.set(
      one.id,
      'Reading data/stations.csv\n432 rows of 36 stations in 6 regions\nThe table is whole.\n',
    );
  }
  const started = now - 40_000;
  of.tell({ type: 'cluster', cluster: { ...of.snapshot.cluster, dags_folder: dags } });
  const last_run = { run_id, state: 'running', started, ended: null };
  const dag = { dag_id, fileloc: path.join(dags, 'weather_report.py'), paused: false, schedule: '@daily' };
  of.dags = [{ ...dag, has_import_errors: false, last_run }];
  of.page('dags', { type: 'dags', dags: of.dags, import_errors: [] });
  const summary = { ...last_run, dag_id, kind: 'manual' };
  of.page(runsTopic(dag_id), { type: 'runs', dag_id, runs: [summary], more: false });
  const tasks = [...runs.map(instanceOf), written];
  of.page(runTopic(dag_id, run_id), { type: 'run', run: { ...last_run, dag_id, tasks } });
}

function instanceOf(run: TaskRun): TaskInstanceView {
  const { task_id, map_index } = run.key;
  const state = run.airflow_state ?? run.state;
  const { mesos_task_id, agent, waits, queued, started, ended } = run;
  const upstream = task_id === 'summarise' ? ['read_stations'] : [];
  return instance(task_id, {
    map_index,
    state,
    mesos_task_id,
    agent,
    waits,
    queued,
    started,
    ended,
    upstream,
    runs: [run],
  });
}

async function take(page: Page, name: string, clip?: Clip): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia(theme.media);
    await themed(page, theme.workbench);
    await page.mouse.move(600, 610);
    const file = path.join(media, `${name}-${theme.name}.png`);
    await page.screenshot({ path: file, animations: 'disabled', ...(clip ? { clip } : {}) });
    process.stdout.write(`${path.relative(root, file)} ${Math.round(fs.statSync(file).size / 1024)} kB\n`);
  }
}
