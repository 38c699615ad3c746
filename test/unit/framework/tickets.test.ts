import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { World, newRequest } from './world.ts';

const chosen = 'c'.repeat(43);
const other = 'o'.repeat(43);

describe('Tickets', () => {
  let world: World;
  let id: string;
  let ticket: string;
  beforeEach(async () => {
    world = await World.make({ options: { ticketLifetimeMs: 600_000 } });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
    const request = newRequest('work', { workload: { token: 'token-für-eine-Aufgabe' } });
    await world.submit(request);
    await world.offer();
    id = request.id;
    ticket = world.ticketOf(`${id}.1`);
  });
  afterEach(() => world.remove());

  it('are exchanged for the workload, and prove that the task began', async () => {
    const { workload, receipt, task } = await world.framework.redeem(ticket, '127.0.0.1');
    assert.deepEqual(workload, { token: 'token-für-eine-Aufgabe' });
    assert.ok(receipt.length >= 43);
    assert.equal(task.state, 'running');
    assert.deepEqual(world.told(id), ['launched', 'running']);
    assert.notEqual(world.framework.task(id)?.attempt?.redeemed, null);
  });

  it('work once; a second use is a security notice', async () => {
    await world.framework.redeem(ticket, null);
    await assert.rejects(world.framework.redeem(ticket, '10.0.0.9'), { name: 'TicketRefused', why: 'used' });
    const [notice] = world.notices;
    assert.equal(notice?.level, 'security');
    assert.equal(notice.mesos_task_id, `${id}.1`);
    assert.match(notice.message, /10\.0\.0\.9/);
    assert.doesNotMatch(notice.message, new RegExp(ticket));
  });

  it('are refused, with a notice, if nobody made them', async () => {
    await assert.rejects(world.framework.redeem('made-up', null), { why: 'unknown' });
    assert.equal(world.notices[0]?.level, 'security');
  });

  it('work for a bounded time after the launch', async () => {
    await world.clock.advance(600_001);
    await assert.rejects(world.framework.redeem(ticket, null), { why: 'expired' });
  });

  it('do not work for an attempt that is over or to be killed', async () => {
    const other = newRequest('other');
    await world.submit(other);
    await world.offer();
    const otherTicket = world.ticketOf(`${other.id}.1`);
    await world.report(`${id}.1`, 'TASK_FAILED');
    await assert.rejects(world.framework.redeem(ticket, null), { why: 'over' });
    world.master.held = true;
    await world.framework.kill(null, [other.id], 'No more.');
    await assert.rejects(world.framework.redeem(otherTicket, null), { why: 'over' });
  });

  it('of an attempt that never ran are void when the next is launched', async () => {
    await world.report(`${id}.1`, 'TASK_DROPPED', { source: 'SOURCE_AGENT' });
    await world.clock.advance(1_000);
    await world.offer();
    assert.equal(world.state(id), 'launched');
    await assert.rejects(world.framework.redeem(ticket, null), { why: 'over' });
    const { workload } = await world.framework.redeem(world.ticketOf(`${id}.2`), null);
    assert.deepEqual(workload, { token: 'token-für-eine-Aufgabe' });
  });

  it('may be exchanged again by who has the receipt: the first answer may have been lost with the service', async () => {
    const first = await world.framework.redeem(ticket, null, chosen);
    assert.equal(first.receipt, chosen);
    await world.restart();
    const again = await world.framework.redeem(ticket, null, chosen);
    assert.deepEqual(again.workload, { token: 'token-für-eine-Aufgabe' });
    assert.equal(again.receipt, chosen);
    assert.deepEqual(world.told(id), ['launched', 'running']);
    await world.framework.outcome(chosen, 'superseded');
    assert.deepEqual(world.notices, []);

    await assert.rejects(world.framework.redeem(ticket, null, other), { why: 'used' });
    await assert.rejects(world.framework.redeem(ticket, null), { why: 'used' });
    assert.equal(world.notices.length, 2);
    await world.report(`${id}.1`, 'TASK_FAILED');
    await assert.rejects(world.framework.redeem(ticket, null, chosen), { why: 'over' });
  });

  it('are exchanged again for two minutes or so, not for ever', async () => {
    await world.framework.redeem(ticket, null, chosen);
    await world.clock.advance(100_000);
    await world.framework.redeem(ticket, null, chosen);
    await world.clock.advance(100_000);
    await assert.rejects(world.framework.redeem(ticket, null, chosen), { why: 'expired' });
  });

  it('give no receipt that another attempt has', async () => {
    await world.framework.redeem(ticket, null, chosen);
    const request = newRequest('other');
    await world.submit(request);
    await world.offer();
    const otherTicket = world.ticketOf(`${request.id}.1`);
    await assert.rejects(world.framework.redeem(otherTicket, null, chosen), { why: 'used' });
    assert.equal((await world.framework.redeem(otherTicket, null, other)).receipt, other);
  });

  it('and receipts and workloads given out are not found in the store', async () => {
    const { receipt } = await world.framework.redeem(ticket, null);
    await assert.rejects(world.framework.outcome('made-up', 'superseded'), { name: 'ReceiptRefused' });
    // As long as its answer may get lost, a workload is kept.
    await world.clock.advance(200_000);
    // The write-ahead log keeps old pages until it is checkpointed, which closing does.
    await world.close();
    const bytes = await fs.readFile(world.file, 'latin1');
    for (const secret of [ticket, receipt, 'eine-Aufgabe']) assert.ok(!bytes.includes(secret), secret);
  });
});

describe('A ticket redeemed from', () => {
  let world: World;
  let id: string;

  beforeEach(async () => {
    world = await World.make({
      judgeCaller: (attempt, from) => {
        assert.equal(attempt.agent_address, '127.0.0.1:5051');
        return Promise.resolve(
          from === '127.0.0.1' ? 'expected' : from === '10.0.0.2' ? 'foreign' : 'unexpected',
        );
      },
    });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
    const request = newRequest('work');
    await world.submit(request);
    await world.offer();
    id = request.id;
  });
  afterEach(() => world.remove());

  const redeem = (from: string | null) => world.framework.redeem(world.ticketOf(`${id}.1`), from);

  it('its agent’s address is nothing to tell of', async () => {
    await redeem('127.0.0.1');
    assert.deepEqual(world.notices, []);
  });

  it('nowhere in particular is nothing to tell of', async () => {
    await redeem(null);
    assert.deepEqual(world.notices, []);
  });

  it('an unknown address is told of, and good', async () => {
    await redeem('10.0.0.9');
    const [notice] = world.notices;
    assert.equal(notice?.level, 'security');
    assert.match(notice.message, /127\.0\.0\.1:5051.*10\.0\.0\.9/);
  });

  it('another agent is refused, and good still for its own', async () => {
    await assert.rejects(redeem('10.0.0.2'), { name: 'TicketRefused', why: 'foreign' });
    assert.equal(world.notices[0]?.level, 'security');
    assert.equal(world.state(id), 'launched');
    await redeem('127.0.0.1');
    assert.equal(world.state(id), 'running');
  });
});
