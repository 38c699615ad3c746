import type { Json } from '../../../../src/devmesos/json.ts';
import type { FrameworkInfo } from '../../../../src/mesos/types.ts';
import { rawRequest, RawScheduler, type RawAnswer } from '../../../support/rawScheduler.ts';
import { recordedExchanges, type RecordedExchange } from '../../../support/recordedMesos.ts';
import { until } from '../../../support/until.ts';
import { TestMaster } from '../support/testMaster.ts';
import { AcceptedDifferences } from './support/accepted.ts';
import { Correspondence, type Difference } from './support/correspondence.ts';
import { asJson, missingKeys } from './support/jsonText.ts';

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

// Every exchange that was recorded with a real master, replayed: same status, same headers, same words.
describe('conformance: http', () => {
  const accepted = new AcceptedDifferences('http.jsonl');
  const correspondence = new Correspondence();
  let master: TestMaster;
  let scheduler: RawScheduler;

  before(async () => {
    master = await TestMaster.start();
    const agents = [await master.addAgent({ port: 5051 }), await master.addAgent({ port: 5052 })];
    scheduler = await RawScheduler.subscribe(master.url, probe);
    const { value } = await scheduler.id();
    correspondence.add(recordedMaster, value.replace(/-0000$/, ''));
    correspondence.add(`${recordedMaster}-0000`, value);
    for (const [index, { id }] of agents.entries())
      correspondence.add(`${recordedMaster}-S${index}`, id.value);
    correspondence.add(recordedStream, scheduler.streamId);
    correspondence.add('5050', String(master.port));
    await scheduler.offersOf(2);
  });

  after(async () => {
    scheduler.disconnect();
    await master.close();
  });

  const replay = async ({ req }: RecordedExchange): Promise<RawAnswer> => {
    const headers = Object.fromEntries(
      Object.entries(req.headers).map(([name, value]) => [name, correspondence.translate(value)]),
    );
    const body = req.body === null ? null : correspondence.translate(req.body);
    return rawRequest(`${master.url}${req.path}`, req.method, headers, body);
  };

  for (const [name, exchange] of recordedExchanges()) {
    it(name, async () => {
      if (name === 'after-disconnect') {
        scheduler.disconnect();
        await until(async () => {
          const answer = await rawRequest(`${master.url}/frameworks`, 'GET');
          return answer.body.includes('"connected":false');
        });
      }
      if (accepted.untakable(name) !== undefined) return;
      accepted.assertNone(name, differences(exchange, await replay(exchange)));
    });
  }

  it('has no difference on the list that is gone', () => accepted.assertAllUsed());

  function differences({ resp }: RecordedExchange, ours: RawAnswer): Difference[] {
    const headers = ['Content-Type', 'Allow', 'Location'];
    const head = (of: (header: string) => string | undefined): Json =>
      Object.fromEntries(headers.map((header) => [header, of(header)]));
    const found = correspondence.differences(
      { status: resp.status, headers: head((header) => resp.headers[header]) },
      {
        status: ours.status,
        headers: head((header) => ours.headers[header.toLowerCase()] as string | undefined),
      },
    );
    if (ours.headers['content-length'] !== String(Buffer.byteLength(ours.body))) {
      found.push({
        at: 'headers.Content-Length',
        recorded: 'its length',
        ours: ours.headers['content-length'],
      });
    }
    const [text, own] = [masked(resp.body), masked(ours.body)];
    if (isCut(resp)) return [...found, ...missingKeys(text, own)];
    return [...found, ...correspondence.differences({ body: asJson(text) }, { body: asJson(own) })];
  }
});

/** Bodies were cut at some 800 characters when they were recorded. */
const isCut = ({ headers, body }: RecordedExchange['resp']): boolean =>
  Number(headers['Content-Length']) > body.length + 2;

/** How loaded the machine was doesn't count. */
function masked(text: string): string {
  return text.replace(/("(?:avg_load|mem|cpus)_\w+":)[\d.]+/g, '$1"N"');
}
