import assert from 'node:assert/strict';
import type { LogEvent } from '../../../../src/api/logs.ts';
import { ServiceProblem } from '../../../../src/client/errors.ts';
import { CommandError } from '../../../../src/cli/errors.ts';
import { readLog, type ReadOptions } from '../../../../src/cli/logs/read.ts';
import { bytes, fakeLink, note, sent, type FakeService } from './fakeLog.ts';

async function all(
  service: FakeService,
  options: Partial<ReadOptions> = {},
): Promise<{ text: string; events: LogEvent[]; told: string[]; link: ReturnType<typeof fakeLink> }> {
  const link = fakeLink(service);
  const told: string[] = [];
  const events: LogEvent[] = [];
  for await (const event of readLog(link, {
    ...{ id: 'r1', file: 'stdout', follow: true, whole: true, signal: new AbortController().signal },
    tell: (text) => told.push(text),
    ...options,
  })) {
    events.push(event);
  }
  const data = events.flatMap((event) => (event.type === 'data' ? [event.data] : []));
  return { text: Buffer.concat(data).toString(), events, told, link };
}

describe('a log that is read for the command line', () => {
  it('goes on at the offset that it knows where the service is started again, and says so once each', async () => {
    const { text, told, link } = await all({
      follow: (_id, { offset }, nth) => {
        if (nth === 1) return [bytes('one\ntw'), 'break'];
        if (nth === 2) return ['break'];
        return sent(Buffer.from('one\ntwo\nthree\n'), offset);
      },
    });
    assert.equal(text, 'one\ntwo\nthree\n');
    assert.deepEqual(
      link.asked.map(({ offset }) => offset),
      [0, 6, 6],
    );
    assert.equal(link.revived(), 2);
    assert.deepEqual(told, [
      'The cluster’s service does not answer; trying again.',
      'The service answers again.',
    ]);
  });

  it('begins anew where the file did, and behind what was skipped', async () => {
    const { link } = await all({
      follow: (_id, _options, nth) => {
        if (nth === 1) return [bytes('12345'), note('began-anew'), 'break'];
        if (nth === 2) return [bytes('12'), { type: 'note', note: 'skipped', text: '', bytes: 10 }, 'break'];
        return [{ type: 'ended' }];
      },
    });
    assert.deepEqual(
      link.asked.map(({ offset }) => offset),
      [0, 0, 12],
    );
  });

  it('ends where the file ended at the first look, if it is not followed', async () => {
    const { text } = await all(
      { follow: () => [bytes('one\n', 0, 8), bytes('two\nthree\n', 4, 14), { type: 'ended' }] },
      { follow: false },
    );
    assert.equal(text, 'one\ntwo\n');
    const empty = await all({ follow: () => [{ type: 'quiet', size: 0 }] }, { follow: false });
    assert.equal(empty.text, '');
  });

  it('is waited for where its agent is away if it is followed, and given up with a reason else', async () => {
    await assert.rejects(
      all(
        { follow: () => [note('agent-away', 'agent-1 is not there')] },
        { follow: false, agentPatienceMs: 20 },
      ),
      (error: unknown) =>
        error instanceof CommandError && error.exitCode === 1 && error.why === 'agent-1 is not there',
    );
    const followed = await all({
      follow: () => [note('agent-away'), note('agent-back'), bytes('late\n'), { type: 'ended' }],
    });
    assert.equal(followed.text, 'late\n');
  });

  it('fails with what the service says of the task', async () => {
    const problem = new ServiceProblem(404, { error: 'no such task' });
    const service: FakeService = {
      follow: () => {
        throw problem;
      },
    };
    await assert.rejects(all(service), problem);
  });
});
