import assert from 'node:assert/strict';
import http from 'node:http';
import { ProtobufCodec } from '../../../../src/devmesos/protobuf/codec.ts';
import { RecordDecoder } from '../../../../src/mesos/recordio.ts';
import type { SchedulerEvent } from '../../../../src/mesos/types.ts';
import { until } from '../../../support/until.ts';
import { TestMaster } from '../support/testMaster.ts';

const codec = new ProtobufCodec();
const binary = 'application/x-protobuf';

// As libmesos does it: calls and events in their binary form.
describe('dev master: a scheduler that speaks protobuf', () => {
  let master: TestMaster;
  before(async () => {
    master = await TestMaster.start();
    await master.addAgent({ port: 5051 });
  });
  after(() => master.close());

  function call(body: Uint8Array, headers: Record<string, string>): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${master.url}/api/v1/scheduler`, {
        method: 'POST',
        headers: { 'Content-Type': binary, ...headers },
        agent: false,
      });
      request.once('response', resolve).once('error', reject);
      request.end(body);
    });
  }
  const textOf = async (answer: http.IncomingMessage): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  it('is subscribed, gets offers and declines them', async () => {
    const info = { user: 'root', name: 'binary', roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] };
    const subscribe = { type: 'SUBSCRIBE', subscribe: { framework_info: info } };
    const stream = await call(codec.encode('scheduler.Call', subscribe), { Accept: binary });
    assert.deepEqual([stream.statusCode, stream.headers['content-type']], [200, binary]);
    const events: SchedulerEvent[] = [];
    const decoder = new RecordDecoder((record) =>
      events.push(codec.decode('scheduler.Event', record) as SchedulerEvent),
    );
    stream.on('data', (chunk: Buffer) => decoder.push(chunk));
    const eventOf = <T extends SchedulerEvent['type']>(type: T): Promise<SchedulerEvent & { type: T }> =>
      until(() => events.find((event): event is SchedulerEvent & { type: T } => event.type === type), {
        what: type,
      });
    const { subscribed } = await eventOf('SUBSCRIBED');
    const { offers } = await eventOf('OFFERS');
    const [offer] = offers.offers ?? [];
    const cpus = offer?.resources?.find(({ name }) => name === 'cpus');
    assert.ok((cpus?.scalar?.value ?? 0) > 0, JSON.stringify(offer));
    const decline = {
      type: 'DECLINE',
      framework_id: subscribed.framework_id,
      decline: { offer_ids: [offer?.id] },
    };
    const headers = { 'Mesos-Stream-Id': String(stream.headers['mesos-stream-id']) };
    const answer = await call(codec.encode('scheduler.Call', decline), headers);
    assert.equal(answer.statusCode, 202, await textOf(answer));
    stream.destroy();
  });

  it('is told what is wrong with a message, in Mesos’ words', async () => {
    const broken = await call(Buffer.from('{"type":"REVIVE"}'), {});
    assert.deepEqual(
      [broken.statusCode, await textOf(broken)],
      [400, 'Failed to parse body into Call protobuf'],
    );
    const subscribe = { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'b' } } };
    const refused = await call(codec.encode('scheduler.Call', subscribe), { Accept: 'text/html' });
    assert.equal(refused.statusCode, 406);
    refused.resume();
  });
});
