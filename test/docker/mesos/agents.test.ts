import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { jsonLines } from '../../../src/docker/jsonLines.ts';
import { lastLogLines } from '../../../src/docker/logs.ts';
import { resourceName } from '../../../src/engines/docker/labels.ts';
import { ensureAirflowImage, type AirflowImage } from '../../../src/engines/docker/images/airflow.ts';
import type { ImageContext } from '../../../src/engines/docker/images/context.ts';
import { ensureApacheAgentImage } from '../../../src/engines/docker/mesos/agentImage.ts';
import type { ApacheChoice } from '../../../src/engines/docker/mesos/choice.ts';
import { mesosContainers } from '../../../src/engines/docker/mesos/containers.ts';
import type { MesosContainerPlan } from '../../../src/engines/docker/mesos/plan.ts';
import { agentRuntime } from '../../../src/engines/docker/mesos/runtime.ts';
import type { TaskStatus } from '../../../src/mesos/types.ts';
import { modern, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { ensureStandIns, standIns } from '../support/apacheMesos/standIns.ts';
import { TestClusters } from '../support/clusters.ts';
import { dagsFolder, login, MesosContainers } from '../support/mesosContainers.ts';

const choice: ApacheChoice = {
  distribution: 'apache',
  preset: 'mesosphere',
  layout: 'separate',
  images: { master: standIns.master, agent: standIns.agent },
  why: '',
  limits: [],
  platform: undefined,
};
const { python } = agentRuntime;

describe("agents of Apache's Mesos", function () {
  this.timeout(120_000);
  let clusters: TestClusters;
  let context: ImageContext;
  let airflow: AirflowImage;
  let agentImage: string;

  before(async function () {
    this.timeout(900_000);
    clusters = await TestClusters.make();
    const { docker: engine, env, program, settings } = clusters;
    await ensureStandIns(engine);
    const signal = new AbortController().signal;
    context = { engine, env, program, settings, signal, progress: () => undefined };
    airflow = await ensureAirflowImage(context);
    ({ image: agentImage } = await ensureApacheAgentImage(context, airflow, choice));
  });

  after(() => clusters.remove());

  it('have an image that is built once', async () => {
    const again = await ensureApacheAgentImage(context, airflow, choice);
    assert.deepEqual([again.image, again.reused], [agentImage, true]);
    assert.equal(again.python, python);
  });

  it('have an Airflow that needs nothing of the image, not even a C library', async function () {
    // It builds an image.
    this.timeout(600_000);
    const bare = await importBareImage();
    const { docker } = clusters.docker;
    let made: string | undefined;
    try {
      const images = { master: bare, agent: bare };
      ({ image: made } = await ensureApacheAgentImage(context, airflow, { ...choice, images }));
      const program = `
import json, os, pwd, socket, ssl, sys, time, zoneinfo
import airflow
maps = [line.split()[-1] for line in open("/proc/self/maps") if ".so" in line]
print(json.dumps({
    "executable": sys.executable,
    "user": pwd.getpwuid(os.getuid()).pw_name,
    "home": pwd.getpwuid(os.getuid()).pw_dir,
    "version": airflow.__version__,
    "authorities": ssl.create_default_context().cert_store_stats()["x509_ca"] > 50,
    "zone": str(zoneinfo.ZoneInfo("Europe/Berlin")),
    "address": socket.gethostbyname("itself"),
    "outside": [path for path in maps if not path.startswith("/opt/mesos-airflow/runtime/")],
}))`;
      const container = await docker.createContainer({
        ...{ Image: made, Hostname: 'itself', User: 'airflow' },
        ...{ Entrypoint: [python], Cmd: ['-c', program], Labels: { 'mesos-airflow-test': 'mesos' } },
      });
      try {
        await container.start();
        await container.wait();
        const said = (await lastLogLines(container, 20)).join('\n');
        const { address, ...told } = JSON.parse(said) as Record<string, unknown>;
        assert.match(String(address), /^\d+\.\d+\.\d+\.\d+$/);
        assert.deepEqual(told, {
          executable: python,
          user: 'airflow',
          home: '/var/lib/airflow',
          version: airflow.airflowVersion,
          authorities: true,
          zone: 'Europe/Berlin',
          outside: [],
        });
      } finally {
        await container.remove({ force: true });
      }
    } finally {
      if (made !== undefined) await docker.getImage(made).remove({ force: true });
      await docker.getImage(bare).remove({ force: true });
    }
  });

  describe('on a network', () => {
    let mesos: MesosContainers;
    let scheduler: RawScheduler | undefined;

    beforeEach(async () => {
      mesos = await MesosContainers.make(clusters.docker);
      scheduler = undefined;
    });

    afterEach(async () => {
      scheduler?.disconnect();
      await mesos.remove();
    });

    function plans(agents = 1): MesosContainerPlan[] {
      const agent = { cpus: 1, mem: 512, disk: 1024, workDir: '/var/lib/mesos' };
      return mesosContainers(choice, {
        cluster: mesos.cluster,
        masterImage: standIns.master,
        agentImage,
        agents: Array.from({ length: agents }, (_, index) => ({ ...agent, name: `agent-${index + 1}` })),
        tasks: 'agent',
        dags: dagsFolder,
      });
    }

    interface Agents {
      readonly slaves: readonly { hostname: string; active: boolean; attributes: { name?: string } }[];
    }

    async function registered(count: number): Promise<Agents['slaves']> {
      const authorization = `Basic ${Buffer.from(`${login.principal}:${login.secret}`).toString('base64')}`;
      return until(
        async () => {
          const answer = await fetch(`${await mesos.masterUrl()}/slaves`, { headers: { authorization } });
          const active = ((await answer.json()) as Agents).slaves.filter((each) => each.active);
          return active.length === count ? active : undefined;
        },
        { what: `${count} agents`, limitMs: 60_000, everyMs: 200 },
      );
    }

    /** Runs a shell command as a task of the user airflow; its last status and its standard output. */
    async function run(id: string, command: string): Promise<{ status: TaskStatus; stdout: string }> {
      const { host } = new URL(await mesos.masterUrl());
      scheduler ??= await RawScheduler.subscribe(`http://${login.principal}:${login.secret}@${host}`, {
        ...modern,
        user: 'airflow',
      });
      scheduler.acknowledgeAll();
      const [offer] = await scheduler.offersOf(1);
      assert.ok(offer);
      await scheduler.launch([offer], [taskFor(offer.agent_id, id, { value: command })], 0);
      const status = await until(
        () => scheduler?.updates(id).find(({ state }) => /FINISHED|FAILED|LOST|DROPPED|ERROR/.test(state)),
        { what: `the end of ${id}`, limitMs: 60_000 },
      );
      const file = `/var/lib/mesos/slaves/*/frameworks/*/executors/${id}/runs/latest/stdout`;
      const { output } = await mesos.run('agent-1', ['sh', '-c', `cat ${file}`]);
      return { status, stdout: output };
    }

    it('wait for the master, whichever starts first, and are known by their names', async () => {
      const [master, ...agents] = plans(2);
      for (const agent of agents) await mesos.start(agent);
      await until(async () => (await mesos.log('agent-1')).includes('waiting for the master'), {
        limitMs: 30_000,
      });
      await mesos.start(master!);
      const known = await registered(2);
      assert.deepEqual(known.map(({ hostname }) => hostname).sort(), ['agent-1', 'agent-2']);
      assert.deepEqual(known.map(({ attributes }) => attributes.name).sort(), ['agent-1', 'agent-2']);
      // It was not Docker that started them until one stayed up.
      const { RestartCount } = await mesos.container('agent-1').inspect();
      assert.equal(RestartCount, 0);
    });

    it("run tasks as another user with Airflow's Python, and what tasks start with the image's own libraries", async () => {
      for (const plan of plans()) await mesos.start(plan);
      await registered(1);
      const { status, stdout } = await run(
        'who',
        [
          'id -un; id -u',
          `${python} -c 'import airflow, sys; print(airflow.__version__, sys.executable)'`,
          `${python} -c 'import subprocess; subprocess.run(["ldd", "--version"])' | head -n 1`,
          'cat /etc/mesos-airflow/mesos.credentials 2>&1',
          'exit 0',
        ].join('; '),
      );
      assert.equal(status.state, 'TASK_FINISHED', JSON.stringify(status));
      const [user, uid, version, libc, secret] = stdout.split('\n');
      assert.equal(user, 'airflow');
      assert.notEqual(uid, '0');
      assert.equal(version, `${airflow.airflowVersion} ${python}`);
      assert.match(libc ?? '', /2\.31$/);
      assert.match(secret ?? '', /Permission denied/);
    });

    it('follow a master that came back with another address', async () => {
      const [master, agent] = plans();
      await mesos.start(master!);
      await mesos.start(agent!);
      await registered(1);
      const network = resourceName(mesos.cluster, 'network');
      const address = async (): Promise<string> =>
        (await mesos.container('mesos-master').inspect()).NetworkSettings.Networks[network]?.IPAddress ?? '';
      const before = await address();
      await mesos.container('mesos-master').stop();
      const other = await clusters.docker.docker.createContainer({
        ...{
          Image: standIns.master,
          Entrypoint: ['sleep', '600'],
          Labels: { 'mesos-airflow-test': 'mesos' },
        },
        HostConfig: { NetworkMode: network, Init: true },
      });
      try {
        await other.start();
        await mesos.container('mesos-master').start();
        assert.notEqual(await address(), before);
        await registered(1);
        assert.match(await mesos.log('agent-1'), /the master has moved from/);
      } finally {
        await other.remove({ force: true });
      }
    });

    it('forget the processes of an earlier life of their container, and end when they are told to', async () => {
      const [master, agent] = plans();
      await mesos.start(master!);
      const container = await mesos.start(agent!);
      await registered(1);
      // As the real agent leaves them behind.
      const written = await mesos.run('agent-1', [
        ...['sh', '-c', 'mkdir -p /var/lib/mesos/meta /var/run/mesos/containers'],
      ]);
      assert.equal(written.status, 0, written.output);
      await mesos.run('agent-1', ['sh', '-c', 'echo of-the-kernel > /var/lib/mesos/meta/boot_id']);
      const started = performance.now();
      await container.stop();
      assert.ok(performance.now() - started < 9000, 'it was not killed');
      await container.start();
      await registered(1);
      const { output: boot } = await mesos.run('agent-1', ['cat', '/var/lib/mesos/meta/boot_id']);
      assert.equal(boot, 'the container was started anew');
      const { status } = await mesos.run('agent-1', ['test', '-e', '/var/run/mesos/containers']);
      assert.equal(status, 1);
    });
  });

  /** An image with nothing but the file that Mesos starts commands with, which is empty. */
  async function importBareImage(): Promise<string> {
    const archive = pack();
    archive.entry({ name: 'bin/sh', mode: 0o755 }, '');
    archive.entry({ name: 'tmp', type: 'directory', mode: 0o1777 });
    archive.finalize();
    const [repo, tag] = ['mesos-airflow-test/bare', 'mesos'];
    const answer = await clusters.docker.docker.importImage(Readable.from(archive, { objectMode: false }), {
      ...{ repo, tag, changes: ['LABEL mesos-airflow-test=mesos'] },
    });
    for await (const line of jsonLines(Readable.from(answer))) {
      if (JSON.stringify(line).includes('"error"')) throw new Error(JSON.stringify(line));
    }
    return `${repo}:${tag}`;
  }
});
