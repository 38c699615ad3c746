import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameworkInfo } from '../../../src/mesos/types.ts';
import { rawRequest, RawScheduler, type RawAnswer } from '../../support/rawScheduler.ts';
import { recordedExchanges, type RecordedExchange } from '../../support/recordedMesos.ts';
import { until } from '../../support/until.ts';
import { TestMaster } from './support/testMaster.ts';

interface Difference {
  readonly exchange: string;
  readonly differs: 'status' | 'body' | 'everything';
  readonly reason: string;
}

const differences = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, 'acceptedDifferences.json'), 'utf8'),
) as Difference[];

/** The recorded master, framework and stream. */
const recordedMaster = 'c5bfa549-ea36-429f-b5e1-2de3e449da3c';
const recordedStream = '9e052bed-794d-40ce-bedc-a24c5e5054f2';

/** As the framework of that recording was. */
const probe: FrameworkInfo = {
  user: 'root',
  name: 'probe',
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
  failover_timeout: 30,
};

/** Bodies were cut at some 800 characters when they were recorded. */
const isCut = ({ resp }: RecordedExchange): boolean =>
  Number(resp.headers['Content-Length']) > resp.body.length + 2;

// Every exchange that was recorded with a real master, replayed: same status, same headers, same words.
describe('dev master: recorded exchanges', () => {
  let master: TestMaster;
  let scheduler: RawScheduler;
  let frameworkId: string;
  let masterId: string;

  before(async () => {
    master = await TestMaster.start();
    await master.addAgent({ port: 5051 });
    await master.addAgent({ port: 5052 });
    scheduler = await RawScheduler.subscribe(master.url, probe);
    frameworkId = (await scheduler.id()).value;
    masterId = frameworkId.replace(/-0000$/, '');
    await scheduler.offersOf(2);
  });

  after(async () => {
    scheduler.disconnect();
    await master.close();
  });

  const ours = (text: string): string =>
    text.replaceAll(recordedMaster, masterId).replaceAll(recordedStream, scheduler.streamId);

  const replay = async ({ req }: RecordedExchange): Promise<RawAnswer> => {
    const headers = Object.fromEntries(
      Object.entries(req.headers).map(([name, value]) => [name, ours(value)]),
    );
    const body = req.body === null ? null : ours(req.body);
    return rawRequest(`${master.url}${req.path}`, req.method, headers, body);
  };

  for (const [name, exchange] of recordedExchanges()) {
    const difference = differences.find((one) => one.exchange === name);
    it(difference ? `${name} (but for its ${difference.differs}: ${difference.reason})` : name, async () => {
      if (name === 'after-disconnect') {
        scheduler.disconnect();
        await until(async () => {
          const answer = await rawRequest(`${master.url}/frameworks`, 'GET');
          return answer.body.includes('"connected":false');
        });
      }
      const answer = await replay(exchange);
      const { resp } = exchange;
      if (difference?.differs === 'everything') {
        assert.notEqual(answer.body, ours(resp.body), 'the difference is gone: take it off the list');
        return;
      }
      assert.equal(answer.status, resp.status);
      for (const header of ['Content-Type', 'Allow']) {
        assert.equal(answer.headers[header.toLowerCase()], resp.headers[header], header);
      }
      const location = resp.headers.Location?.replace(':5050', `:${master.port}`);
      assert.equal(answer.headers.location, location);
      assert.equal(answer.headers['content-length'], String(Buffer.byteLength(answer.body)));
      if (difference) return;
      if (isCut(exchange)) assertHasKeys(answer.body, resp.body);
      else assert.equal(masked(answer.body), masked(ours(resp.body)));
    });
  }

  it('lists no difference for an exchange that is not there', () => {
    const names = new Set(recordedExchanges().keys());
    assert.deepEqual(
      differences.map(({ exchange }) => exchange).filter((name) => !names.has(name)),
      [],
    );
  });
});

/** Each key of what was recorded is in ours. */
function assertHasKeys(text: string, recorded: string): void {
  const keysIn = (json: string): Set<string> =>
    new Set([...json.matchAll(/"([a-z_]+)":/g)].map((match) => match[1] ?? ''));
  const missing = [...keysIn(recorded)].filter((key) => !keysIn(text).has(key));
  assert.deepEqual(missing, []);
}

/** How loaded the machine was doesn't count. */
function masked(text: string): string {
  return text.replace(/("(?:avg_load|mem|cpus)_\w+":)[\d.]+/g, '$1N');
}
