import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Registry } from '../../../src/devmesos/master/registry.ts';
import type { Id } from '../../../src/mesos/types.ts';
import { json, modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev master: registry', () => {
  let workDir: string;
  let remove: () => Promise<void>;
  let file: string;
  const log: string[] = [];
  const note = (line: string): number => log.push(line);
  const day = 24 * 3600_000;

  beforeEach(async () => {
    ({ path: workDir, remove } = await temporaryFolder('registry'));
    file = path.join(workDir, 'registry.json');
    log.length = 0;
  });
  afterEach(() => remove());

  const infoOf = (value: string): { id: Id; hostname: string } => ({ id: { value }, hostname: '127.0.0.1' });

  it('tells the master that comes next which agents there are, were lost, and were given up', async () => {
    const registry = await Registry.open(workDir, 0, note);
    for (const id of ['a', 'b', 'c', 'd', 'e']) registry.admit(infoOf(id));
    registry.markUnreachable('b', 1000);
    registry.markGone('c', 2000);
    registry.remove('d');
    registry.markUnreachable('e', 3000);
    registry.admit(infoOf('e'));
    await registry.settled();

    const next = await Registry.open(workDir, 4000, note);
    assert.deepEqual([...next.admitted.values()], [infoOf('a'), infoOf('e')]);
    assert.deepEqual([...next.unreachable], [['b', 1000]]);
    assert.deepEqual([...next.gone], [['c', 2000]]);
    const later = await Registry.open(workDir, 15 * day, note);
    assert.deepEqual([later.unreachable.size, later.gone.size, later.admitted.size], [0, 0, 2]);
    assert.deepEqual(log, []);
  });

  for (const [what, text] of [
    ['is cut', '{"admitted":[{"id":'],
    ['is empty', ''],
    ['is another', '{"admitted":[{"id":7}],"unreachable":{},"gone":{}}'],
    ['holds no times', '{"admitted":[],"unreachable":{"a":"b"},"gone":[]}'],
  ] as const) {
    it(`a file that ${what} is set aside, not lost, and the next master begins anew`, async () => {
      await writeFile(file, text);
      const registry = await Registry.open(workDir, 0, note);
      assert.equal(registry.admitted.size, 0);
      assert.equal(await readFile(`${file}.broken`, 'utf8'), text);
      assert.match(log.join(), /set aside as .*registry\.json\.broken/);
      registry.admit(infoOf('a'));
      await registry.settled();
      assert.equal((await Registry.open(workDir, 0, note)).admitted.size, 1);
    });
  }

  it('a folder that cannot be written to stops nobody, and is said', async () => {
    const folder = path.join(workDir, 'folder');
    const registry = await Registry.open(folder, 0, note);
    await writeFile(folder, 'a file where the folder should be');
    registry.admit(infoOf('a'));
    await registry.settled();
    assert.equal(registry.admitted.size, 1);
    assert.match(log.join(), /the registry could not be written: /);
  });

  describe('after a restart', () => {
    const masters: TestMaster[] = [];
    const schedulers: RawScheduler[] = [];
    afterEach(async () => {
      for (const scheduler of schedulers.splice(0)) scheduler.disconnect();
      for (const master of masters.splice(0)) await master.close();
    });
    const start = async (): Promise<TestMaster> => {
      const master = await TestMaster.start({ workDir, agentPingTimeout: 3600_000 });
      masters.push(master);
      return master;
    };
    const subscribe = async (master: TestMaster, info = modern): Promise<RawScheduler> => {
      const scheduler = await RawScheduler.subscribe(master.url, info);
      schedulers.push(scheduler);
      return scheduler;
    };
    const ask = async (master: TestMaster, type: string): Promise<unknown> =>
      JSON.parse((await rawRequest(`${master.url}/api/v1`, 'POST', json, JSON.stringify({ type }))).body);
    const legacy = async (master: TestMaster, path: string): Promise<Record<string, unknown>> =>
      JSON.parse((await rawRequest(`${master.url}${path}`, 'GET')).body) as Record<string, unknown>;

    it('agents of before are expected: nothing is said of their tasks until they come or their time is over', async () => {
      const first = await start();
      const agent = await first.addAgent();
      const other = await first.addAgent({ port: 5052 });
      const before = await subscribe(first);
      const id = await before.id();
      const offers = (await before.offersOf(2)).filter(({ agent_id }) => agent_id.value === agent.id.value);
      await before.launch(offers, [taskFor(agent.id, 'a', { value: 'sleep 1000' })]);
      const run = await agent.message('run');
      await first.close();

      const second = await start();
      const scheduler = await subscribe(second, { ...modern, id });
      const recovered = (await ask(second, 'GET_AGENTS')) as {
        get_agents: { agents: unknown[]; recovered_agents: { id: Id }[] };
      };
      assert.deepEqual(recovered.get_agents.agents, []);
      assert.deepEqual(
        recovered.get_agents.recovered_agents.map((info) => info.id),
        [agent.id, other.id],
      );
      const { recovered_slaves: slaves } = await legacy(second, '/slaves');
      assert.deepEqual(slaves, [
        { id: agent.id.value, hostname: '127.0.0.1', port: 5051, attributes: {} },
        { id: other.id.value, hostname: '127.0.0.1', port: 5052, attributes: {} },
      ]);
      const reconcile = async (agentId?: Id): Promise<void> => {
        const tasks = [{ task_id: { value: 'zz' }, ...(agentId ? { agent_id: agentId } : {}) }];
        await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } });
      };
      await reconcile(other.id);
      await reconcile();

      const { task: launched } = run;
      await second.addAgent({
        id: agent.id,
        frameworks: [{ ...modern, id }],
        tasks: [
          {
            latestState: 'TASK_RUNNING',
            task: {
              ...{ task_id: launched.task_id, name: 'a', framework_id: id, agent_id: agent.id },
              ...{ state: 'TASK_RUNNING', resources: launched.resources ?? [] },
            },
          },
        ],
      });
      await reconcile(agent.id);
      const gone = await scheduler.update('zz', 'TASK_GONE');
      assert.equal(gone.message, 'Reconciliation: Task is unknown to the agent');
      const told = scheduler.events.filter(({ type }) => type === 'UPDATE');
      assert.equal(told.length, 1, 'neither of the return of the one nor of the other’s tasks');

      second.clock.advance(600_000);
      assert.deepEqual((await scheduler.event('FAILURE')).failure, { agent_id: other.id });
      await reconcile(other.id);
      await scheduler.update('zz', 'TASK_UNREACHABLE');
      const { unreachable_slaves: lost, recovered_slaves: none } = await legacy(second, '/state');
      assert.deepEqual([lost, none], [1, []]);
    });

    it('an agent that was given up stays so', async () => {
      const first = await start();
      const agent = await first.addAgent();
      const gone = { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: agent.id } };
      await rawRequest(`${first.url}/api/v1`, 'POST', json, JSON.stringify(gone));
      await first.close();
      const scheduler = await subscribe(await start());
      const tasks = [{ task_id: { value: 'zz' }, agent_id: agent.id }];
      await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } });
      await scheduler.update('zz', 'TASK_GONE_BY_OPERATOR');
    });

    it('an agent that is given up while it is expected is expected no more', async () => {
      const first = await start();
      const agent = await first.addAgent();
      await first.close();
      const second = await start();
      const gone = { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: agent.id } };
      const { status } = await rawRequest(`${second.url}/api/v1`, 'POST', json, JSON.stringify(gone));
      assert.equal(status, 200);
      assert.deepEqual((await legacy(second, '/slaves')).recovered_slaves, []);
    });
  });
});
