import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type {
  EventsResponse,
  StatesResponse,
  SubmitResponse,
  TaskRequest,
} from '../../../src/api/airflow.ts';
import type { ClusterEvent, FrameworkView, MesosTaskView, TaskRun } from '../../../src/api/people.ts';
import { runsTopic, runTopic } from '../../../src/api/topics.ts';
import type { Connection } from '../../../src/client/discover.ts';
import { ServiceProblem } from '../../../src/client/errors.ts';
import { identify, startDetached } from '../../../src/host/processes.ts';
import { OtherFramework } from '../../support/otherFramework.ts';
import { ServiceCluster } from '../../support/serviceCluster.ts';
import { until } from '../../support/until.ts';

describe('the service with the dev Mesos', function () {
  this.timeout(90_000);
  let cluster: ServiceCluster;
  let connection: Connection;

  before(async () => {
    cluster = await ServiceCluster.make();
    connection = await cluster.start();
  });

  after(async () => {
    await cluster.remove();
  });

  async function submit(...tasks: TaskRequest[]): Promise<SubmitResponse> {
    const answer = await cluster.asAirflow('POST', 'tasks', { tasks });
    assert.equal(answer.status, 200, answer.text);
    return answer.json as SubmitResponse;
  }

  async function inState(id: string, state: string): Promise<TaskRun> {
    let last: TaskRun | undefined;
    try {
      return await until(
        async () => {
          last = await connection.client.task(id);
          return last.state === state ? last : undefined;
        },
        { limitMs: 30_000, what: `${state} of ${id}` },
      );
    } catch (cause) {
      throw new Error(`${state} did not come: ${JSON.stringify(last)}`, { cause });
    }
  }

  it('brings all parts up', async () => {
    const view = await cluster.ready(connection);
    assert.deepEqual(
      view.parts.map(({ name, state, restarts }) => `${name} ${state} ${restarts}`),
      [
        'mesos-master ready 0',
        'agent-1 ready 0',
        'agent-2 ready 0',
        'api-server ready 0',
        'scheduler ready 0',
        'dag-processor ready 0',
        'triggerer ready 0',
      ],
    );
    assert.equal(view.framework.state, 'subscribed');
    assert.equal(view.airflow?.healthy, true);
    const agents = await until(async () => {
      const found = await connection.client.agents();
      return found.length === 2 ? found : undefined;
    });
    assert.deepEqual(
      agents.map(({ name, total }) => [name, total.cpus, total.mem]),
      [
        ['agent-1', 2, 1024],
        ['agent-2', 2, 1024],
      ],
    );
    assert.match(agents[0]!.address, /^127\.0\.0\.1:\d+$/);
    assert.ok(
      (await connection.client.frameworks()).some((framework) => framework.ours && framework.connected),
    );
  });

  it('keeps secrets to their owner', async () => {
    for (const name of await fs.readdir(cluster.folder.secrets)) {
      assert.equal((await fs.stat(path.join(cluster.folder.secrets, name))).mode & 0o077, 0, name);
    }
    for (const file of [cluster.folder.runtime, cluster.folder.parts, cluster.folder.store]) {
      assert.equal((await fs.stat(file)).mode & 0o077, 0, file);
    }
  });

  it('lets nobody into Mesos without its login', async () => {
    const { mesos } = cluster.spec;
    const state = `http://127.0.0.1:${mesos.master_port}/state`;
    const subscribe = `http://127.0.0.1:${mesos.master_port}/api/v1/scheduler`;
    for (const url of [
      state,
      subscribe,
      ...mesos.agents.map(({ port }) => `http://127.0.0.1:${port}/state`),
    ]) {
      assert.equal((await fetch(url)).status, 401, url);
    }
    const login = await fs.readFile(path.join(cluster.folder.secrets, 'mesos.credentials'), 'utf8');
    const authorization = `Basic ${Buffer.from(login.trim().replace(' ', ':')).toString('base64')}`;
    assert.equal((await fetch(state, { headers: { authorization } })).status, 200);
  });

  it('gives the parts nothing of the person’s other variables', async function () {
    if (process.platform !== 'linux') this.skip();
    for (const [name, pid] of await cluster.partPids()) {
      const variables = (await fs.readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
      assert.ok(
        variables.some((variable) => variable.startsWith('no_proxy=') && variable.includes('127.0.0.1')),
        name,
      );
      assert.ok(
        !variables.some((variable) => /^(PYTHONDONTWRITEBYTECODE|NODE_OPTIONS|npm_)/.test(variable)),
        name,
      );
    }
  });

  it('runs a request to its end, and tells everyone', async () => {
    const cursor = ((await cluster.asAirflow('POST', 'tasks/states', { ids: [] })).json as StatesResponse)
      .cursor;
    const seen: string[] = [];
    const aborter = new AbortController();
    const request = cluster.request('lesen');
    const following = connection.client.subscribe(
      {
        event: (event) => {
          if (event.type === 'task' && event.task.id === request.id) {
            seen.push(event.task.airflow_state ?? event.task.state);
          }
        },
      },
      { signal: aborter.signal },
    );
    assert.deepEqual(await submit(request), { accepted: [request.id], refused: [] });
    const task = await inState(request.id, 'finished');
    assert.equal(task.mesos_task_id, `${request.id}.1`);
    assert.match(task.agent ?? '', /^agent-[12]$/);
    assert.ok(
      task.queued <= task.launched! && task.launched! <= task.started! && task.started! <= task.ended!,
    );

    // Airflow hears each state once, in order.
    const states: string[] = [];
    let after = cursor;
    await until(async () => {
      const answer = await cluster.asAirflow('GET', `events?after=${encodeURIComponent(after)}&wait=5`);
      const page = answer.json as EventsResponse;
      after = page.cursor;
      states.push(...page.events.filter(({ id }) => id === request.id).map(({ state }) => state));
      return states.includes('finished');
    });
    assert.deepEqual(states, ['launched', 'starting', 'running', 'finished']);

    // What Airflow itself says of the task comes a moment later.
    await until(() => seen.includes('success'));
    assert.equal((await connection.client.task(request.id)).airflow_state, 'success');
    aborter.abort();
    await following;

    const [entry] = (await cluster.journal()).filter(({ name }) => name === 'lesen');
    assert.equal(entry?.env.CITY, 'Köln');
    assert.match(entry.env.NO_PROXY ?? '', /127\.0\.0\.1/);
  });

  it('shows a task’s output, by any beginning of its id', async () => {
    const request = cluster.request('zeigen', { exit: 3 });
    await submit(request);
    await inState(request.id, 'failed');
    const chunk = await connection.client.log(request.id.slice(0, 13));
    assert.match(
      chunk.data,
      /hello from zeigen, a second use of the ticket is answered 409\ndone – fertig – 完了\n$/,
    );
    assert.equal(chunk.ended, true);
    assert.equal(chunk.next, chunk.size);
    const tail = await connection.client.log(`${request.id}.1`, { offset: -7 });
    assert.equal(tail.data, '完了\n');
    assert.equal((await connection.client.log(request.id, { file: 'stderr' })).data, '');
    for (const [file, status] of [
      ['../../../etc/passwd', 400],
      ['/etc/passwd', 400],
      ['report.txt', 404],
    ] as const) {
      await assert.rejects(
        connection.client.log(request.id, { file }),
        (error: unknown) => error instanceof ServiceProblem && error.status === status,
        file,
      );
    }
  });

  it('gives Airflow’s own log of a task by Airflow’s path', async () => {
    const logPath = 'dag_id=wetter/run_id=manual__ä/task_id=protokoll/attempt=1.log';
    const log = '{"event":"größer","level":"info"}\n'.repeat(5000);
    const request = cluster.request('protokoll', { log, logPath });
    await submit(request);
    await inState(request.id, 'finished');
    const answer = await cluster.asAirflow('GET', `log?path=${encodeURIComponent(logPath)}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.text, log);
    for (const other of [
      logPath.replace('protokoll', 'other'),
      logPath.replace('=1.log', '=2.log'),
      '../x',
      '',
    ]) {
      assert.equal(
        (await cluster.asAirflow('GET', `log?path=${encodeURIComponent(other)}`)).status,
        404,
        other,
      );
    }
    assert.equal((await cluster.asAirflow('GET', 'log')).status, 400);
  });

  it('kills a task that a person wants killed', async () => {
    const request = cluster.request('lang', { sleepMs: 60_000 });
    await submit(request);
    await inState(request.id, 'running');
    await connection.client.kill(request.id);
    const task = await inState(request.id, 'killed');
    assert.notEqual(task.info, '');
    await assert.rejects(
      connection.client.kill(randomUUID()),
      (error: unknown) => error instanceof ServiceProblem && error.status === 404,
    );
  });

  it('says why a task waits', async () => {
    const request = cluster.request('riesig', {}, { resources: { cpus: 64 } });
    await submit(request);
    const task = await until(async () => {
      const one = await connection.client.task(request.id);
      return one.waits ? one : undefined;
    });
    assert.match(task.waits ?? '', /cpu/);
    await connection.client.kill(request.id);
    await inState(request.id, 'killed');
  });

  it('refuses what is malformed, with the reason, and changes nothing', async () => {
    const before = await connection.client.tasks();
    const good = cluster.request('gut');
    const bodies: [string, string, unknown, number][] = [
      ['POST', 'tasks', '{"tasks":', 400],
      ['POST', 'tasks', '', 400],
      ['POST', 'tasks', { tasks: 'all' }, 400],
      ['POST', 'tasks/kill', { ids: [7] }, 400],
      ['POST', 'tasks/revoke', [], 400],
      ['GET', 'events?after=nonsense', undefined, 400],
      ['GET', 'events?wait=60', undefined, 400],
      ['GET', 'events?after=0-0:5', undefined, 410],
      ['GET', 'tasks', undefined, 405],
      ['GET', 'nothing', undefined, 404],
    ];
    for (const [method, below, body, status] of bodies) {
      const answer = await cluster.asAirflow(method as 'GET' | 'POST', below, body);
      assert.equal(answer.status, status, `${method} ${below} ${JSON.stringify(body)}: ${answer.text}`);
      assert.notEqual((answer.json as { error: string }).error, '');
    }
    // In a batch each is judged by itself.
    const bad = { ...cluster.request('schlecht'), key: { dag_id: 'x' } };
    const answer = await submit(bad as unknown as TaskRequest, { ...good, id: 'no-uuid' }, good);
    assert.deepEqual(answer.accepted, [good.id]);
    assert.deepEqual(
      answer.refused.map(({ id }) => id),
      [bad.id, ''],
    );
    assert.match(answer.refused[0]!.reason, /key\.run_id/);
    await inState(good.id, 'finished');
    const ids = (await connection.client.tasks()).map(({ id }) => id);
    assert.deepEqual(ids, [good.id, ...before.map(({ id }) => id)]);
  });

  it('opens its doors to whom they belong', async () => {
    const base = `http://127.0.0.1:${cluster.spec.service.port}/v1`;
    assert.equal((await fetch(`${base}/cluster`)).status, 401);
    assert.equal(
      (await fetch(`${base}/tickets/redeem`, { method: 'POST', body: '{"ticket":"x"}' })).status,
      403,
    );
    assert.equal(
      (
        await fetch(`${base}/attempts/outcome`, {
          method: 'POST',
          body: '{"receipt":"x","outcome":"superseded"}',
        })
      ).status,
      403,
    );
    const foreign = await cluster.asAirflow('GET', `../${randomUUID()}/events`);
    assert.equal(foreign.status, 403);
    assert.equal((await cluster.asAirflow('GET', '../../cluster')).status, 403);
  });

  it('opens Airflow signed in, once', async () => {
    const url = await connection.client.airflowLogin();
    const first = await fetch(url, { redirect: 'manual' });
    assert.equal(first.status, 303);
    assert.equal(first.headers.get('location'), `http://127.0.0.1:${cluster.spec.airflow.port}/`);
    assert.equal(first.headers.get('set-cookie'), '_token=token-of-airflow; Path=/; HttpOnly; SameSite=Lax');
    assert.equal((await fetch(url, { redirect: 'manual' })).status, 403);
    const ofRun = await connection.client.airflowLogin({ dag_id: 'wetter', run_id: 'r' });
    const second = await fetch(ofRun, { redirect: 'manual' });
    assert.match(second.headers.get('location') ?? '', /\/dags\/wetter\/runs\/r$/);
  });

  it('shows Airflow’s DAGs', async () => {
    const dags = await connection.client.dags();
    assert.deepEqual(
      dags.map(({ dag_id, paused, schedule, last_run }) => [dag_id, paused, schedule, last_run]),
      [['wetter', true, '@daily', null]],
    );
    await assert.rejects(
      connection.client.dagRun('wetter', 'none'),
      (error: unknown) => error instanceof ServiceProblem && error.status === 404,
    );
  });

  it('sends the pages that a view has expanded, and of nothing else', async () => {
    const aborter = new AbortController();
    const events: ClusterEvent[] = [];
    const gone = runTopic('wetter', 'none:1');
    const following = connection.client.subscribe(
      { event: (event) => events.push(event) },
      { signal: aborter.signal, topics: ['dags', 'mesos-tasks', runsTopic('wetter', 50), gone] },
    );
    // The master is looked at once a second: a task has to run for some looks to be seen running.
    const running = cluster.request('auf der Seite', { sleepMs: 8000 });
    await submit(running);
    const newest = <T extends ClusterEvent['type']>(
      type: T,
    ): Extract<ClusterEvent, { type: T }> | undefined =>
      events.findLast((event): event is Extract<ClusterEvent, { type: T }> => event.type === type);
    const isShown = ({ id, state }: MesosTaskView): boolean =>
      id === `${running.id}.1` && state === 'RUNNING';
    const shown = await until(() => newest('mesosTasks')?.tasks.find(isShown), {
      what: 'the running task',
      limitMs: 20_000,
    });
    const { framework } = await connection.client.cluster();
    assert.deepEqual([shown.framework, shown.framework_id], [framework.name, framework.id]);
    await until(() => newest('mesosTasks')?.total === 0, {
      what: 'the end of the task',
      limitMs: 20_000,
    });
    await until(() => newest('dags') && newest('runs') && newest('problem'));
    const [snapshot] = events;
    assert.ok(snapshot?.type === 'snapshot' && !snapshot.tasks && !snapshot.agents);
    assert.deepEqual(
      [newest('dags')?.dags.map(({ dag_id }) => dag_id), newest('dags')?.import_errors],
      [['wetter'], []],
    );
    assert.deepEqual([newest('runs')?.dag_id, newest('runs')?.more], ['wetter', true]);
    assert.deepEqual([newest('problem')?.topic, newest('problem')?.gone], [gone, true]);
    assert.equal(events.filter(({ type }) => type === 'task' || type === 'cluster').length, 0);
    const pages = events.filter(({ type }) => type === 'dags' || type === 'runs' || type === 'problem');
    assert.equal(pages.length, 3, 'nothing is sent twice');
    aborter.abort();
    await following;
  });

  it('shows who else shares the cluster, and where their tasks run', async () => {
    const aborter = new AbortController();
    const events: ClusterEvent[] = [];
    const following = connection.client.subscribe(
      { event: (event) => events.push(event) },
      { signal: aborter.signal, topics: ['frameworks', 'mesos-tasks'] },
    );
    const frameworks = (): FrameworkView[] | undefined => {
      const told = events.findLast((event) => event.type === 'frameworks' || event.type === 'snapshot');
      return told?.frameworks;
    };
    const master = `http://127.0.0.1:${cluster.spec.mesos.master_port}`;
    const other = await OtherFramework.start('spark-shell', master, cluster.folder);
    const shown = await until(() => frameworks()?.find(({ id, tasks }) => id === other.id && tasks === 1), {
      what: 'the other framework with its task',
      limitMs: 40_000,
    });
    assert.deepEqual(
      [shown.name, shown.ours, shown.active, shown.connected, shown.roles, shown.used.cpus],
      ['spark-shell', false, true, true, ['*'], 0.1],
    );
    const task = await until(() =>
      events
        .findLast((event) => event.type === 'mesosTasks')
        ?.tasks.find(({ id, state }) => id === other.taskId && state === 'RUNNING'),
    );
    const agents = await connection.client.agents();
    assert.deepEqual([task.name, task.framework, task.framework_id], ['sleeper', 'spark-shell', other.id]);
    assert.ok(agents.some(({ id }) => id === task.agent_id));
    await other.end();
    await until(() => frameworks()?.every(({ id }) => id !== other.id), {
      what: 'its end',
      limitMs: 40_000,
    });
    aborter.abort();
    await following;
  });

  it('lets a subscription turn to other topics while it lives', async () => {
    const aborter = new AbortController();
    const events: ClusterEvent[] = [];
    const subscription = connection.client.follow(
      { event: (event) => events.push(event) },
      { signal: aborter.signal, topics: ['cluster'] },
    );
    const types = (): string[] => events.map(({ type }) => type).filter((type) => type !== 'cluster');
    await until(() => events.length > 0);
    subscription.change(['cluster', 'tasks', 'agents', 'frameworks', 'offers']);
    await until(() => types().length >= 5, { what: 'the views' });
    assert.deepEqual(types().slice(0, 5), ['snapshot', 'taskRuns', 'agents', 'frameworks', 'offers']);
    const agents = events.findLast((event) => event.type === 'agents');
    assert.equal(agents?.agents.length, cluster.spec.mesos.agents.length);
    const request = cluster.request('später gewollt');
    await submit(request);
    await until(() =>
      events.some(
        (event) => event.type === 'task' && event.task.id === request.id && event.task.ended !== null,
      ),
    );
    assert.equal(types().filter((type) => type === 'taskRuns' || type === 'snapshot').length, 2);
    aborter.abort();
    await subscription.ended;
  });

  it('refuses to change a subscription that there is not, or to more than it may have', async () => {
    const token = (await fs.readFile(path.join(cluster.folder.secrets, 'admin.token'), 'utf8')).trim();
    const change = async (id: string, body: unknown): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${cluster.spec.service.port}/v1/subscription/${id}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      await answer.text();
      return answer.status;
    };
    assert.equal(await change('none', { topics: ['cluster'] }), 404);
    assert.equal(await change('none', { topics: ['weather'] }), 400);
    assert.equal(await change('none', { topics: Array.from({ length: 51 }, (_, i) => `runs:d${i}`) }), 400);
    assert.equal(await change('none', {}), 400);
  });

  it('refuses a subscription to more pages than a view can show', async () => {
    const topics = Array.from({ length: 51 }, (_, index) => runsTopic(`dag${index}`));
    await assert.rejects(
      connection.client.subscribe({ event: () => undefined }, { signal: AbortSignal.timeout(5000), topics }),
      (error: unknown) => error instanceof ServiceProblem && error.why?.includes('at most 50') === true,
    );
  });

  it('says which master leads, and since when', async () => {
    const { master } = await connection.client.cluster();
    assert.match(master.leader ?? '', new RegExp(`:${cluster.spec.mesos.master_port}$`));
    assert.ok(Math.abs((master.started ?? 0) - cluster.spec.created) < 120_000);
  });

  it('lets one service live, whoever else is started', async () => {
    const log = cluster.file('second.log');
    const { node, program } = cluster.spec.service;
    const second = await startDetached(node, [program, '--cluster', cluster.folder.root], {
      env: process.env,
      cwd: cluster.folder.root,
      logFile: log,
    });
    await until(async () => (await identify(second.pid)) === undefined);
    assert.match(
      await fs.readFile(log, 'utf8'),
      new RegExp(`process ${connection.handshake.pid} is the service`),
    );
    const connections = await Promise.all([cluster.start(), cluster.start(), cluster.ensure()]);
    for (const { handshake } of connections) assert.equal(handshake.pid, connection.handshake.pid);
  });

  for (const name of ['scheduler', 'mesos-master', 'agent-1']) {
    it(`starts the ${name} again when it was killed, and goes on`, async () => {
      const pid = (await cluster.partPids()).get(name)!;
      process.kill(pid, 'SIGKILL');
      const part = await until(
        async () => {
          const found = (await connection.client.cluster()).parts.find((one) => one.name === name);
          return found?.state === 'ready' && found.pid !== pid ? found : undefined;
        },
        { limitMs: 20_000, what: name },
      );
      assert.equal(part.restarts, 1);
      await cluster.ready(connection);
      const request = cluster.request(`nach-${name}`);
      await submit(request);
      await inState(request.id, 'finished');
    });
  }

  it('is reached by TCP where its socket is gone with the person’s session', async () => {
    await fs.rm((await cluster.known()).runtime!.socket);
    const { client, handshake } = await cluster.ensure();
    assert.deepEqual(client.address, { url: `http://127.0.0.1:${cluster.spec.service.port}` });
    assert.equal(handshake.pid, connection.handshake.pid);
    connection = await cluster.ensure();
  });

  it('is killed in mid-run and started again: nothing lost, nothing run twice, parts adopted', async () => {
    const parts = await cluster.partPids();
    const teile = async (): Promise<string[]> =>
      (await cluster.journal()).map(({ name }) => name).filter((name) => name.startsWith('teil-'));
    const gate = cluster.file('gate');
    // Three that run and wait, and more than there is room for: those wait in the queue.
    const requests = Array.from({ length: 8 }, (_, index) =>
      cluster.request(`teil-${index}`, { waitFor: gate }),
    );
    await submit(...requests);
    // Their tickets are redeemed: what follows is no longer between a task and the service.
    await until(async () => (await teile()).length === 4, { limitMs: 20_000, what: 'four running tasks' });
    const cursor = ((await cluster.asAirflow('POST', 'tasks/states', { ids: [] })).json as StatesResponse)
      .cursor;
    await cluster.killService(connection);
    assert.equal((await cluster.known()).state, 'dead');
    // Some end while nobody listens.
    await fs.writeFile(gate, '');
    const starters = await Promise.all([cluster.ensure(), cluster.ensure()]);
    connection = starters[0];
    assert.equal(starters[1].handshake.pid, connection.handshake.pid);
    for (const { id } of requests) await inState(id, 'finished');
    await cluster.ready(connection);
    assert.deepEqual(await cluster.partPids(), parts);

    assert.deepEqual((await teile()).sort(), requests.map(({ key }) => key.task_id).sort());
    // The executor goes on from its cursor and misses nothing.
    const page = (await cluster.asAirflow('GET', `events?after=${encodeURIComponent(cursor)}`))
      .json as EventsResponse;
    for (const { id } of requests) {
      assert.equal(page.events.filter((event) => event.id === id && event.state === 'finished').length, 1);
    }
  });

  it('stops alone on SIGTERM, and is found again', async () => {
    const parts = await cluster.partPids();
    process.kill(connection.handshake.pid, 'SIGTERM');
    await until(async () => (await identify(connection.handshake.pid)) === undefined);
    for (const [name, pid] of parts) assert.ok(await identify(pid), name);
    connection = await cluster.ensure();
    await cluster.ready(connection);
    assert.deepEqual(await cluster.partPids(), parts);
  });

  it('says what is wrong with its cluster.json, and with its port', async () => {
    await cluster.killService(connection);
    await cluster.writeSpec({
      ...cluster.spec,
      service: { ...cluster.spec.service, port: 'x' as unknown as number },
    });
    const log = cluster.file('bad.log');
    const { node, program } = cluster.spec.service;
    const bad = await startDetached(node, [program, '--cluster', cluster.folder.root], {
      env: process.env,
      cwd: cluster.folder.root,
      logFile: log,
    });
    await until(async () => (await identify(bad.pid)) === undefined);
    assert.match(await fs.readFile(log, 'utf8'), /cluster\.json is not understood[^]*service\.port/);
    const taken = cluster.spec.mesos.master_port;
    await cluster.writeSpec({ ...cluster.spec, service: { ...cluster.spec.service, port: taken } });
    await assert.rejects(cluster.start(), (error: unknown) => {
      assert.match(
        (error as { why?: string }).why ?? '',
        new RegExp(`Port ${taken} of this machine is taken`),
      );
      return true;
    });
    await cluster.writeSpec();
    connection = await cluster.ensure();
    await cluster.ready(connection);
  });

  it('goes down and leaves no process and no stale file', async () => {
    const request = cluster.request('bleibt', { sleepMs: 60_000 });
    await submit(request);
    const task = await until(async () => (await cluster.journal()).find(({ name }) => name === 'bleibt'));
    const pids = [...(await cluster.partPids()).values(), connection.handshake.pid, task.pid];
    await connection.client.shutdown();
    for (const pid of pids) {
      await until(async () => (await identify(pid)) === undefined, {
        limitMs: 30_000,
        what: `the end of ${pid}`,
      });
    }
    for (const file of [cluster.folder.runtime, cluster.folder.parts]) {
      await assert.rejects(fs.stat(file), { code: 'ENOENT' });
    }
    assert.equal((await cluster.known()).state, 'stopped');
  });

  it('never wrote a secret into a log', async () => {
    const secrets = await Promise.all(
      (await fs.readdir(cluster.folder.secrets)).map((name) =>
        fs.readFile(path.join(cluster.folder.secrets, name), 'utf8'),
      ),
    );
    const receipts = (await cluster.journal()).map(({ receipt }) => receipt);
    for (const name of await fs.readdir(cluster.folder.logs)) {
      const log = await fs.readFile(path.join(cluster.folder.logs, name), 'utf8');
      for (const secret of [...secrets, ...receipts, 'token-of-airflow']) {
        assert.ok(!log.includes(secret.trim()), `${name} holds a secret`);
      }
    }
  });
});
