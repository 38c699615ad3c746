import assert from 'node:assert/strict';
import type { PartReport } from '../../../src/api/people.ts';
import { PartLife, type Patience } from '../../../src/service/containers/partLife.ts';

const patience: Patience = { ready: 60_000, away: 5000, silentChecks: 3, quickLife: 30_000, quickDeaths: 3 };

describe('the life of a container’s part', () => {
  let now: number;
  let life: PartLife;

  beforeEach(() => {
    now = 1_000_000;
    life = new PartLife(now, patience);
  });

  const later = (ms: number): number => (now += ms);
  const report = (state: PartReport['state'], at = now, detail = ''): void =>
    life.reported({ state, detail, at }, now);
  const seen = (): string => {
    const { state, detail, restarts } = life.view(now);
    return `${state} ${restarts}${detail === '' ? '' : ` ${detail}`}`;
  };
  const ready = (): void => life.inOrder(now);

  it('begins with what it lacks still, and is told of where that takes long', () => {
    assert.equal(seen(), 'starting 0');
    life.lacks('gone', 'nothing answers at database:5432', later(1000));
    assert.equal(seen(), 'starting 0 nothing answers at database:5432');
    later(60_000);
    assert.equal(seen(), 'failed 0 not ready after 60 s, still waiting: nothing answers at database:5432');
    ready();
    assert.equal(seen(), 'ready 0');
  });

  it('ends when nothing is there, and is counted when it comes back', () => {
    ready();
    life.lacks('gone', 'nothing answers', later(1000));
    assert.equal(seen(), 'restarting 0 nothing answers');
    later(5000);
    assert.equal(seen(), 'failed 0 nothing answers');
    later(1000);
    ready();
    assert.equal(seen(), 'ready 1');
  });

  it('is doubted only after several checks without an answer, and did not end then', () => {
    ready();
    for (const expected of ['ready 0', 'ready 0', 'failed 0 does not answer: slow']) {
      life.lacks('silent', 'slow', later(1000));
      assert.equal(seen(), expected);
    }
    later(1000);
    ready();
    assert.equal(seen(), 'ready 0');
    life.lacks('silent', 'slow', later(1000));
    later(1000);
    ready();
    life.lacks('silent', 'slow', later(1000));
    life.lacks('silent', 'slow', later(1000));
    assert.equal(seen(), 'ready 0');
  });

  it('goes on where it cannot be told', () => {
    ready();
    for (let index = 0; index < 10; index += 1)
      life.lacks('unknown', 'waits for the api-server', later(1000));
    assert.equal(seen(), 'ready 0');
  });

  it('ends at once by a report, which says more than a look', () => {
    ready();
    life.lacks('gone', 'nothing answers', later(1000));
    report('restarting', now - 500, 'killed: out of memory');
    assert.equal(seen(), 'restarting 0 killed: out of memory');
    later(200);
    report('running');
    assert.equal(seen(), 'starting 1 killed: out of memory');
    later(200);
    ready();
    assert.equal(seen(), 'ready 1');
  });

  it('is not called alive by what it did before its death', () => {
    ready();
    later(1000);
    report('restarting', now, 'status 1');
    life.inOrder(now - 1);
    assert.equal(seen(), 'restarting 0 status 1');
    later(300);
    report('running');
    life.inOrder(now - 1);
    assert.equal(seen(), 'starting 1 status 1');
  });

  it('waits with Docker where that says it will start it again, however long the pause', () => {
    ready();
    later(1000);
    report('restarting', now, 'status 1');
    later(50_000);
    assert.equal(seen(), 'restarting 0 status 1');
  });

  it('has failed where Docker leaves it alone, until somebody starts it', () => {
    ready();
    later(1000);
    report('exited', now, 'was stopped');
    assert.equal(seen(), 'failed 0 was stopped');
    later(1000);
    report('running');
    assert.equal(seen(), 'starting 1 was stopped');
  });

  it('takes old reports for what they are: a restart that no check saw is counted, older ones are nothing', () => {
    later(1000);
    ready();
    report('exited', now - 100, 'status 1');
    report('running', now - 50);
    assert.equal(seen(), 'ready 1');
    report('exited', now - 80);
    report('exited', 1);
    assert.equal(seen(), 'ready 1');
    // What Docker replays to one that begins to watch lies before all that.
    const other = new PartLife(now, patience);
    other.inOrder(now);
    other.reported({ state: 'exited', detail: '', at: now - 1 }, now);
    assert.deepEqual(other.view(now), { state: 'ready', detail: '', restarts: 0 });
  });

  it('was started again where Docker starts it and it had been ready', () => {
    ready();
    later(1000);
    report('running');
    assert.equal(seen(), 'starting 1');
    assert.equal(life.since, now);
  });

  it('is given up after several quick deaths in a row, until it is ready after all', () => {
    for (let death = 0; death < 3; death += 1) {
      later(100);
      report('restarting', now, 'no such option');
      later(100);
      report('running');
    }
    assert.equal(seen(), 'failed 3 ended 3 times in a row: no such option');
    later(100);
    ready();
    assert.equal(seen(), 'ready 3');
    later(31_000);
    report('restarting', now, 'status 1');
    assert.equal(seen(), 'restarting 3 status 1');
  });

  it('believes no clock that is ahead', () => {
    ready();
    later(1000);
    report('exited', now + 3_600_000, 'status 1');
    later(1000);
    ready();
    assert.equal(seen(), 'ready 1');
  });
});
