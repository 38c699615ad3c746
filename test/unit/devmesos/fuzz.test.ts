import assert from 'node:assert/strict';
import { json, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { TestMaster } from './support/testMaster.ts';

/** A small generator of numbers below 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Nothing that a client sends may stop a master: calls with parts replaced by nonsense, at random from a seed that is told.
describe('dev master: nonsense', () => {
  it('is answered, and stops nothing', async () => {
    const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const next = random(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    const master = await TestMaster.start();
    const agent = await master.addAgent();
    const scheduler = await RawScheduler.subscribe(master.url);
    const [offer] = await scheduler.offersOf(1);
    const task = taskFor(agent.id, 't', { value: 'true' });
    const calls: Record<string, unknown>[] = [
      {
        type: 'ACCEPT',
        accept: { offer_ids: [offer!.id], operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] },
      },
      { type: 'DECLINE', decline: { offer_ids: [offer!.id], filters: { refuse_seconds: 1 } } },
      {
        type: 'KILL',
        kill: {
          task_id: { value: 't' },
          agent_id: agent.id,
          kill_policy: { grace_period: { nanoseconds: 1 } },
        },
      },
      { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id: agent.id }] } },
      { type: 'ACKNOWLEDGE', acknowledge: { agent_id: agent.id, task_id: { value: 't' }, uuid: 'YWJj' } },
      { type: 'REVIVE', revive: { roles: ['*'] } },
      {
        type: 'UPDATE_FRAMEWORK',
        update_framework: { framework_info: { user: 'root', name: 'x', roles: ['a'] } },
      },
    ];
    const nonsense = [
      ...[
        null,
        true,
        -1,
        0,
        1e300,
        2 ** 53,
        '',
        '..',
        '\u0000',
        '\ud800',
        'x'.repeat(10_000),
        'Infinity',
        [],
        {},
      ],
      ...[[[]], { value: {} }, { value: 'a/b' }, [{ value: 1 }], { __proto__: null, nanoseconds: -1 }],
    ];
    const spoil = (value: unknown): unknown => {
      if (next() < 0.15) return pick(nonsense);
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, spoil(part)]));
    };
    try {
      for (let round = 0; round < 200; round += 1) {
        const { type, ...body } = pick(calls);
        const call = { type, framework_id: await scheduler.id(), ...(spoil(body) as object) };
        let text = JSON.stringify(call);
        if (next() < 0.1) text = text.slice(0, Math.floor(next() * text.length));
        const headers = { ...json, 'Mesos-Stream-Id': scheduler.streamId };
        const answer = await rawRequest(`${master.url}/api/v1/scheduler`, 'POST', headers, text);
        assert.ok([200, 202, 400].includes(answer.status), `${answer.status} ${answer.body} to ${text}`);
        if (round % 20 === 0) master.clock.advance(1000);
      }
      assert.equal((await rawRequest(`${master.url}/state`, 'GET')).status, 200);
      assert.ok(!scheduler.closed);
    } catch (error) {
      throw new Error(`with FUZZ_SEED=${seed}`, { cause: error });
    } finally {
      scheduler.disconnect();
      await master.close();
    }
  });
});
