import assert from 'node:assert/strict';
import { bothEnds, mostCharacters, shortDetail } from '../../../../src/extension/commandLine/detail.ts';
import type { PhaseLine } from '../../../../src/extension/commandLine/progress.ts';
import { RunningPhases } from '../../../../src/extension/commandLine/runningPhases.ts';

describe('a phase’s detail', () => {
  it('stays as it is where it is short', () => {
    assert.equal(shortDetail('Airflow 3.3.2, 132 packages · Zürich'), 'Airflow 3.3.2, 132 packages · Zürich');
  });

  it('is the last line of what a build says, without colours and with short digests', () => {
    const build = 'Step 4/9 : RUN pip install\n\u001b[32mCollecting  apache-airflow\u001b[0m\r\n\n';
    assert.equal(shortDetail(build), 'Collecting apache-airflow');
    const digest = 'a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4';
    assert.equal(
      shortDetail(`python@sha256:${digest} 12 of 48 MB`),
      'python@sha256:a3ed95caeb02 12 of 48 MB',
    );
  });

  it('keeps both ends of a long line', () => {
    const long = `docker.io/library/postgres:17-bookworm ${'very '.repeat(40)}· 120 of 431 MB`;
    const short = shortDetail(long);
    assert.ok(short.length <= mostCharacters, short);
    assert.match(short, /^docker\.io\/library\/postgres:17-bookworm .*… very .*· 120 of 431 MB$/);
    assert.ok(shortDetail('x'.repeat(500)).length <= mostCharacters);
  });
});

describe('a reason with many lines', () => {
  it('is shown by its first line and its last', () => {
    assert.equal(bothEnds('no answer within 3 min', 300), 'no answer within 3 min');
    const log = `Step 7/12 failed\n${'  Collecting x\n'.repeat(50)}  ERROR: No matching distribution for pandsa\n`;
    assert.equal(bothEnds(log, 300), 'Step 7/12 failed … ERROR: No matching distribution for pandsa');
    assert.ok(bothEnds(`${'x '.repeat(400)}\n${'y '.repeat(400)}`, 300).length <= 300);
  });
});

describe('phases that run side by side', () => {
  const line = (phase: string, state: PhaseLine['state'], detail = ''): PhaseLine => ({
    ...{ type: 'phase', phase, state, detail, elapsed_ms: 1 },
  });

  it('are shown one at a time, without jumping between them', () => {
    const phases = new RunningPhases();
    assert.deepEqual(phases.after(line('Airflow image', 'running', 'step 1')), {
      ...{ phase: 'Airflow image', detail: 'step 1' },
    });
    assert.equal(phases.after(line('Mesos image', 'running', '3 MB')).detail, 'step 1');
    assert.equal(phases.after(line('Airflow image', 'running', 'step 2')).detail, 'step 2');
    assert.deepEqual(phases.after(line('Airflow image', 'done', '431 MB')), {
      ...{ phase: 'Mesos image', detail: '3 MB' },
    });
    assert.deepEqual(phases.after(line('Mesos image', 'done', '9 MB')), {
      ...{ phase: 'Mesos image', detail: '9 MB' },
    });
  });
});
