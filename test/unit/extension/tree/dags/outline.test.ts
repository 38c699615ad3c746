import assert from 'node:assert/strict';
import type { DagRunSummary, ImportError } from '../../../../../src/api/people.ts';
import { DagsViewOf } from '../../../../../src/extension/tree/dags/view.ts';
import type { Outline } from '../../../../../src/extension/tree/rows.ts';
import { targetOf } from '../../../../../src/extension/tree/target.ts';
import { atNoon, clusterView, dagView } from '../../../../vscode/support/views.ts';
import { picture, text } from '../outlines.ts';

const broken: ImportError = {
  file: '/work/dags/sub/broken.py',
  line: 12,
  message: "ModuleNotFoundError: No module named 'pandsa'",
  trace: 'Traceback (most recent call last):\n  File "/work/dags/sub/broken.py", line 12\n',
};

function summary(runId: string, over: Partial<DagRunSummary> = {}): DagRunSummary {
  const times = { started: atNoon - 9000, ended: atNoon };
  return { dag_id: 'weather', run_id: runId, state: 'success', kind: 'manual', ...times, ...over };
}

function outline(over: Parameters<typeof picture>[0], ...open: string[]): Outline {
  return new DagsViewOf().outline(picture(over), atNoon, new Set(open));
}

describe('the view DAGs', () => {
  it('shows import errors, then what fails, then the others by name', () => {
    const last_run = { run_id: 'r', state: 'running', started: atNoon - 60_000, ended: null };
    const shown = outline({
      dags: [
        dagView('zebra', { last_run: { run_id: 'r', state: 'failed', started: atNoon - 1, ended: atNoon } }),
        dagView('dag10', { schedule: '*/5 * * * *' }),
        dagView('dag9', { paused: true, schedule: '30 6 * * 1-5' }),
        dagView('broken', { has_import_errors: true }),
        dagView('daily', { schedule: '0 0 * * *', last_run }),
      ],
      importErrors: [broken],
    });
    assert.deepEqual(text(shown), [
      "sub/broken.py | line 12: ModuleNotFoundError: No module named 'pandsa'",
      'broken | import error · by hand · never ran',
      'zebra | by hand · last run failed, 12:00',
      'dag9 | paused · 30 6 * * 1-5 · never ran',
      'dag10 | every 5 minutes · never ran',
      'daily | daily · last run running, 11:59',
    ]);
    const icons = ['dag:dag9', 'dag:zebra', 'dag:daily'].map((id) => shown.rows.get(id)?.icon?.id);
    assert.deepEqual(icons, ['debug-pause', 'error', 'circle-filled']);
    assert.deepEqual(
      ['dag:dag9', 'dag:dag10'].map((id) => shown.rows.get(id)?.context),
      ['pausedDag', 'activeDag'],
    );
  });

  it('opens the file of what is clicked, at its line', () => {
    const shown = outline({ dags: [dagView('weather')], importErrors: [broken] });
    const [error, dag] = shown.roots.map((id) => shown.rows.get(id));
    assert.deepEqual(
      [error?.click?.command, error?.click?.arguments],
      ['mesosAirflow.openDagFile', [{ file: broken.file, line: 12 }]],
    );
    assert.deepEqual(targetOf(error?.target), { file: broken.file, line: 12 });
    assert.deepEqual(
      [dag?.click?.command, dag?.click?.arguments],
      ['mesosAirflow.openDagFile', [{ dag_id: 'weather' }]],
    );
  });

  it('names files as they lie in the DAG folder, wherever Airflow reads it', () => {
    const cluster = clusterView({ engine: 'docker', dags_mount: '/opt/dags' });
    const errors = ['/opt/dags/a.py', '/elsewhere/b.py', 'c.py'].map((file) => ({
      ...broken,
      file,
      line: null,
    }));
    const shown = outline({ cluster, dags: [], importErrors: errors });
    assert.deepEqual(
      shown.roots.map((id) => shown.rows.get(id)?.label),
      ['/elsewhere/b.py', 'a.py', 'c.py'],
    );
  });

  it('gives two errors of one file a row each', () => {
    const shown = outline({ dags: [], importErrors: [broken, { ...broken, line: 14 }] });
    assert.equal(new Set(shown.roots).size, 2);
  });

  it('shows below a DAG its last runs, which a click shows in Task Runs', () => {
    const runs = new Map([
      [
        'weather',
        {
          runs: [
            summary('manual__2026-11-23T11:59:50.000+00:00', { state: 'running', ended: null }),
            summary('nightly', { kind: 'asset_triggered', state: 'failed' }),
          ],
          more: false,
        },
      ],
    ]);
    const shown = outline({ dags: [dagView('weather'), dagView('other')], runs }, 'dag:weather');
    const [run, other] = shown.rows.get('dag:weather')?.children.map((id) => shown.rows.get(id)) ?? [];
    assert.match(`${run?.label} | ${run?.description}`, /^manual [\d: -]+ \| running · < 1 min$/);
    assert.equal(`${other?.label} | ${other?.description}`, 'nightly | failed · asset triggered · 9 s');
    assert.equal(other?.context, 'failedDagRun');
    assert.deepEqual(targetOf(other.id), { dag_id: 'weather', run_id: 'nightly' });
    assert.equal(other.click?.command, 'mesosAirflow.showInTaskRuns');
    assert.deepEqual(shown.rows.get('dag:other')?.children, []);
  });

  it('asks for the runs of expanded DAGs, and for more of them as they are wanted, up to 100', () => {
    const view = new DagsViewOf();
    const id = 'dag:we:ather';
    const open = new Set([id]);
    const page = (count: number, more: boolean): ReturnType<typeof picture> =>
      picture({
        dags: [dagView('we:ather')],
        runs: new Map([
          ['we:ather', { runs: Array.from({ length: count }, (_, n) => summary(`r${n}`)), more }],
        ]),
      });
    const last = (count: number, more: boolean): string | undefined =>
      view.outline(page(count, more), atNoon, open).rows.get(id)?.children.at(-1);
    assert.deepEqual([...view.topics(new Set())], ['cluster', 'dags']);
    assert.deepEqual([...view.topics(open)].slice(2), ['runs:we%3Aather']);
    assert.equal(last(25, false), 'run:weather/r24');
    assert.equal(last(25, true), `more:${id}`);
    view.loadMore(id);
    assert.equal(last(25, true), `loading:${id}`);
    assert.equal(last(50, true), `more:${id}`);
    view.loadMore(id);
    assert.deepEqual([...view.topics(open)].slice(2), ['runs:we%3Aather:100']);
    assert.equal(last(100, true), `older:${id}`);
  });

  it('shows very many DAGs in pages', () => {
    const view = new DagsViewOf();
    const shown = picture({ dags: Array.from({ length: 301 }, (_, index) => dagView(`dag-${index}`)) });
    const roots = (): readonly string[] => view.outline(shown, atNoon, new Set()).roots;
    assert.deepEqual([roots().length, roots().at(-1)], [301, 'more:mesosAirflow.dags']);
    view.loadMore('mesosAirflow.dags');
    assert.equal(roots().at(-1), 'dag:dag-300');
  });

  it('says that Airflow starts, that it does not answer, that there are no DAGs', () => {
    const problem = { error: 'Airflow does not answer', next: 'Wait until it is ready.' };
    const problems = new Map([['dags', { problem, gone: false }]]);
    const starting = clusterView({ state: 'starting' });
    assert.deepEqual(text(outline({ cluster: starting, problems })), ['Airflow is starting… | ']);
    assert.deepEqual(text(outline({})), ['Loading… | ']);
    assert.deepEqual(text(outline({ problems })), ['Airflow does not answer | Wait until it is ready.']);
    assert.equal(text(outline({ dags: [dagView('weather')], problems })).length, 2);
    assert.deepEqual(text(outline({ dags: [] })), ['No DAGs yet | their files belong in /work/dags']);
    const gone = { problem, gone: true };
    const removed = outline({ dags: [dagView('d')], problems: new Map([['runs:d', gone]]) }, 'dag:d');
    assert.deepEqual(removed.rows.get('dag:d')?.children, ['problem:dag:d']);
    assert.deepEqual(outline({ dags: [dagView('d')] }, 'dag:d').rows.get('dag:d')?.children, [
      'loading:dag:d',
    ]);
  });

  it('has a badge that counts import errors', () => {
    const view = new DagsViewOf();
    const badge = (importErrors?: ImportError[]): unknown => view.header(picture({ importErrors })).badge;
    assert.deepEqual(badge([broken]), { count: 1, tooltip: '1 DAG file cannot be loaded' });
    assert.deepEqual(badge([broken, broken]), { count: 2, tooltip: '2 DAG files cannot be loaded' });
    assert.equal((badge() as { count: number }).count, 0);
  });

  it('escapes what comes from elsewhere', () => {
    const evil = '[click](command:evil) <img src=x>\nmore';
    const shown = outline(
      {
        dags: [dagView(evil, { fileloc: evil, schedule: evil })],
        importErrors: [{ file: evil, line: 1, message: evil, trace: '' }],
        runs: new Map([
          [evil, { runs: [summary(evil, { dag_id: evil, state: evil, kind: evil })], more: false }],
        ]),
      },
      `dag:${evil}`,
    );
    assert.ok(shown.rows.size >= 3);
    for (const { id, tooltip = '' } of shown.rows.values()) {
      assert.doesNotMatch(tooltip, /(?<!\\)(\[click|<img)/, id);
    }
  });
});
