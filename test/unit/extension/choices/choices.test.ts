import assert from 'node:assert/strict';
import type { DagView } from '../../../../src/api/people.ts';
import { dagItems } from '../../../../src/extension/choices/dags.ts';
import { isOfTarget, isOneTask } from '../../../../src/extension/choices/ofTarget.ts';
import { defaultsText, descriptionOf, parametersIn } from '../../../../src/extension/choices/parameters.ts';
import { purgeQuestion } from '../../../../src/extension/choices/purgeQuestion.ts';
import { clearQuestion, killQuestion } from '../../../../src/extension/choices/questions.ts';
import { taskRunItems } from '../../../../src/extension/choices/taskRuns.ts';
import { targetOf } from '../../../../src/extension/tree/target.ts';
import { atNoon, running, taskRun } from '../../../vscode/support/views.ts';

const dag = (dag_id: string, over: Partial<DagView> = {}): DagView => ({
  dag_id,
  fileloc: `/work/dags/${dag_id}.py`,
  paused: false,
  schedule: null,
  has_import_errors: false,
  last_run: null,
  ...over,
});

describe('the picker of DAGs', () => {
  it('sorts them, and says when they run, that one is paused, and how it last went', () => {
    const items = dagItems(
      [
        dag('weather', {
          schedule: '@daily',
          paused: true,
          last_run: { run_id: 'scheduled__2026-11-23T00:00:00+00:00', state: 'failed' },
        }),
        dag('etl', { has_import_errors: true }),
      ],
      atNoon,
    );
    assert.deepEqual(
      items.map(({ label, description }) => [label, description]),
      [
        ['etl', 'no schedule · its file cannot be imported'],
        ['weather', '@daily · paused'],
      ],
    );
    assert.equal(items[0]?.detail, undefined);
    assert.match(items[1]?.detail ?? '', /^last run: scheduled .*\d\d:\d\d:\d\d · failed$/);
  });
});

describe('the picker of task runs', () => {
  it('tells two tries of the same task apart, with their state and agent', () => {
    const runs = [running('r2', { key: { map_index: 2, try_number: 2 } }), taskRun('r1')];
    const items = taskRunItems(runs, atNoon);
    assert.deepEqual(
      items.map(({ label, detail }) => [label, detail]),
      [
        ['summarise[2] · try 2', 'running · agent-1'],
        ['summarise · try 1', 'waiting'],
      ],
    );
  });
});

describe('the parameters of a run', () => {
  it('are a JSON object; nothing stands for none', () => {
    assert.deepEqual(parametersIn('  '), { conf: {} });
    assert.deepEqual(parametersIn('{"city": "Zürich", "days": [1]}'), {
      conf: { city: 'Zürich', days: [1] },
    });
  });

  it('are refused before they are sent, with the reason', () => {
    for (const text of ['[1]', '"x"', 'null', '7']) {
      const read = parametersIn(text);
      assert.ok('problem' in read && read.problem.includes('a JSON object'), text);
    }
    const broken = parametersIn('{city: 1}');
    assert.ok('problem' in broken && broken.problem.startsWith('This is not JSON: '));
  });
});

describe('the parameters that a DAG declares', () => {
  const params = [
    { name: 'city', value: 'Zürich', description: 'Where\n  it is.', schema: { type: 'string' } },
    { name: 'way', value: 'left', description: null, schema: { enum: ['left', 'right'] } },
    { name: 'days', value: null, description: null, schema: { type: ['null', 'integer'] } },
  ];

  it('are what a person begins with, in one line that is read back the same', () => {
    const text = defaultsText(params);
    assert.equal(text, '{"city": "Zürich", "way": "left", "days": null}');
    assert.deepEqual(parametersIn(text), { conf: { city: 'Zürich', way: 'left', days: null } });
    assert.equal(defaultsText([]), '');
  });

  it('are described as far as the DAG does', () => {
    assert.equal(
      descriptionOf(params),
      'city (string): Where it is. · way ("left", "right") · days (null, integer)',
    );
    assert.equal(descriptionOf([]), '');
  });
});

describe('what is asked before all data goes', () => {
  it('names each cluster with what it has, folders and images with their sizes, and what stays', () => {
    const { text, detail } = purgeQuestion({
      clusters: [
        {
          name: 'default',
          engine: 'embedded',
          state: 'ready',
          goes: ['/state/default (40 MB):', 'all runs'],
        },
      ],
      caches: [{ path: '/cache/environments', what: 'Python environments', bytes: 290 * 2 ** 20 }],
      images: Array.from({ length: 10 }, (_, n) => ({ name: `mesos-airflow/x:${n}`, bytes: 2 ** 31 })),
      stays: ['Your DAG files stay.'],
    });
    assert.equal(text, 'Remove all data of Mesos Airflow?');
    assert.match(detail, /default \(embedded, ready\)\n\/state\/default \(40 MB\):\nall runs/);
    assert.match(detail, /\/cache\/environments \(290 MB\): Python environments/);
    assert.match(detail, /mesos-airflow\/x:7 \(2 GB\)\n… and 2 more/);
    assert.match(detail, /Your DAG files stay\.$/);
  });
});

