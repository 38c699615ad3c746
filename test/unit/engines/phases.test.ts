import assert from 'node:assert/strict';
import { Phases, type ProgressEvent } from '../../../src/engines/phases.ts';

function recorded(): { events: ProgressEvent[]; phases: Phases; pass: (ms: number) => void } {
  const events: ProgressEvent[] = [];
  let time = 1000;
  const phases = new Phases(
    (event) => events.push(event),
    () => time,
  );
  return { events, phases, pass: (ms) => (time += ms) };
}

describe('phases', () => {
  it('tell their beginning, each new detail and their end, with the time since they began', () => {
    const { events, phases, pass } = recorded();
    const phase = phases.begin('Airflow');
    pass(100);
    phase.update('api-server: starting');
    phase.update('api-server: starting');
    pass(150);
    phase.done('http://127.0.0.1:8080');
    phase.update('too late');
    phase.failed('too late');
    assert.deepEqual(events, [
      { type: 'phase', phase: 'Airflow', state: 'running', detail: '', elapsedMs: 0 },
      { type: 'phase', phase: 'Airflow', state: 'running', detail: 'api-server: starting', elapsedMs: 100 },
      { type: 'phase', phase: 'Airflow', state: 'done', detail: 'http://127.0.0.1:8080', elapsedMs: 250 },
    ]);
  });

  it('fail with what was thrown, and throw it on', async () => {
    const { events, phases } = recorded();
    await assert.rejects(
      phases.run('Python environment', () => Promise.reject(new Error('no network'))),
      /no network/,
    );
    assert.deepEqual(
      events.map((event) => (event.type === 'phase' ? [event.state, event.detail] : [])),
      [
        ['running', ''],
        ['failed', 'no network'],
      ],
    );
  });

  it('that are open when the start is given up are told as failed, finished ones are not', () => {
    const { events, phases } = recorded();
    phases.begin('Mesos master').done('ready');
    phases.begin('Airflow');
    phases.failOpen('interrupted');
    const last = events.at(-1);
    assert.ok(last?.type === 'phase');
    assert.deepEqual([last.phase, last.state], ['Airflow', 'failed']);
    assert.equal(events.filter((event) => event.type === 'phase' && event.state === 'failed').length, 1);
  });
});
