import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { World, newRequest } from './world.ts';

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

  it('and receipts and workloads given out are not found in the store', async () => {
    const { receipt } = await world.framework.redeem(ticket, null);
    await assert.rejects(world.framework.outcome('made-up', 'superseded'), { name: 'ReceiptRefused' });
    // The write-ahead log keeps old pages until it is checkpointed, which closing does.
    await world.close();
    const bytes = await fs.readFile(world.file, 'latin1');
    for (const secret of [ticket, receipt, 'eine-Aufgabe']) assert.ok(!bytes.includes(secret), secret);
  });
});
