import assert from 'node:assert/strict';
import pc from 'picocolors';
import type { DagRunView } from '../../../src/api/people.ts';
import { resultLines, runLines, runRecord } from '../../../src/cli/views/run.ts';
import { instance } from '../extension/tree/taskRuns/runs.ts';

const plain = pc.createColors(false);

const run: DagRunView = {
  dag_id: 'weather_report',
  run_id: 'manual__2026-11-23T15:12:02+00:00',
  state: 'running',
  started: 0,
  ended: null,
  tasks: [
    instance('read_stations', {
      state: 'success',
      agent: 'agent-1',
      mesos_task_id: 'a.1',
      queued: 0,
      started: 200,
      ended: 1000,
    }),
    instance('summarise', {
      map_index: 0,
      state: 'success',
      agent: 'agent-2',
      mesos_task_id: 'x.1',
      started: 1100,
      ended: 2000,
    }),
    instance('summarise', {
      map_index: 1,
      state: 'running',
      agent: 'agent-2',
      mesos_task_id: 'x.1',
      started: 1100,
    }),
    instance('summarise', { map_index: 2, state: 'queued', waits: 'agent-2 has 0.5 cpus free, needs 1' }),
    instance('write_report', { upstream: ['summarise', 'read_stations'] }),
  ],
};

describe('a run that goes on', () => {
  it('has a line for each task, the instances of a mapped one gathered, with why one waits', () => {
    const lines = runLines(run, plain, 5000);
    assert.equal(lines.length, 4);
    assert.match(lines[0] ?? '', /^weather_report · manual run \S/);
    assert.match(lines[1] ?? '', /^ {2}read_stations +✓ success +agent-1 +0\.8 s$/);
    assert.match(
      lines[2] ?? '',
      /^ {2}summarise \[0\.\.2\] +● 1 success, 1 running, 1 waiting: agent-2 has 0\.5 cpus free, needs 1$/,
    );
    assert.match(lines[3] ?? '', /^ {2}write_report +○ waits for summarise$/);
  });

  it('calls a task that has an agent but does not run yet starting, and gives no time to what was skipped', () => {
    const tasks = [
      instance('load', { state: 'queued', agent: 'agent-1', mesos_task_id: 'x.1', queued: 0 }),
      instance('other', { state: 'skipped', started: 100, ended: 100 }),
    ];
    const lines = runLines({ ...run, tasks }, plain, 9000);
    assert.match(lines[1] ?? '', /◌ starting +agent-1$/);
    assert.match(lines[2] ?? '', /– skipped$/);
  });

  it('gathers instances that are alike', () => {
    const tasks = [0, 1, 2].map((map_index) =>
      instance('part', {
        map_index,
        state: 'success',
        mesos_task_id: `x${map_index}.1`,
        agent: `agent-${(map_index % 2) + 1}`,
        started: 0,
        ended: 3200,
      }),
    );
    assert.match(runLines({ ...run, tasks }, plain, 9000)[1] ?? '', /✓ 3 success +agent-1, agent-2 +3\.2 s$/);
  });
});

describe('a run that is over', () => {
  it('shows state, agent and times of each task instance', () => {
    const [heading, first, , , waiting] = resultLines(run, plain);
    assert.match(heading ?? '', /^TASK +STATE +AGENT +QUEUED +WAITED +TOOK$/);
    assert.match(first ?? '', /^read_stations +✓ success +agent-1 +.+ +0\.2 s +0\.8 s$/);
    assert.match(waiting ?? '', /^summarise \[2\] +○ waiting/);
  });

  it('is told to programs with exactly the documented fields', () => {
    const record = JSON.parse(JSON.stringify(runRecord({ ...run, state: 'success' }))) as Record<
      string,
      unknown
    >;
    assert.deepEqual(Object.keys(record), ['dag_id', 'run_id', 'state', 'tasks']);
    assert.ok(Array.isArray(record.tasks));
    assert.deepEqual(record.tasks[0], {
      task_id: 'read_stations',
      map_index: -1,
      try_number: 1,
      state: 'success',
      mesos_task_id: 'a.1',
      agent: 'agent-1',
      queued: 0,
      started: 200,
      ended: 1000,
    });
  });
});
