import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { secretFiles } from '../../../src/api/cluster.ts';
import type { ClusterView, DagRunView } from '../../../src/api/people.ts';
import { connect as connectTo, findCluster } from '../../../src/client/discover.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { labels } from '../../../src/engines/docker/labels.ts';
import type { PartIncident } from '../../../src/engines/engine.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { DockerClusters } from '../../../src/engines/docker/engine.ts';
import { runCommand, startCommand } from '../../support/commandLine.ts';
import { until } from '../../support/until.ts';
import { TestClusters, Told } from '../support/clusters.ts';
import { InsideTask, ticking } from './insideTask.ts';

const run = promisify(execFile);
const never = new AbortController().signal;

/** A DAG whose one task says what it sees. */
const dag = (name: string): string => `
import os
from airflow.sdk import dag, task

@dag(schedule=None)
def ${name}():
    @task
    def look():
        print("greeting:", os.environ.get("GREETING"), "user:", os.getuid() != 0, flush=True)
        print("farewell:", os.environ.get("FAREWELL"), flush=True)

    look()

${name}()
`;

describe('a cluster in Docker', function () {
  this.timeout(600_000);
  const name = 'test-one';
  let clusters: TestClusters;
  let dags: string;
  const told = new Told();
  let cluster: ClusterView;

  before(async () => {
    clusters = await TestClusters.make();
    dags = path.join(clusters.home, 'dags');
    await fs.mkdir(dags);
    await fs.writeFile(path.join(dags, 'first.py'), dag('first'));
    await fs.writeFile(path.join(dags, 'endless.py'), ticking);
    await fs.writeFile(path.join(clusters.home, '.env'), 'GREETING=swordfish\n');
    await fs.writeFile(path.join(clusters.home, 'farewell'), 'seahorse\n');
    const request = clusters.request(name, {
      agents: 1,
      cpus: 2,
      mem: 1024,
      dagsFolder: dags,
      secrets: { FAREWELL: { file: path.join(clusters.home, 'farewell') } },
    });
    ({ cluster } = await clusters.engine().up(request, { progress: told.progress, signal: never }));
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') process.stderr.write(`${await clusters.logs(name)}\n`);
  });

  after(async () => {
    // Undefined where it could not be made.
    await (clusters as TestClusters | undefined)?.remove();
  });

  const connect = async (): Promise<ServiceClient> => (await clusters.engine().connect(name, never)).client;

  async function finishedRun(dagId: string): Promise<DagRunView> {
    const client = await connect();
    const { run_id } = await client.trigger(dagId, {});
    return until(
      async () => {
        const now = await client.dagRun(dagId, run_id);
        return ['success', 'failed'].includes(now.state) && now;
      },
      { limitMs: 120_000, everyMs: 300, what: `the end of ${dagId}` },
    );
  }

  async function ready(): Promise<ClusterView> {
    const client = await connect();
    return until(
      async () => {
        const view = await client.cluster();
        return view.state === 'ready' && view;
      },
      { limitMs: 120_000, everyMs: 200, what: 'a cluster that is ready' },
    );
  }

  function inspect(part: string) {
    return clusters.docker.docker.getContainer(`airflow-on-mesos-${name}-${part}`).inspect();
  }

  it('says what it does, phase by phase, and whose Mesos runs', () => {
    assert.equal(cluster.state, 'ready');
    assert.deepEqual(cluster.mesos?.distribution, 'dev');
    const names = told.phases.map((phase) => phase.replace(/ done: .*/s, ''));
    assert.deepEqual(
      [...names].sort(),
      [
        'Check Docker',
        'Secrets',
        'Airflow image',
        'PostgreSQL image',
        'Mesos image',
        'Agent image',
        'Containers',
        'Service',
      ]
        .concat(['PostgreSQL', 'Mesos master', 'Mesos agents', 'Framework', 'Airflow'])
        .sort(),
    );
    assert.ok(
      told.phases.some((phase) => /^Check Docker done: .*cpus.*memory/.test(phase)),
      told.phases.join('\n'),
    );
  });

  it('runs a DAG to success on an agent, with the variables of .env, and serves its log', async () => {
    const finished = await finishedRun('first');
    assert.equal(finished.state, 'success');
    const [task] = finished.tasks;
    assert.equal(task?.agent, 'agent-1');
    const client = await connect();
    const { data } = await client.log(task.mesos_task_id ?? '', {});
    assert.match(data, /greeting: swordfish user: True/);
    assert.match(data, /farewell: seahorse/);
  });

  it('lets people into a running task by its agent, and a debugger into a copy of it', async () => {
    const task = await InsideTask.running(clusters, name, await connect());
    await task.shell('airflow');
    await task.sandbox();
    await task.follow();
    await task.end();
    await task.debug();
  });

  it('lets nobody but this machine in, and shows no secret to who may look at its containers', async () => {
    const { containers } = await clusters.found(name);
    assert.equal(containers.length, 8);
    const secrets = await fs.readdir(clusters.folder(name).secrets);
    assert.ok(secrets.includes(secretFiles.admin));
    const values = await Promise.all(
      secrets.map(async (file) => {
        const at = path.join(clusters.folder(name).secrets, file);
        assert.equal((await fs.stat(at)).mode & 0o077, 0, file);
        return (await fs.readFile(at, 'utf8')).trim();
      }),
    );
    for (const { part } of containers) {
      const about = await inspect(part);
      const shown = JSON.stringify(about);
      for (const secret of [...values, 'swordfish', 'seahorse']) assert.ok(!shown.includes(secret), part);
      for (const bindings of Object.values(about.NetworkSettings.Ports)) {
        for (const { HostIp } of (bindings as { HostIp: string }[] | null) ?? [])
          assert.equal(HostIp, '127.0.0.1', part);
      }
      assert.equal(about.HostConfig.Privileged, false, part);
    }
  });

  it('shows a new DAG file within seconds', async () => {
    await fs.writeFile(path.join(dags, 'second.py'), dag('second'));
    const client = await connect();
    await until(async () => (await client.dags()).some(({ dag_id }) => dag_id === 'second'), {
      limitMs: 30_000,
      what: 'the second DAG',
    });
  });

  it('is joined by a second `up`, which names what it does not change', async () => {
    const again = new Told();
    const { joined } = await clusters
      .engine()
      .up(clusters.request(name, { agents: 3 }), { progress: again.progress, signal: never });
    assert.equal(joined, true);
    assert.ok(
      again.notices.some((notice) => notice.startsWith('--agents 3 is not applied')),
      again.notices.join('\n'),
    );
    assert.equal((await clusters.found(name)).containers.length, 8);
  });

  it('has an agent that is killed started again, told within a second with its last lines', async () => {
    const over = new AbortController();
    const incidents: (PartIncident & { readonly seen: number })[] = [];
    const watching = (async () => {
      for await (const incident of clusters.engine().incidents(name, over.signal)) {
        incidents.push({ ...incident, seen: Date.now() });
      }
    })();
    try {
      const before = (await inspect('agent-1')).State.Pid;
      const death = await until(
        async () => {
          // Killed again where nobody has watched yet.
          const seen = incidents.find(({ lastLines }) => lastLines.length > 0);
          if (!seen) await kill('agent-1');
          return seen;
        },
        { limitMs: 60_000, everyMs: 3000, what: 'an incident with the last lines' },
      );
      assert.deepEqual([death.part, death.state], ['agent-1', 'restarting']);
      assert.match(death.detail, /was killed \(SIGKILL\)/);
      assert.ok(death.seen - death.at < 1000, JSON.stringify(incidents));
      await until(() => incidents.some(({ part, state }) => part === 'agent-1' && state === 'running'), {
        limitMs: 20_000,
        what: 'the new start',
      });
      assert.notEqual((await inspect('agent-1')).State.Pid, before);
    } finally {
      over.abort();
      await watching;
    }
    const view = await ready();
    const agent = view.parts.find((part) => part.name === 'agent-1');
    assert.ok((agent?.restarts ?? 0) > 0, 'the service was told of it');
  });

  /** Ends a container's process as the kernel does, so that Docker sees it die by itself. */
  async function kill(part: string): Promise<void> {
    const container = `airflow-on-mesos-${name}-${part}`;
    await run('docker', ['exec', container, 'sh', '-c', 'kill -9 $(cat /proc/1/task/1/children)']).catch(
      () => undefined,
    );
  }

  it('goes on after its master was started again', async () => {
    await clusters.docker.docker.getContainer(`airflow-on-mesos-${name}-mesos-master`).restart();
    await ready();
    assert.equal((await finishedRun('first')).state, 'success');
  });

  it('is there for everybody though the folder on this machine is lost', async () => {
    const known = await findCluster(name, clusters.folders);
    await fs.rm(clusters.folder(name).root, { recursive: true });
    const [listed] = await clusters
      .engine()
      .list(never)
      .then((all) => all.filter((each) => each.name === name));
    assert.deepEqual([listed?.state, listed?.engine, listed?.agents], ['ready', 'docker', 1]);
    await fs.rm(clusters.folder(name).root, { recursive: true });
    assert.equal((await (await connect()).cluster()).name, name);
    const again = await findCluster(name, clusters.folders);
    assert.deepEqual(again?.spec, known?.spec);
    assert.deepEqual(again?.container?.url, known?.container?.url);
  });

  it('is named, and not touched, where it is looked at from another home', async () => {
    const env = { ...clusters.env, MESOS_AIRFLOW_HOME: path.join(clusters.home, 'another') };
    const elsewhere = new DockerClusters({ folders: userFolders(env), program: clusters.program, env });
    const listed = (await elsewhere.list(never)).find((each) => each.name === name);
    assert.deepEqual([listed?.made_in, listed?.state], [clusters.folders.state, 'ready']);
    await assert.rejects(fs.stat(userFolders(env).state), { code: 'ENOENT' }, 'no token of it was copied');
    const { stdout } = await runCommand(['purge', '--dry-run'], { env });
    assert.match(stdout, /What stays:[^]*the cluster test-one, made from /);
  });

  it('is recorded to a file, which is shown again', async () => {
    const file = path.join(clusters.home, 'one.mesos-airflow.jsonl.gz');
    const { env } = clusters;
    const saved = await runCommand(['record', '--name', name, '--output', file, '--json'], { env });
    assert.equal(saved.status, 0, saved.stderr);
    const { changes } = JSON.parse(saved.stdout) as { changes: number };
    assert.ok(changes > 0, saved.stdout);
    const shown = startCommand(['replay', file, '--name', 'test-shown', '--paused', '--progress', 'json'], {
      env,
    });
    try {
      await until(() => shown.stdout().includes('"serving"'), { limitMs: 60_000, what: 'the recording' });
      const known = await findCluster('test-shown', clusters.folders);
      assert.ok(known);
      const { client } = await connectTo(known, never);
      const { recording } = await client.cluster();
      assert.ok(recording);
      await client.controlRecording({ at: recording.to });
      assert.ok((await client.tasks({ dag_id: 'first' })).length > 0);
    } finally {
      shown.child.kill('SIGINT');
      await shown.ended;
    }
  });

  it('is left up by down --unless-used while somebody follows it, and goes down where nobody does', async () => {
    const client = await connect();
    const following = new AbortController();
    let followed = false;
    void client
      .subscribe({ event: () => (followed = true) }, { signal: following.signal, topics: ['cluster'] })
      .catch(() => undefined);
    await until(() => followed, { what: 'the subscription' });
    const { env } = clusters;
    const leave = ['down', '--unless-used', '0.2', '--name', name, '--progress', 'json'];
    const kept = await runCommand(leave, { env });
    assert.deepEqual(JSON.parse(kept.stdout), { type: 'kept', name, clients: 1 });
    following.abort();
    await until(async () => (await client.clients()).clients === 0);
    const gone = await runCommand(leave, { env });
    assert.equal(gone.status, 0, gone.stderr);
    assert.equal((await findCluster(name, clusters.folders))?.state, 'stopped');
    await clusters.engine().up(clusters.request(name), { progress: new Told().progress, signal: never });
    await ready();
  });

  it('shows the logs of its parts, and tells which parts there are', async () => {
    const lines: string[] = [];
    for await (const line of clusters
      .engine()
      .partLog(name, 'mesos-master', { lines: 5, follow: false, signal: never })) {
      lines.push(line);
    }
    assert.ok(lines.length > 0 && lines.length <= 5);
    const unknown = clusters.engine().partLog(name, 'nobody', { lines: 5, follow: false, signal: never });
    await assert.rejects(unknown[Symbol.asyncIterator]().next(), /no container of a part called "nobody"/);
  });

  it('has a container that was stopped by hand started again by `up`', async () => {
    await clusters.docker.docker.getContainer(`airflow-on-mesos-${name}-triggerer`).stop();
    const [listed] = await clusters
      .engine()
      .list(never)
      .then((all) => all.filter((each) => each.name === name));
    assert.ok(listed && ['degraded', 'ready', 'failed'].includes(listed.state), listed?.state);
    const again = new Told();
    const { joined } = await clusters
      .engine()
      .up(clusters.request(name), { progress: again.progress, signal: never });
    assert.equal(joined, true);
    assert.ok(
      again.notices.some((notice) => notice.includes('started again: triggerer')),
      again.notices.join('\n'),
    );
    await ready();
  });

  it('is brought down in order, and stays down', async () => {
    const down = new Told();
    const watch = { progress: down.progress, signal: never };
    assert.equal(await clusters.engine().down(name, watch), true);
    const { containers } = await clusters.found(name);
    assert.ok(
      containers.every(({ state }) => state === 'exited'),
      JSON.stringify(containers),
    );
    const ends = await Promise.all(
      ['scheduler', 'agent-1', 'mesos-master', 'service', 'database'].map(async (part) =>
        Date.parse((await inspect(part)).State.FinishedAt),
      ),
    );
    const database = clusters.docker.docker.getContainer(`airflow-on-mesos-${name}-database`);
    const log = await database.logs({ stdout: true, stderr: true });
    assert.match(log.toString(), /database system is shut down/, 'PostgreSQL ended in order');
    assert.deepEqual(
      ends,
      [...ends].sort((one, other) => one - other),
      'ended in this order',
    );
    await assert.rejects(clusters.engine().connect(name, never), /not running/);
    assert.equal((await findCluster(name, clusters.folders))?.state, 'stopped');
    assert.equal(await clusters.engine().down(name, watch), false);
  });

  it('comes up again with what it had; what is planned otherwise by now is made anew', async () => {
    const before = new Map((await clusters.found(name)).containers.map(({ part, id }) => [part, id]));
    await fs.rm(clusters.folder(name).root, { recursive: true });
    const { joined } = await clusters
      .engine()
      .up(clusters.request(name, { agents: 2 }), { progress: new Told().progress, signal: never });
    assert.equal(joined, false);
    const after = new Map((await clusters.found(name)).containers.map(({ part, id }) => [part, id]));
    assert.equal(after.get('database'), before.get('database'));
    assert.equal(after.get('agent-1'), before.get('agent-1'));
    // Its label tells of the second agent.
    assert.notEqual(after.get('service'), before.get('service'));
    assert.ok(after.has('agent-2'));
    const client = await connect();
    const agents = await until(async () => (await client.agents()).length === 2 && client.agents(), {
      limitMs: 30_000,
    });
    assert.deepEqual(agents.map((agent) => agent.name).sort(), ['agent-1', 'agent-2']);
    const runs = await client.tasks({ dag_id: 'first' });
    assert.ok(runs.length >= 2, 'earlier runs are remembered');
  });

  it('stands beside a second cluster, at other ports', async () => {
    const other = 'test-two';
    const { cluster: second } = await clusters.engine().up(
      // Here each task gets a container of its own.
      clusters.request(other, { agents: 1, dagsFolder: dags, tasks: 'container' }),
      { progress: new Told().progress, signal: never },
    );
    const first = await (await connect()).cluster();
    assert.notEqual(second.airflow?.url, first.airflow?.url);
    assert.notEqual(second.master.url, first.master.url);
    const listed = await clusters.engine().list(never);
    const states = listed.filter((each) => [name, other].includes(each.name)).map((each) => each.state);
    assert.deepEqual(states, ['ready', 'ready']);
    assert.equal((await finishedRun('second')).state, 'success');
    const { client } = await clusters.engine().connect(other, never);
    const task = await InsideTask.running(clusters, other, client);
    const [container] = (await clusters.found(other)).tasks;
    assert.ok(container);
    const { HostConfig } = await clusters.docker.docker.getContainer(container.id).inspect();
    assert.equal(HostConfig.Privileged, false);
    await task.shell('airflow');
    await task.sandbox();
    await task.follow();
    await task.end();
    await task.debug();
    await InsideTask.running(clusters, other, client);
    await clusters.engine().kill(other);
    const killed = await clusters.found(other);
    assert.ok(killed.containers.every(({ state }) => state === 'exited'));
    assert.deepEqual(killed.tasks, []);
  });

  it('says what deleting it removes, and leaves nothing of it', async () => {
    const holdings = await clusters.engine().holdings(name, never);
    assert.ok(holdings);
    const goes = holdings.goes.join('\n');
    assert.match(goes, /^9 containers/);
    assert.match(goes, /volume airflow-on-mesos-test-one-database \(\d+ MB\)/);
    const watch = { progress: new Told().progress, signal: never };
    for (const each of [name, 'test-two']) {
      assert.equal(await clusters.engine().delete(each, watch, { keepImages: true }), true);
      const { containers, networks, tasks, volumes } = await clusters.found(each);
      assert.deepEqual([containers, networks, tasks, volumes], [[], [], [], []]);
      await assert.rejects(fs.stat(clusters.folder(each).root), { code: 'ENOENT' });
      assert.equal(await clusters.engine().delete(each, watch), false);
    }
    assert.equal(await clusters.engine().holdings(name, never), undefined);
    await assert.rejects(clusters.engine().connect(name, never), /no cluster/);
    const left = await clusters.docker.docker.listContainers({
      all: true,
      filters: { label: [`${labels.cluster}=${name}`] },
    });
    assert.deepEqual(left, []);
  });
});
