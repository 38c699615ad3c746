import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { protocolVersion, type EmbeddedSpec } from '../../../src/api/cluster.ts';
import { connect, findCluster, listClusters } from '../../../src/client/discover.ts';
import { ensureService, startService } from '../../../src/client/start.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { clusterFolder, userFolders, type UserFolders } from '../../../src/host/folders.ts';
import { endProcess, identify } from '../../../src/host/processes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

/** The least that a service does: one living process per cluster, which says where it is and shakes hands. */
const service = `
  const fs = require('fs'), http = require('http'), path = require('path');
  const root = process.argv[3];
  console.log('variables: ' + Object.keys(process.env).sort().join(' '));
  if (fs.existsSync(path.join(root, 'broken'))) { console.error('the disk is on fire'); process.exit(1); }
  const stat = fs.readFileSync('/proc/self/stat', 'utf8');
  const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] + '@' + boot;
  const lock = path.join(root, 'service.lock');
  fs.mkdirSync(lock, { recursive: true });
  try { fs.writeFileSync(path.join(lock, '1'), JSON.stringify({ pid: process.pid, started }), { flag: 'wx' }); }
  catch { console.log('another one lives'); process.exit(0); }
  const socket = path.join(root, 's.sock');
  const server = http.createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer ' + fs.readFileSync(path.join(root, 'secrets', 'admin.token'), 'utf8').trim()) {
      response.writeHead(401).end('{"error":"token"}');
      return;
    }
    response.end(JSON.stringify({ protocol: ${protocolVersion}, version: '1', cluster: 'c', pid: process.pid, epoch: 'e' }));
  });
  // Slow to come up, so that a second starter meets a service that isn't there yet.
  setTimeout(() => server.listen(socket, () => fs.writeFileSync(path.join(root, 'runtime.json'),
    JSON.stringify({ protocol: ${protocolVersion}, version: '1', pid: process.pid, started, socket, url: 'http://127.0.0.1:1' }))), 300);
`;

describe('finding and starting a service', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let folders: UserFolders;

  before(function () {
    // The stand-in for a service tells its identity by /proc.
    if (process.platform !== 'linux') this.skip();
  });

  beforeEach(async () => {
    temporary = await temporaryFolder('client');
    folders = userFolders({ MESOS_AIRFLOW_HOME: temporary.path });
  });

  afterEach(async () => {
    for (const cluster of await listClusters(folders)) {
      if (!cluster.runtime) continue;
      await endProcess({ pid: cluster.runtime.pid, started: cluster.runtime.started }, 100);
    }
    await temporary.remove();
  });

  async function makeCluster(
    name: string,
    change: (spec: EmbeddedSpec) => void = () => undefined,
  ): Promise<void> {
    const folder = clusterFolder(folders, name);
    await fs.mkdir(folder.root, { recursive: true });
    const program = path.join(temporary.path, 'service.cjs');
    await fs.writeFile(program, service);
    const spec: EmbeddedSpec = {
      format: 1,
      name,
      engine: 'embedded',
      created: 1,
      service: { port: 1, program, node: process.execPath },
      mesos: { program: '', master_port: 1, agents: [] },
      framework: { name: '', role: '*', user: '', default_resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 } },
      airflow: { deployment: '', python: '', version: '', port: 1, dags_folder: '', env: {} },
    };
    change(spec);
    await fs.writeFile(folder.spec, JSON.stringify(spec));
  }

  async function found(name: string) {
    const cluster = await findCluster(name, folders);
    assert.ok(cluster);
    return cluster;
  }

  it('lists clusters by name with how they are', async () => {
    assert.deepEqual(await listClusters(folders), []);
    for (const name of ['stopped', 'dead', 'broken', 'alive']) await makeCluster(name);
    await fs.writeFile(clusterFolder(folders, 'broken').spec, '{"format":1');
    await startService(await found('alive'), { folders });
    const { runtime } = await startService(await found('dead'), { folders }).then(({ cluster }) => cluster);
    await endProcess({ pid: runtime!.pid, started: runtime!.started }, 100);
    await fs.writeFile(path.join(folders.state, 'clusters', 'a file'), '');
    assert.deepEqual(
      (await listClusters(folders)).map(({ name, state }) => `${name} ${state}`),
      ['alive running', 'broken broken', 'dead dead', 'stopped stopped'],
    );
  });

  it('takes no name that leads elsewhere', async () => {
    for (const name of ['..', 'a/b', '', 'A', '-x', '../clusters']) {
      assert.equal(await findCluster(name, folders), undefined, name);
    }
  });

  it('starts a service with none of the editor’s variables, and connects', async () => {
    await makeCluster('one');
    process.env.VSCODE_TEST_SECRET = 'x';
    process.env.NODE_OPTIONS = '';
    try {
      const { handshake, client } = await startService(await found('one'), { folders });
      assert.equal((await client.handshake()).pid, handshake.pid);
      assert.ok(await identify(handshake.pid));
    } finally {
      delete process.env.VSCODE_TEST_SECRET;
      delete process.env.NODE_OPTIONS;
    }
    const log = await fs.readFile(path.join(clusterFolder(folders, 'one').logs, 'service.log'), 'utf8');
    assert.match(log, /ELECTRON_RUN_AS_NODE/);
    assert.match(log, / PATH /);
    assert.doesNotMatch(log, /VSCODE|NODE_OPTIONS/);
  });

  it('lets several start at once, and connects all to the one that lives', async () => {
    await makeCluster('one');
    const cluster = await found('one');
    const connections = await Promise.all([1, 2, 3].map(() => startService(cluster, { folders })));
    assert.equal(new Set(connections.map(({ handshake }) => handshake.pid)).size, 1);
  });

  it('starts a dead service again, and leaves a stopped cluster alone', async () => {
    await makeCluster('one');
    await assert.rejects(ensureService('one', { folders }), ExplainedError);
    await assert.rejects(ensureService('none', { folders }), ExplainedError);
    const first = await startService(await found('one'), { folders });
    assert.equal((await ensureService('one', { folders })).handshake.pid, first.handshake.pid);
    process.kill(first.handshake.pid, 'SIGKILL');
    await until(async () => (await found('one')).state === 'dead');
    await assert.rejects(connect(await found('one')), ExplainedError);
    await fs.rm(path.join(clusterFolder(folders, 'one').root, 's.sock'));
    await fs.rm(clusterFolder(folders, 'one').serviceLock, { recursive: true });
    const again = await ensureService('one', { folders });
    assert.notEqual(again.handshake.pid, first.handshake.pid);
  });

  it('tells why a service did not come up, from its log', async () => {
    await makeCluster('one');
    const { root, logs } = clusterFolder(folders, 'one');
    await fs.mkdir(logs, { recursive: true });
    await fs.writeFile(path.join(logs, 'service.log'), 'an old line\n');
    await fs.writeFile(path.join(root, 'broken'), '');
    await assert.rejects(startService(await found('one'), { folders }), (error: unknown) => {
      assert.ok(error instanceof ExplainedError);
      assert.match(error.why ?? '', /the disk is on fire/);
      assert.doesNotMatch(error.why ?? '', /an old line/);
      return true;
    });
  });

  it('tells that the program is gone', async () => {
    await makeCluster('one', (spec) => {
      spec.service.program = path.join(temporary.path, 'gone.cjs');
    });
    await assert.rejects(startService(await found('one'), { folders }), (error: unknown) => {
      assert.ok(error instanceof ExplainedError);
      assert.match(error.why ?? '', /gone\.cjs is gone/);
      return true;
    });
  });
});
