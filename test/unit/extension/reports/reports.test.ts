import assert from 'node:assert/strict';
import { prerequisitesReport } from '../../../../src/extension/reports/prerequisites.ts';
import { waitingReport, type Surroundings } from '../../../../src/extension/reports/waiting.ts';
import { agentView, atNoon, clusterView, offerView, taskRun } from '../../../vscode/support/views.ts';

describe('why a task waits', () => {
  const waiting = taskRun('r1', {
    waits: 'the largest offer had 2.5 cpus, it needs 3',
    resources: { cpus: 3, mem: 512, disk: 0, gpus: 0 },
  });
  const around = (over: Partial<Surroundings> = {}): Surroundings => ({
    cluster: clusterView(),
    agents: [],
    offers: { suppressed: false, offers: [] },
    ...over,
  });
  const report = (over: Partial<Surroundings> = {}): string =>
    waitingReport(waiting, around(over), atNoon + 90_000).join('\n');

  it('begins with the reason and what it asks for', () => {
    const text = report();
    assert.match(
      text,
      /^Why summarise of weather_report waits\n\n {2}The largest offer had 2\.5 cpus, it needs 3\.\n/,
    );
    assert.match(text, /asks for +3 cpus, 512 MB/);
    assert.match(text, /queued +.*12:00:00, 1 min 30 s ago/);
  });

  it('says of each agent whether the task has room on it, now or ever', () => {
    const agents = [
      agentView('idle'),
      agentView('busy', { used: { cpus: 3.5, mem: 4000, disk: 0, gpus: 0 } }),
      agentView('small', { total: { cpus: 2, mem: 4096, disk: 0, gpus: 0 } }),
      agentView('gone', { active: false }),
    ];
    const text = report({ agents });
    assert.match(text, /idle +4 of 4 cpus and 4 GB of 4 GB free +has room for it/);
    assert.match(text, /busy +0\.5 of 4 cpus and 96 MB of 4 GB free +too little cpus, memory free now/);
    assert.match(text, /small .* can never hold it: too little cpus/);
    assert.match(text, /gone +not connected/);
  });

  it('says what became of the offers, and that none came', () => {
    assert.match(report(), /What became of the last offers\n {2}none has come yet$/);
    const offers = [offerView('o1', { fate: 'declined', why: 'too small for what waits' })];
    assert.match(
      report({ offers: { suppressed: false, offers } }),
      /12:00:00 {2}agent-1 {2}2\.5 cpus, 6 GB {2}declined: too small for what waits$/,
    );
  });

  it('says where the link to Mesos is what it waits for', () => {
    const framework = { ...clusterView().framework, state: 'disconnected' as const };
    assert.match(report({ cluster: { ...clusterView(), framework } }), /is not connected with the master/);
    assert.doesNotMatch(report(), /master at/);
  });
});

describe('the prerequisites', () => {
  it('say first what can be started, then each finding with its remedy', () => {
    const lines = prerequisitesReport({
      findings: [
        { name: 'Python', state: 'ok', detail: '3.11.7', engine: 'embedded' },
        {
          name: 'Docker',
          state: 'failed',
          detail: 'No Docker Engine answers\ntried /var/run/docker.sock',
          remedy: 'Start Docker.',
          engine: 'docker',
        },
      ],
    });
    assert.deepEqual(lines.slice(2), [
      '  ✓ Embedded: can be started',
      '  ✗ Docker: cannot be started here yet',
      '',
      '  ✓ Python  3.11.7',
      '  ✗ Docker  No Docker Engine answers',
      '            tried /var/run/docker.sock',
      '            → Start Docker.',
    ]);
  });
});
