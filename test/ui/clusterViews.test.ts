import type { Page } from 'playwright-core';
import { dagView } from '../vscode/support/views.ts';
import { windowOnBusyCluster } from './fakeWindow.ts';
import { screenshots } from './screenshots.ts';
import { expand, fold, openViews, patience, treeRow } from './workbench.ts';

/** Leaves the room of a view to the others. */
async function foldView(page: Page, title: string): Promise<void> {
  const header = page.locator(`.pane-header[aria-label^="${title}"]`);
  await header.waitFor({ timeout: patience });
  if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  await header.and(page.locator('[aria-expanded=false]')).waitFor({ timeout: patience });
}

describe('the views of a busy cluster', function () {
  this.timeout(180_000);
  const on = windowOnBusyCluster((service, now) => {
    const ended = { started: now - 40_000, ended: now - 12_000 };
    service.page('dags', {
      type: 'dags',
      dags: [
        dagView('weather_report', {
          schedule: '0 0 * * *',
          last_run: { run_id: 'scheduled__2026-11-23T00:00:00+00:00', state: 'success', ...ended },
        }),
        dagView('sales', {
          schedule: '*/5 * * * *',
          last_run: { run_id: 'r2', state: 'running', started: now - 40_000, ended: null },
        }),
        dagView('recommendations', { last_run: { run_id: 'r3', state: 'failed', ...ended } }),
        dagView('archive', { paused: true, schedule: '30 6 * * 1-5' }),
      ],
      import_errors: [
        { file: 'broken.py', line: 12, message: "ModuleNotFoundError: No module named 'pandsa'", trace: '' },
      ],
    });
    const run = { dag_id: 'recommendations', kind: 'scheduled', ...ended };
    service.page('runs:recommendations', {
      type: 'runs',
      dag_id: 'recommendations',
      runs: [
        { ...run, run_id: 'scheduled__2026-11-23T01:00:00+00:00', state: 'failed' },
        { ...run, run_id: 'manual__2026-11-22T16:20:00+00:00', kind: 'manual', state: 'success' },
      ],
      more: true,
    });
  });

  it('show agents and frameworks with their tasks, in each kind of theme', async () => {
    const { page } = on;
    await openViews(page);
    await foldView(page, 'Task Runs');
    await expand(page, 'agent-1, ');
    await treeRow(page, /airflow · running/).waitFor({ timeout: patience });
    await screenshots(page, '42-cluster-view');
  });

  it('show what became of offers', async () => {
    const { page } = on;
    await fold(page, 'Agents');
    await fold(page, 'Frameworks');
    await expand(page, 'Offers');
    await treeRow(page, /accepted [\d:]+ for /).waitFor({ timeout: patience });
    await screenshots(page, '43-offers');
  });

  it('show DAGs, what cannot be loaded first, with their last runs', async () => {
    const { page } = on;
    await foldView(page, 'Cluster');
    await expand(page, 'recommendations, ');
    await treeRow(page, /^scheduled [\d: -]+, failed/).waitFor({ timeout: patience });
    await treeRow(page, /^broken\.py, import error: line 12/).waitFor({ timeout: patience });
    await screenshots(page, '44-dags-view');
  });
});
