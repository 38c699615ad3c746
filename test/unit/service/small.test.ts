import assert from 'node:assert/strict';
import { ExplainedError } from '../../../src/host/errors.ts';
import type { AttemptRecord } from '../../../src/framework/types.ts';
import type { AgentEntry } from '../../../src/mesos/types.ts';
import { AgentAddresses, ipOf, plainIp } from '../../../src/service/agentAddresses.ts';
import { judgeCallers } from '../../../src/service/callers.ts';
import { airflowPage, LoginTickets } from '../../../src/service/airflow/login.ts';
import { relayCommand } from '../../../src/service/debug/relay.ts';
import { FailureLimit } from '../../../src/service/http/failureLimit.ts';
import { HttpProblem } from '../../../src/service/http/problem.ts';
import { commandLauncher, taskContainer, type LauncherOptions } from '../../../src/service/launcher.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { sharedWork } from '../../../src/service/parts/sharedWork.ts';
import { clusterArgument } from '../../../src/service/program.ts';
import { dockerSpec } from './dockerSpec.ts';

describe('the way to a debug copy', () => {
  it('is found in the first folder of a PYTHONPATH', () => {
    const relay = '/opt/ours/airflow_mesos/relay.py';
    assert.deepEqual(relayCommand('/bin/python', '/opt/ours'), ['/bin/python', '-I', relay]);
    assert.deepEqual(relayCommand('/bin/python', '/opt/ours:/usr/lib/site'), ['/bin/python', '-I', relay]);
  });
});

describe('a limit on failures', () => {
  const fails = (): never => {
    throw new HttpProblem(403, { error: 'no' });
  };
  const isStatus = (status: number) => (error: unknown) =>
    error instanceof HttpProblem && error.status === status;

  it('turns away who fails too often, for a while, and never who succeeds', async () => {
    let now = 0;
    const limit = new FailureLimit(3, 1, () => now);
    for (let index = 0; index < 100; index += 1) assert.equal(await limit.attempt(() => 'ok'), 'ok');
    for (let index = 0; index < 3; index += 1) await assert.rejects(limit.attempt(fails), isStatus(403));
    await assert.rejects(
      limit.attempt(() => 'ok'),
      isStatus(429),
    );
    now = 1000;
    assert.equal(await limit.attempt(() => 'ok'), 'ok');
    await assert.rejects(limit.attempt(fails), isStatus(403));
    await assert.rejects(limit.attempt(fails), isStatus(429));
  });
});

describe('a ticket that opens Airflow', () => {
  it('is good once, for a minute', () => {
    let now = 0;
    const tickets = new LoginTickets(() => now);
    const [one, two] = [tickets.make(), tickets.make()];
    assert.equal(tickets.redeem('x'), undefined);
    assert.equal(tickets.redeem(one), '/');
    assert.equal(tickets.redeem(one), undefined);
    now = 60_001;
    assert.equal(tickets.redeem(two), undefined);
  });

  it('opens the page that it was made for', () => {
    const tickets = new LoginTickets(() => 0);
    const page = airflowPage({ dag_id: '../a b', run_id: 'manual__2026-11-23T12:00:00+00:00' });
    assert.equal(tickets.redeem(tickets.make(page)), page);
    assert.equal(page, '/dags/..%2Fa%20b/runs/manual__2026-11-23T12%3A00%3A00%2B00%3A00');
    assert.equal(airflowPage({ dag_id: 'a' }), '/dags/a');
    assert.equal(airflowPage({ run_id: 'r' }), '/');
  });
});

describe('work that several wait for', () => {
  it('is done once, and told to all', async () => {
    let done = 0;
    let release = (): void => undefined;
    const work = sharedWork(async (report) => {
      done += 1;
      report('first');
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      report('second');
    });
    const told: string[][] = [[], []];
    const { signal } = new AbortController();
    const both = told.map((list) => work((detail) => list.push(detail), signal));
    release();
    await Promise.all(both);
    await work(() => assert.fail('nothing is done any more'), signal);
    assert.equal(done, 1);
    assert.deepEqual(told, [
      ['first', 'second'],
      ['first', 'second'],
    ]);
  });

  it('is tried again where it failed', async () => {
    let tries = 0;
    const work = sharedWork(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('locked')) : Promise.resolve();
    });
    const { signal } = new AbortController();
    await assert.rejects(
      work(() => undefined, signal),
      /locked/,
    );
    await work(() => undefined, signal);
    assert.equal(tries, 2);
  });
});