describe('a row of a DAG, a run, a task or an instance', () => {
  const { key } = taskRun('r1', { key: { map_index: 2 } });
  const run = { key };

  it('names the task runs that belong to it', () => {
    const { dag_id, run_id, task_id } = key;
    for (const target of [{}, { dag_id }, { dag_id, run_id }, { dag_id, run_id, task_id, map_index: 2 }]) {
      assert.ok(isOfTarget(run, target), JSON.stringify(target));
    }
    assert.ok(!isOfTarget(run, { dag_id: 'other' }));
    assert.ok(!isOfTarget(run, { dag_id, run_id, task_id, map_index: 1 }));
  });

  it('is one task where it names its instance', () => {
    const { dag_id, run_id, task_id } = key;
    assert.ok(isOneTask({ dag_id, run_id, task_id, map_index: -1 }));
    assert.ok(!isOneTask({ dag_id, run_id, task_id }));
    assert.ok(!isOneTask({ dag_id, run_id }));
  });
});

describe('what is asked before a task is killed', () => {
  it('names the task, where it runs and since when, and what is lost', () => {
    const { text, detail } = killQuestion(
      running('r1', { key: { map_index: 3 } }),
      atNoon + 5 * 60_000 + 1000,
    );
    assert.equal(text, 'Kill summarise[3] of weather_report?');
    assert.match(detail, /try 1 · running · agent-1 · 5 min/);
    assert.match(detail, /What this try has done so far and not stored is lost/);
  });

  it('says of one that waits that it has not begun', () => {
    const { detail } = killQuestion(taskRun('r1'), atNoon);
    assert.match(detail, /· waiting\n/);
    assert.match(detail, /It has not begun/);
  });
});

describe('what is asked before tasks run again', () => {
  const of = { named: 'extract', dag_id: 'etl', run_id: 'manual__1' };
  const task = (
    task_id: string,
    state: string | null,
    map_index = -1,
  ): Parameters<typeof clearQuestion>[1][0] => ({
    task_id,
    map_index,
    state,
  });

  it('says how many, and which, with the states that are lost', () => {
    const planned = [
      task('extract', 'failed'),
      task('load', 'upstream_failed', 0),
      task('load', 'running', 1),
    ];
    const { text, detail } = clearQuestion(of, planned, atNoon);
    assert.equal(text, 'Run 3 tasks again: extract with what depends on it?');
    assert.match(detail, /Of etl, manual__1\./);
    assert.match(detail, /1 of them is not over, and is ended first\./);
    assert.match(detail, /extract \(failed\)\nload\[0\] \(failed upstream\)\nload\[1\] \(running\)/);
  });

  it('names a dozen of very many', () => {
    const planned = Array.from({ length: 300 }, (_, index) => task('load', 'failed', index));
    const { text, detail } = clearQuestion(of, planned, atNoon);
    assert.match(text, /^Run 300 tasks again/);
    assert.match(detail, /load\[11\] \(failed\)\n… and 288 more$/);
  });

  it('says of one alone nothing that depends on it', () => {
    assert.equal(clearQuestion(of, [task('extract', 'failed')], atNoon).text, 'Run 1 task again: extract?');
  });
});

describe('what a command acts on', () => {
  it('is read from the id of a row', () => {
    assert.deepEqual(targetOf('taskRun:r1'), { task: 'r1' });
    assert.deepEqual(targetOf('run:etl/backfill/2026'), { dag_id: 'etl', run_id: 'backfill/2026' });
    assert.deepEqual(targetOf('dag:etl'), { dag_id: 'etl' });
    assert.deepEqual(targetOf('agent:a:1'), { agent_id: 'a:1' });
  });

  it('is taken as it is from other parts of the extension', () => {
    assert.deepEqual(targetOf({ dag_id: 'etl' }), { dag_id: 'etl' });
  });

  it('is nothing where nothing is named: then a person picks', () => {
    for (const argument of [undefined, null, 7, 'offers', 'run:etl', { dag_id: 7 }]) {
      assert.deepEqual(targetOf(argument), {});
    }
  });
});
