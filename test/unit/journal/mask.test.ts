import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { clusterEvent } from '../../../src/api/people.ts';
import type { Json } from '../../../src/journal/delta.ts';
import { RecordingMask } from '../../../src/journal/mask/mask.ts';
import { TextMask } from '../../../src/journal/mask/text.ts';

const known = { host: 'workstation7', user: 'erika', home: '/home/erika' };
const resources = { cpus: 1, mem: 128, disk: 0, gpus: 0 };

/** What a shared cluster of a company tells, with something to hide at each place. */
const events: Json = [
  {
    type: 'cluster',
    cluster: {
      name: 'umsatz-3f2a',
      engine: 'embedded',
      version: '0.1.0',
      state: 'degraded',
      problem: 'scheduler: exited; see /home/erika/umsatz/logs/scheduler.log on workstation7',
      parts: [
        {
          name: 'scheduler',
          state: 'failed',
          pid: 7,
          detail:
            'ended with exit status 1: cannot reach db3.acme.internal:5432 as erika (password=hunter22)',
          restarts: 1,
          log: '/home/erika/.local/state/mesos-airflow/clusters/umsatz-3f2a/logs/scheduler.log',
          since: 1,
        },
      ],
      master: { url: 'http://10.1.2.3:5050', version: '1.11', connected: true, leader: 'mesos-eu1:5050' },
      framework: { id: 'f1', name: 'airflow', role: '*', state: 'subscribed', suppressed: false },
      airflow: { url: 'http://127.0.0.1:8080', username: 'admin', healthy: true },
      counts: { waiting: 0, launched: 0, running: 1, failed: 0, finished: 0 },
      dags_folder: '/home/erika/umsatz/dags',
      started: 1,
    },
  },
  {
    type: 'agents',
    agents: [
      {
        id: 'S0',
        name: 'rack4-node9',
        hostname: 'node9.acme.internal',
        address: '10.1.2.9:5051',
        active: true,
        total: resources,
        used: resources,
        offered: resources,
        attributes: { rack: 'berlin-4', name: 'rack4-node9', level: '3' },
        registered: null,
      },
    ],
  },
  {
    type: 'frameworks',
    frameworks: [
      {
        id: 'f2',
        name: 'fraud-detection',
        user: 'batchuser',
        roles: ['finance'],
        ours: false,
        active: true,
        connected: true,
        tasks: 1,
        used: resources,
      },
    ],
  },
  {
    type: 'offers',
    offers: {
      suppressed: false,
      offers: [
        {
          id: 'o1',
          agent_id: 'S0',
          agent: 'rack4-node9',
          resources,
          at: 1,
          fate: 'declined',
          tasks: [],
          why: 'umsatz_report needs 2 cpus; rack4-node9 has 1 (ask erika.muster@acme.com)',
        },
      ],
    },
  },
  {
    type: 'dags',
    dags: [
      {
        dag_id: 'umsatz_report',
        fileloc: '/home/erika/umsatz/dags/umsatz_report.py',
        paused: false,
        schedule: '@daily',
        has_import_errors: false,
        last_run: { run_id: 'manual__2026-11-23T10:00:00+00:00', state: 'running' },
      },
    ],
    import_errors: [
      {
        file: 'umsatz/broken.py',
        line: 3,
        message: "ModuleNotFoundError: No module named 'acmelib'",
        trace: 'File "/home/erika/umsatz/dags/broken.py", line 3\n  key = "hunter22"',
      },
    ],
  },
  {
    type: 'mesosTasks',
    tasks: [
      {
        id: 'fraud-77',
        name: 'score customers',
        framework_id: 'f2',
        framework: 'fraud-detection',
        agent_id: 'S0',
        state: 'RUNNING',
        resources,
      },
    ],
    total: 1,
  },
  {
    type: 'problem',
    topic: 'run:umsatz_report:mine',
    problem: { error: 'umsatz_report is gone' },
    gone: true,
  },
];

const machines = [
  ...['workstation7', 'erika', 'acme', '10.1.2', 'mesos-eu1', 'rack4-node9', 'node9', 'berlin-4', 'db3'],
  ...['fraud', 'batchuser', 'finance', 'score customers', 'hunter22', 'muster'],
];

function masked(names: boolean): string {
  const mask = new RecordingMask({ names, known });
  mask.learn(events);
  const value = mask.value(events);
  const parsed = z.safeParse(z.array(clusterEvent), value);
  assert.ok(parsed.success, JSON.stringify(parsed.error?.issues));
  return JSON.stringify(value);
}

describe('the mask of a recording', () => {
  it('leaves no machine, person, folder or secret, and what it leaves is still of the API', () => {
    const text = masked(false);
    for (const word of machines) assert.ok(!text.includes(word), `${word} in ${text}`);
    assert.match(text, /umsatz_report/);
    assert.match(text, /"state":"degraded"/);
    assert.match(text, /http:\/\/127\.0\.0\.1:8080/);
  });

  it('keeps who is who: a host is the same wherever it is named', () => {
    const mask = new RecordingMask({ names: false, known });
    mask.learn(events);
    const [, agents, , offers] = mask.value(events) as Record<string, Record<string, string>[]>[];
    const name = agents?.agents?.[0]?.name;
    assert.match(name ?? '', /^host-\d+$/);
    const list = (offers?.offers as unknown as { offers: { agent: string; why: string }[] }).offers;
    assert.equal(list[0]?.agent, name);
    assert.ok(list[0]?.why.includes(`${name} has 1`));
  });

  it('takes names of DAGs, tasks, files and of the cluster where it is asked to', () => {
    const text = masked(true);
    for (const word of [...machines, 'umsatz', 'broken', 'acmelib', 'mine']) {
      assert.ok(!text.includes(word), `${word} in ${text}`);
    }
    const mask = new RecordingMask({ names: true, known });
    mask.learn(events);
    assert.equal(mask.key('run:umsatz_report:mine'), 'run:dag-1:run-1');
    assert.equal(mask.key('agents'), 'agents');
  });

  it('leaves what tells nothing as it is', () => {
    const text = new TextMask(false);
    for (const plain of [
      'Command exited with status 1',
      'Waits for 4 cpus. The largest offer had 2.5 (agent-2).',
      'http://127.0.0.1:5050/master/state',
      'Mesos 1.11.0 · 3 of 4 cpus · 14:02:11',
      '/opt/mesos-airflow/venv/bin/python ended',
      '3f2a91bc-0d3e-4a58-9a61-4e2f6a7d1c55-S0',
    ]) {
      assert.equal(text.text(plain), plain);
    }
  });
});