describe('what Mesos is told of a task', () => {
  function launched(more: Partial<LauncherOptions> = {}) {
    const launcher = commandLauncher({
      python: '/env/bin/python',
      environment: { PYTHONPATH: '/p' },
      url: 'http://s',
      ...more,
    });
    const request = {
      id: 'r',
      deployment: 'd',
      key: { dag_id: 'wetter; rm -rf', run_id: 'r', task_id: 't', map_index: 2, try_number: 1 },
    };
    return launcher({
      request: request as Parameters<typeof launcher>[0]['request'],
      mesos_task_id: 'r.1',
      attempt: 1,
      ticket: 'once',
      agent: { id: 'S', name: 'a', hostname: 'h', address: null, attributes: [] },
    });
  }

  it('is a program and its arguments, without a shell, and its ticket', () => {
    const parts = launched();
    assert.equal(parts.name, 'wetter; rm -rf.t[2]');
    assert.deepEqual(parts.command, {
      shell: false,
      value: '/env/bin/python',
      arguments: ['/env/bin/python', '-m', 'airflow_mesos.task'],
      environment: {
        variables: [
          { name: 'PYTHONPATH', value: '/p' },
          { name: 'MESOS_AIRFLOW_URL', value: 'http://s' },
          { name: 'MESOS_AIRFLOW_TICKET', value: 'once' },
        ],
      },
    });
    assert.equal(parts.container, undefined);
  });

  it('is the same in a container on the cluster’s network, which is found again by its labels', () => {
    const { command, container } = launched({ container: taskContainer(dockerSpec()) });
    // Behind the image on `docker run`'s command line: the program is not named twice.
    assert.equal(command.value, '/env/bin/python');
    assert.deepEqual(command.arguments, ['-m', 'airflow_mesos.task']);
    assert.deepEqual(container, {
      type: 'DOCKER',
      volumes: [{ container_path: '/opt/mesos-airflow/dags', host_path: '/home/me/dags', mode: 'RO' }],
      network_infos: [{ name: 'airflow-on-mesos-c-network' }],
      docker: {
        image: 'mesos-airflow/airflow:1',
        network: 'USER',
        privileged: false,
        force_pull_image: false,
        parameters: [
          { key: 'label', value: 'mesos-airflow.cluster=c' },
          { key: 'label', value: 'mesos-airflow.part=task' },
        ],
      },
    });
  });
});

describe('where agents are', () => {
  it('is what the master has of them, never the hostname that they advertise; asked once a second at most', async () => {
    let asked = 0;
    let agents: AgentEntry[] = [];
    const entry = (id: string, pid: string | undefined): AgentEntry => ({
      agent_info: { hostname: '127.0.0.1', port: 5051, id: { value: id } },
      active: true,
      version: '1.11.0',
      ...(pid === undefined ? {} : { pid }),
    });
    const addresses = new AgentAddresses(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('away')) : Promise.resolve(agents);
    });
    await assert.rejects(addresses.of('S0'), /away/);
    agents = [entry('S0', 'slave(1)@172.18.0.5:5051'), entry('S1', undefined)];
    assert.equal(await addresses.of('S0'), '172.18.0.5:5051');
    assert.equal(await addresses.of('S1'), undefined);
    assert.equal(await addresses.of('S2'), undefined);
    assert.deepEqual(await addresses.at('172.18.0.5'), ['S0']);
    assert.deepEqual(await addresses.at('127.0.0.1'), []);
    assert.equal(asked, 2);
  });

  it('is compared however an address is written', () => {
    assert.equal(ipOf('10.0.0.1:5051'), '10.0.0.1');
    assert.equal(ipOf('[::1]:5051'), '::1');
    assert.equal(plainIp('::ffff:10.0.0.1'), '10.0.0.1');
  });
});

describe('who redeems a ticket', () => {
  const attempt = { agent_id: 'S0', agent_address: '172.18.0.5:5051' } as AttemptRecord;
  const agents: Record<string, string[]> = { '172.18.0.6': ['S1'], '172.18.0.7': ['S0', 'S2'] };
  const known = { at: (ip: string) => Promise.resolve(agents[ip] ?? []) };
  const away = { at: () => Promise.reject(new Error('the master is away')) };

  it('is expected from the agent, where that was and where it is now', async () => {
    const judge = judgeCallers(known, true);
    assert.equal(await judge(attempt, '::ffff:172.18.0.5'), 'expected');
    assert.equal(await judge(attempt, '172.18.0.7'), 'expected');
    assert.equal(await judgeCallers(away, true)(attempt, '172.18.0.5'), 'expected');
  });

  it('is a stranger for certain only at another agent', async () => {
    for (const share of [true, false]) {
      assert.equal(await judgeCallers(known, share)(attempt, '172.18.0.6'), 'foreign');
    }
    assert.equal(await judgeCallers(known, true)(attempt, '172.18.0.1'), 'unexpected');
    assert.equal(await judgeCallers(away, true)(attempt, '172.18.0.6'), 'unexpected');
    // A container of its own has an address of its own.
    assert.equal(await judgeCallers(known, false)(attempt, '172.18.0.9'), 'expected');
  });
});

describe('the service’s command line', () => {
  it('takes the folder of a cluster and nothing else', () => {
    assert.equal(clusterArgument(['--cluster', '/a/b/../c']), '/a/c');
    for (const args of [[], ['--cluster'], ['/a'], ['--cluster', '/a', '--more']]) {
      assert.throws(() => clusterArgument(args), ExplainedError);
    }
  });
});

describe('the log', () => {
  it('is lines with a time and a level, each entry told apart', () => {
    const lines: string[] = [];
    const log = lineLogger((line) => lines.push(line), 'info');
    log.debug('unseen');
    log.warn('first\nsecond\n');
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z warn first\n {4}second\n$/);
  });
});
