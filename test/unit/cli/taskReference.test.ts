import assert from 'node:assert/strict';
import type { TaskRun } from '../../../src/api/people.ts';
import { matching, parseTaskReference, referenceTo } from '../../../src/cli/taskReference.ts';

let queued = 0;
function run(
  task_id: string,
  map_index: number,
  try_number: number,
  id = `${task_id}${map_index}${try_number}`,
): TaskRun {
  queued += 1;
  return {
    id,
    key: { dag_id: 'etl', run_id: 'manual__2026-11-23T15:00:00+00:00', task_id, map_index, try_number },
    state: 'finished',
    airflow_state: 'success',
    mesos_task_id: `${id}.1`,
    attempt: 1,
    agent_id: 'S0',
    agent: 'agent-1',
    resources: { cpus: 1, mem: 128, disk: 0, gpus: 0 },
    waits: null,
    info: '',
    queued,
    launched: null,
    started: null,
    ended: null,
  };
}

const runs = [
  run('load', -1, 1),
  run('load', -1, 2),
  run('grüße.part', 0, 1),
  run('grüße.part', 1, 1),
  run('grüße.part', 1, 2),
];
const runId = 'manual__2026-11-23T15:00:00+00:00';

function found(text: string): string[] {
  const reference = parseTaskReference(text);
  assert.ok(reference, text);
  return matching(reference, runs).map(({ key }) => `${key.task_id}/${key.map_index}/${key.try_number}`);
}

describe('a TASK of the command line', () => {
  it('is a Mesos task id or its beginning where it has no slash', () => {
    assert.deepEqual(parseTaskReference('3f2a91'), { kind: 'id', id: '3f2a91' });
    assert.equal(parseTaskReference(''), undefined);
    assert.equal(parseTaskReference('etl/run'), undefined);
    assert.equal(parseTaskReference('/run/task'), undefined);
    assert.equal(parseTaskReference('etl//task'), undefined);
  });

  it('is the newest try of DAG/RUN/TASK', () => {
    assert.deepEqual(found(`etl/${runId}/load`), ['load/-1/2']);
  });

  it('with one number is the try of a plain task, and the instance of a mapped one', () => {
    assert.deepEqual(found(`etl/${runId}/load/1`), ['load/-1/1']);
    assert.deepEqual(found(`etl/${runId}/grüße.part/1`), ['grüße.part/1/2']);
    assert.deepEqual(found(`etl/${runId}/load/3`), []);
  });

  it('with two numbers is one try of one instance', () => {
    assert.deepEqual(found(`etl/${runId}/grüße.part/1/1`), ['grüße.part/1/1']);
    assert.deepEqual(found(`etl/${runId}/load/-1/1`), ['load/-1/1']);
  });

  it('without the instance of a mapped task is several', () => {
    assert.deepEqual(found(`etl/${runId}/grüße.part`).sort(), ['grüße.part/0/1', 'grüße.part/1/2']);
  });

  it('has a full name that means it and nothing else', () => {
    for (const each of runs) {
      const { key } = each;
      assert.deepEqual(found(referenceTo(each)), [`${key.task_id}/${key.map_index}/${key.try_number}`]);
    }
  });
});
