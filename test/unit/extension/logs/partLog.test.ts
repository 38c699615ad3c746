import assert from 'node:assert/strict';
import { textOf } from '../../../../src/extension/logs/followed.ts';
import { mostCharacters, PartLog, type ReadPartLog } from '../../../../src/extension/logs/partLog.ts';
import { until } from '../../../support/until.ts';

/** A log that a test writes: it ends where it is told to. */
class FakeLog {
  reads = 0;
  readonly signals: AbortSignal[] = [];
  line: (text: string) => void = () => undefined;
  end: (error?: Error) => void = () => undefined;

  readonly read: ReadPartLog = (onLine, signal) => {
    this.reads += 1;
    this.signals.push(signal);
    this.line = onLine;
    return new Promise<void>((resolve, reject) => {
      this.end = (error) => (error ? reject(error) : resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
}

describe('PartLog', () => {
  let fake: FakeLog;
  let log: PartLog;
  beforeEach(() => {
    fake = new FakeLog();
    log = new PartLog({ read: fake.read, title: 'scheduler of box', againMs: 20 });
  });
  afterEach(() => log.dispose());

  it('says whose it is, and shows lines as they come', async () => {
    let told = 0;
    log.onDidChange(() => (told += 1));
    assert.equal(textOf(log.rows), '── scheduler of box ──');
    log.follow();
    fake.line('parsing Zürich.py');
    fake.line('{"type":"phase"}');
    await until(() => told > 0);
    assert.equal(textOf(log.rows), '── scheduler of box ──\nparsing Zürich.py\n{"type":"phase"}');
  });

  it('keeps what it showed where the container died, says so, and shows what comes after', async () => {
    log.follow();
    fake.line('going down');
    fake.end();
    await until(() => textOf(log.rows).endsWith('── it has ended; looking again ──'), { what: 'the end' });
    assert.match(textOf(log.rows), /going down/);
    await until(() => fake.reads === 2, { what: 'another look' });
    assert.match(textOf(log.rows), /going down/);
    fake.line('up again');
    assert.equal(textOf(log.rows), '── scheduler of box ──\nup again');
    fake.end(new Error('box is not running'));
    await until(() => textOf(log.rows).endsWith('── box is not running; trying again ──'), {
      what: 'the reason',
    });
  });

  it('reads nothing while nobody looks', () => {
    assert.equal(fake.reads, 0);
    log.follow();
    log.follow();
    assert.equal(fake.reads, 1);
    log.pause();
    assert.equal(fake.signals[0]?.aborted, true);
    fake.line('too late');
    assert.ok(!textOf(log.rows).includes('too late'));
    log.follow();
    assert.equal(fake.reads, 2);
  });

  it('stays bounded, and says that something is missing', () => {
    log.follow();
    const line = 'x'.repeat(1000);
    for (let i = 0; i < 2000; i += 1) fake.line(`${i} ${line}`);
    assert.ok(textOf(log.rows).length <= mostCharacters + 1100, String(textOf(log.rows).length));
    assert.match(textOf(log.rows), /^── scheduler of box · earlier lines are not shown ──\n/);
    assert.match(textOf(log.rows), /\n1999 x+$/);
  });
});
