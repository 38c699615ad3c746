import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startDevMesos, type DevMesos } from '../../../src/devmesos/cluster.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { bundle } from '../../support/bundles.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { lives, processesWith, taskProcesses } from './support/parts.ts';

describe('dev Mesos: a master with agents', function () {
  let folder: { path: string; remove: () => Promise<void> };
  let program: string;
  let mesos: DevMesos | undefined;

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    folder = await temporaryFolder('bundle');
    await bundle(['devmesos'], folder.path);
    program = path.join(folder.path, 'devmesos.cjs');
  });

  afterEach(async () => {
    await mesos?.stop();
    mesos = undefined;
  });

  after(() => folder.remove());

  it('is ready with all its agents, offers what it was asked for, and goes without a trace', async () => {
    mesos = await startDevMesos({ program, agents: 2, port: 0, cpus: 2.5, mem: 512 });
    const scheduler = await RawScheduler.subscribe(mesos.master.url);
    const offers = await scheduler.offersOf(2);
    for (const offer of offers) {
      const scalar = (name: string) => offer.resources?.find((one) => one.name === name)?.scalar?.value;
      assert.deepEqual([scalar('cpus'), scalar('mem')], [2.5, 512]);
    }
    assert.deepEqual(
      new Set(offers.map(({ attributes }) => attributes?.[0]?.text?.value)),
      new Set(['agent-1', 'agent-2']),
    );
    scheduler.acknowledgeAll();
    await scheduler.launch(
      [offers[0]!],
      [taskFor(offers[0]!.agent_id, 'a', { value: 'setsid sleep 4001 & sleep 4001' })],
    );
    await until(() => taskProcesses(mesos!.workDir).length >= 2);
    const { workDir, master, agents } = mesos;
    await mesos.stop();
    assert.deepEqual(processesWith(workDir), []);
    assert.deepEqual(taskProcesses(workDir), []);
    assert.ok(![master, ...agents].some(({ pid }) => lives(pid)));
    assert.ok(!existsSync(workDir));
    await until(() => scheduler.closed);
  });

  it('takes another port where the wanted one is in use', async () => {
    const taken = net.createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as net.AddressInfo;
    mesos = await startDevMesos({ program, agents: 1, port });
    assert.notEqual(mesos.master.port, port);
    assert.equal((await rawRequest(`${mesos.master.url}/health`, 'GET')).status, 200);
    taken.close();
  });

  it('says what is wrong where it cannot start, and leaves nothing', async () => {
    const starting = startDevMesos({
      program,
      agents: 1,
      port: 0,
      agentArguments: ['--attributes', 'nonsense'],
    });
    await assert.rejects(starting, (error) => {
      assert.ok(error instanceof ExplainedError);
      assert.match(error.message, /^agent-1 ended with exit code 64/);
      assert.match(error.why ?? '', /The attribute "nonsense" cannot be read/);
      return true;
    });
    assert.deepEqual(processesWith(program), []);
  });

  it('tells of a part that ends by itself, and then still cleans up after it', async () => {
    mesos = await startDevMesos({ program, agents: 1, port: 0 });
    const scheduler = await RawScheduler.subscribe(mesos.master.url);
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(offer!.agent_id, 'a', { value: 'sleep 4002' })]);
    const { workDir } = mesos;
    await until(() => taskProcesses(workDir).length > 0);
    process.kill(mesos.agents[0]!.pid, 'SIGKILL');
    const failed = await mesos.failed;
    assert.deepEqual([failed.name, failed.signal], ['agent-1', 'SIGKILL']);
    await mesos.stop();
    assert.deepEqual(taskProcesses(workDir), []);
    scheduler.disconnect();
  });

  it('ends with the process that started it, even if that is killed outright', async () => {
    const parent = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'support', 'parent.ts'), program],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: parent.stdout }).once('line', resolve),
    );
    const { url, pids, workDir } = JSON.parse(line) as { url: string; pids: number[]; workDir: string };
    const scheduler = await RawScheduler.subscribe(url);
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(offer!.agent_id, 'a', { value: 'sleep 4003' })]);
    await until(() => taskProcesses(workDir).length > 0);
    parent.kill('SIGKILL');
    await until(() => !pids.some(lives) && taskProcesses(workDir).length === 0);
    scheduler.disconnect();
    assert.deepEqual(processesWith(workDir), []);
    mesos = await startDevMesos({ program, agents: 0, port: 0 });
    assert.ok(!existsSync(workDir), 'the next one clears up');
  });

  it('serves two frameworks side by side, each its own tasks', async () => {
    mesos = await startDevMesos({ program, agents: 2, port: 0 });
    const first = await RawScheduler.subscribe(mesos.master.url);
    const [offer] = await first.offersOf(2);
    const second = await RawScheduler.subscribe(mesos.master.url, { ...modern, name: 'second' });
    await first.call({ type: 'DECLINE', decline: { offer_ids: [first.offers[1]!.id] } });
    const [other] = await second.offersOf(1);
    for (const scheduler of [first, second]) scheduler.acknowledgeAll();
    // The same id twice: ids are a framework's own.
    await first.launch([offer!], [taskFor(offer!.agent_id, 'same', { value: 'exit 1' })]);
    await second.launch([other!], [taskFor(other!.agent_id, 'same', { value: 'exit 2' })]);
    assert.equal((await first.update('same', 'TASK_FAILED')).message, 'Command exited with status 1');
    assert.equal((await second.update('same', 'TASK_FAILED')).message, 'Command exited with status 2');
    assert.equal(first.updates().filter(({ state }) => state === 'TASK_FAILED').length, 1);
    for (const scheduler of [first, second]) scheduler.disconnect();
  });
});
