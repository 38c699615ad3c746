import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDevMesos } from '../../../src/devmesos/cluster.ts';
import type { DevMesos } from '../../../src/devmesos/cluster.ts';
import { systemClock } from '../../../src/framework/clock.ts';
import { Framework } from '../../../src/framework/framework.ts';
import { openStore } from '../../../src/framework/store.ts';
import type { Store } from '../../../src/framework/store.ts';
import type { NewRequest, TaskRecord } from '../../../src/framework/types.ts';
import { SchedulerClient } from '../../../src/mesos/scheduler.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const program = fileURLToPath(new URL('../../../src/devmesos/main.ts', import.meta.url));
const deployment = randomUUID();

/** A request whose workload is the shell line that its task runs. */
function request(task_id: string, line: string, more: Partial<NewRequest> = {}): NewRequest {
  return {
    id: randomUUID(),
    key: { dag_id: 'größe', run_id: 'run', task_id, map_index: -1, try_number: 1 },
    workload: {},
    resources: { cpus: 0.5, mem: 64 },
    queue: line,
    ...more,
  };
}

describe('The framework on the dev Mesos', function () {
  this.timeout(60_000);
  let mesos: DevMesos;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Store;
  let framework: Framework;

  function begin(): void {
    store = openStore(path.join(folder.path, 'store.sqlite'), randomUUID);
    framework = new Framework({
      connect: (id) =>
        new SchedulerClient({
          masters: [mesos.master.url],
          frameworkInfo: {
            user: process.env.USER ?? 'root',
            name: 'test',
            roles: ['*'],
            failover_timeout: 3600,
            checkpoint: true,
            capabilities: [
              { type: 'MULTI_ROLE' },
              { type: 'PARTITION_AWARE' },
              { type: 'TASK_KILLING_STATE' },
            ],
            ...(id !== null && { id: { value: id } }),
          },
        }),
      store,
      clock: systemClock,
      launcher: ({ request: { queue, key }, ticket }) => ({
        name: key.task_id,
        command: {
          shell: true,
          value: queue ?? 'true',
          environment: { variables: [{ name: 'TICKET', value: ticket }] },
        },
      }),
      options: { retryMs: 500 },
      log: () => undefined,
    });
    framework.start();
  }

  async function end(): Promise<void> {
    await framework.stop();
    store.close();
  }

  async function submit(...requests: NewRequest[]): Promise<void> {
    const { accepted } = await framework.submit(deployment, requests);
    assert.equal(accepted.length, requests.length);
  }

  const reaches = (id: string, state: TaskRecord['state']) =>
    until(
      () => {
        const task = framework.task(id)?.task;
        return task?.state === state ? task : undefined;
      },
      { what: `${id} ${state}`, limitMs: 20_000 },
    );

  before(async () => {
    mesos = await startDevMesos({ program, agents: 2, port: 0, cpus: 2, mem: 1024 });
  });
  after(() => mesos.stop());
  beforeEach(async () => {
    folder = await temporaryFolder('framework');
    begin();
  });
  afterEach(async () => {
    await end();
    await folder.remove();
  });

  it('runs more tasks than fit at once, and none is left over', async () => {
    const requests = Array.from({ length: 12 }, (_, index) => request(`task-${index}`, `exit ${index % 3}`));
    await submit(...requests);
    for (const [index, { id }] of requests.entries()) {
      const task = await reaches(id, index % 3 === 0 ? 'finished' : 'failed');
      if (index % 3 !== 0) assert.match(task.info, new RegExp(`exited with status ${index % 3}`));
      assert.match(task.agent ?? '', /^agent-[12]$/);
    }
    assert.equal(framework.status().suppressed, true);
  });

  it('redeems the ticket that the process finds in its environment, and knows the sandbox', async () => {
    const one = request('日本', 'echo "$TICKET"; sleep 1');
    await submit(one);
    await reaches(one.id, 'running');
    const found = framework.task(one.id);
    assert.ok(found?.attempt?.container_id);
    const { framework_id, executor_id, agent_id } = found.attempt;
    const run = path.join(
      'slaves',
      agent_id,
      'frameworks',
      framework_id,
      'executors',
      executor_id,
      'runs',
      'latest',
    );
    const stdout = path.join(mesos.workDir, found.task.agent ?? '', run, 'stdout');
    const ticket = await until(
      async () => /^[\w-]{43}$/m.exec(await fs.readFile(stdout, 'utf8').catch(() => ''))?.[0],
      { what: `the ticket in ${stdout}` },
    );
    const { workload } = await framework.redeem(ticket, null);
    assert.deepEqual(workload, {});
    await reaches(one.id, 'finished');
  });

  it('kills', async () => {
    const one = request('long', 'sleep 600');
    await submit(one);
    await reaches(one.id, 'running');
    await framework.kill(deployment, [one.id], 'Killed by a test.');
    const task = await reaches(one.id, 'killed');
    assert.match(task.info, /^Killed by a test\./);
  });

  it('finds its tasks again after a restart, those that ended meanwhile too', async () => {
    const ended = request('ended', 'sleep 1; exit 5');
    const running = request('running', 'sleep 600');
    const waiting = request('waiting', 'true', {
      resources: { cpus: 2, mem: 64 },
      constraints: { name: 'agent-9' },
    });
    await submit(ended, running, waiting);
    await reaches(ended.id, 'running');
    await reaches(running.id, 'running');
    const id = framework.status().framework_id;
    const { cursor } = framework.states(deployment, []);
    await end();
    await until(
      async () => {
        const state = await fetch(new URL('state', mesos.master.url)).then((answer) => answer.text());
        return state.includes('TASK_FAILED');
      },
      { what: 'the end of a task without its framework' },
    );
    begin();
    const failed = await reaches(ended.id, 'failed');
    assert.match(failed.info, /exited with status 5/);
    assert.equal(framework.status().framework_id, id);
    assert.equal(framework.task(running.id)?.task.state, 'running');
    assert.equal(framework.task(waiting.id)?.task.state, 'queued');
    assert.deepEqual(
      framework.events(deployment, cursor).events.map((event) => [event.id, event.state]),
      [[ended.id, 'failed']],
    );
    await framework.kill(null, [running.id], '');
    await reaches(running.id, 'killed');
  });

  it('starts anew after a teardown', async () => {
    const one = request('long', 'sleep 600');
    await submit(one);
    await reaches(one.id, 'running');
    const id = framework.status().framework_id;
    assert.ok(id);
    await fetch(new URL('api/v1', mesos.master.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ type: 'TEARDOWN', teardown: { framework_id: { value: id } } }),
    });
    await until(() => framework.status().framework_id !== id && framework.status().state === 'subscribed', {
      what: 'a new framework',
      limitMs: 20_000,
    });
    await until(() => ['killed', 'lost'].includes(framework.task(one.id)?.task.state ?? ''), {
      what: 'the end of its task',
    });
    const other = request('short', 'true');
    await submit(other);
    await reaches(other.id, 'finished');
  });
});
