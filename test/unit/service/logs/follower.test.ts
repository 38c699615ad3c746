import assert from 'node:assert/strict';
import { FakeAgent, Heard, noted, quiet } from './fakeAgent.ts';

const long = Buffer.from(Array.from({ length: 60_000 }, (_, nth) => `line ${nth}\n`).join(''));

describe('a log that is followed', () => {
  it('waits for its file, then gives its bytes in order as they come, and ends with the task', async () => {
    const agent = new FakeAgent();
    const heard = new Heard(agent);
    await heard.until(quiet);
    assert.equal(heard.text, '');
    agent.write('one\n');
    await heard.until(quiet);
    agent.write('two\n');
    await heard.until(quiet);
    agent.write('three\n');
    agent.end();
    await heard.until();
    assert.equal(heard.text, 'one\ntwo\nthree\n');
    assert.deepEqual(heard.offsets, [0, 4, 8]);
    assert.deepEqual(heard.notes, []);
  });

  it('is read several pieces at a time where it is behind, and comes in order all the same', async () => {
    const agent = new FakeAgent();
    agent.write(long);
    let [under, most] = [0, 0];
    agent.onRead = async (_file, offset) => {
      under += 1;
      most = Math.max(most, under);
      // The later ones are answered first.
      await new Promise((resolve) => setTimeout(resolve, offset % 131_072 === 0 ? 12 : 3));
      under -= 1;
    };
    const heard = new Heard(agent);
    await heard.until(quiet);
    assert.equal(heard.text, long.toString());
    assert.ok(most > 3, `${most} at a time`);
  });

  it('begins before the end where it is asked to', async () => {
    const agent = new FakeAgent();
    agent.write(long);
    const heard = new Heard(agent, { offset: -100 });
    await heard.until(quiet);
    assert.equal(heard.text, long.subarray(-100).toString());
    const short = new Heard(agent, { offset: -long.length - 5 });
    await short.until(quiet);
    assert.equal(short.text.length, long.length);
  });

  it('goes on through a rotation without losing a line', async () => {
    const agent = new FakeAgent();
    agent.write('first\nsecond\n');
    const heard = new Heard(agent);
    await heard.until(quiet);
    // Written after the last look, before the rotation; then two rotations at once.
    agent.files.set('stdout.2', Buffer.concat([agent.files.get('stdout')!, Buffer.from('third\n')]));
    agent.files.set('stdout.1', Buffer.from('fourth\n'));
    agent.files.set('stdout', Buffer.from('fifth\n'));
    agent.files.set('stdout.10.gz', Buffer.from('no log'));
    agent.end();
    await heard.until();
    assert.equal(heard.text, 'first\nsecond\nthird\nfourth\nfifth\n');
    assert.deepEqual(heard.notes, ['rotated', 'rotated']);
    assert.deepEqual(heard.offsets, [0, 13, 0, 0]);
  });

  it('tells a rotation also where the new file is longer already', async () => {
    const agent = new FakeAgent();
    agent.write('first\n');
    const heard = new Heard(agent);
    await heard.until(quiet);
    agent.files.set('stdout.1', Buffer.from('first\nsecond\n'));
    agent.files.set('stdout', Buffer.from('much more than there was before\n'));
    agent.end();
    await heard.until();
    assert.equal(heard.text, 'first\nsecond\nmuch more than there was before\n');
  });

  it('waits where the file is renamed and the next one is not there yet', async () => {
    const agent = new FakeAgent();
    agent.write('first\n');
    const heard = new Heard(agent);
    await heard.until(quiet);
    agent.files.delete('stdout');
    agent.files.set('stdout.1', Buffer.from('first\nsecond\n'));
    await heard.until(noted('rotated'));
    agent.write('third\n');
    agent.end();
    await heard.until();
    assert.equal(heard.text, 'first\nsecond\nthird\n');
  });

  it('is found in a rotated file by who comes back at the offset that it knew', async () => {
    const agent = new FakeAgent();
    agent.files.set('stdout.1', Buffer.from('first\nsecond\n'));
    agent.files.set('stdout', Buffer.from('3\n'));
    agent.end();
    const heard = new Heard(agent, { offset: 6 });
    await heard.until();
    assert.equal(heard.text, 'second\n3\n');
    assert.deepEqual(heard.notes, ['rotated']);
  });

  it('says that it begins anew where it was emptied', async () => {
    const agent = new FakeAgent();
    agent.write('first\nsecond\n');
    const heard = new Heard(agent);
    await heard.until(quiet);
    agent.files.set('stdout', Buffer.from('new\n'));
    agent.end();
    await heard.until();
    assert.equal(heard.text, 'first\nsecond\nnew\n');
    const told = heard.events.find(noted('began-anew'));
    assert.match(JSON.stringify(told), /it has 4 bytes now, 13 bytes had been read/);
  });

  it('goes on where it was when its agent is away in mid-read and comes back', async () => {
    const agent = new FakeAgent();
    agent.write(long);
    agent.onRead = (_file, offset) => {
      if (offset > 200_000) agent.away = 'known';
    };
    const heard = new Heard(agent);
    await heard.until(noted('agent-away'));
    agent.onRead = () => undefined;
    agent.write('written meanwhile\n');
    agent.away = undefined;
    await heard.until(noted('agent-back'));
    agent.end();
    await heard.until();
    assert.equal(heard.text, `${long.toString()}written meanwhile\n`);
    assert.deepEqual(heard.notes, ['agent-away', 'agent-back']);
  });

  it('falls back to what was kept where the agent of a task that is over is away', async () => {
    const agent = new FakeAgent();
    agent.away = 'known';
    agent.end();
    agent.keptFile = { data: Buffer.from('the end\n'), from: 992, size: 1000 };
    const heard = new Heard(agent);
    await heard.until();
    assert.deepEqual(heard.notes, ['agent-away', 'kept', 'skipped']);
    assert.match(JSON.stringify(heard.events.find(noted('skipped'))), /"bytes":992/);
    assert.equal(heard.text, 'the end\n');
    assert.deepEqual(heard.offsets, [992]);
  });

  it('falls back to what was kept where the sandbox is gone, from the offset that is asked for', async () => {
    const agent = new FakeAgent();
    agent.sandbox = false;
    agent.end();
    agent.keptFile = { data: Buffer.from('0123456789'), from: 90, size: 100 };
    const heard = new Heard(agent, { offset: -3 });
    await heard.until();
    assert.deepEqual(heard.notes, ['gone', 'kept']);
    assert.equal(heard.text, '789');
    assert.deepEqual(heard.offsets, [97]);
  });

  it('says that the sandbox is gone where nothing was kept, and also in mid-read', async () => {
    const agent = new FakeAgent();
    agent.write('first\n');
    const heard = new Heard(agent);
    await heard.until(quiet);
    agent.files.clear();
    agent.sandbox = false;
    agent.end();
    await heard.until();
    assert.deepEqual(heard.notes, ['gone']);
    assert.equal(heard.text, 'first\n');
  });

  it('is over where the agent is gone for good', async () => {
    const agent = new FakeAgent();
    agent.away = 'unknown';
    agent.end();
    const heard = new Heard(agent);
    await heard.until();
    assert.deepEqual(heard.notes, ['agent-away', 'gone']);
  });

  it('says how much it skips where it grows faster than it is taken, and nothing of what was there before', async () => {
    const agent = new FakeAgent();
    agent.write(Buffer.alloc(9_000_000, 'a'));
    const heard = new Heard(agent);
    await heard.until(quiet);
    assert.equal(heard.text.length, 9_000_000);
    // From now on, whenever it is read, there is more than before.
    let writes = 0;
    agent.onRead = () => {
      if (agent.ended !== undefined) return;
      writes += 1;
      agent.write(Buffer.alloc(writes < 3 ? 9_000_000 : 500_000, 'b'));
    };
    await heard.until(noted('skipped'));
    agent.onRead = () => undefined;
    agent.write('the end');
    agent.end();
    await heard.until();
    const skipped = heard.events.reduce(
      (sum, event) => sum + (event.type === 'note' ? (event.bytes ?? 0) : 0),
      0,
    );
    assert.ok(skipped > 0);
    assert.equal(skipped + heard.text.length, agent.files.get('stdout')!.length);
    assert.match(heard.text, /the end$/);
  });

  it('leaves nothing out for who wants all of it', async () => {
    const agent = new FakeAgent();
    agent.write('a');
    const heard = new Heard(agent, { whole: true });
    await heard.until(quiet);
    let writes = 0;
    agent.onRead = () => {
      writes += 1;
      if (writes < 20) agent.write(Buffer.alloc(2_000_000, 'b'));
    };
    await heard.until((event) => event.type === 'quiet' && writes >= 20);
    assert.deepEqual(heard.notes, []);
    assert.equal(heard.text.length, agent.files.get('stdout')!.length);
  });

  it('reads nothing while nobody asks for more', async () => {
    const agent = new FakeAgent();
    agent.write(Buffer.alloc(20_000_000, 'a'));
    const heard = new Heard(agent);
    await heard.until(({ type }) => type === 'data');
    await heard.until(({ type }) => type === 'data');
    await heard.until(({ type }) => type === 'data');
    // One look, two that were taken, and those under way.
    assert.ok(agent.reads <= 12, `${agent.reads} reads`);
  });

  it('ends with its signal', async () => {
    const aborter = new AbortController();
    const heard = new Heard(new FakeAgent(), { signal: aborter.signal });
    await heard.until(quiet);
    aborter.abort(new Error('enough'));
    await assert.rejects(heard.until());
  });
});
