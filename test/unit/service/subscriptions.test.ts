import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventParser, type ServerSentEvent } from '../../../src/client/eventParser.ts';
import type { ClusterEvent } from '../../../src/api/people.ts';
import { Subscriptions, topics, type Topic, type Views } from '../../../src/service/subscriptions.ts';
import { until } from '../../support/until.ts';

/** Views in which each look counts, so that a test sees which look an event shows. */
function countingViews(padding = ''): { views: Views; looks: () => number } {
  let looks = 0;
  const event = (type: string, id = ''): ClusterEvent => {
    looks += 1;
    return { type, id, look: looks, padding } as unknown as ClusterEvent;
  };
  const views: Views = {
    cursor: () => `e:${looks}`,
    snapshot: (wanted) =>
      event('snapshot', [...wanted].join()) as Extract<ClusterEvent, { type: 'snapshot' }>,
    change: (topic) => event(topic),
    task: (id) => (id === 'gone' ? undefined : event('task', id)),
  };
  return { views, looks: () => looks };
}

interface Told {
  type: string;
  id: string;
  look: number;
}

describe('subscriptions', () => {
  const servers: http.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function serve(views: Views, demand: (wanted: ReadonlySet<Topic>) => void = () => undefined) {
    const subscriptions = new Subscriptions(views, demand);
    const server = http.createServer((request, response) => {
      const wanted = new URL(request.url ?? '', 'http://localhost').searchParams.get('topics');
      subscriptions.add(response, new Set(wanted === null ? topics : (wanted.split(',') as Topic[])));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { subscriptions, url: `http://127.0.0.1:${port}/` };
  }

  function follow(url: string): {
    events: ServerSentEvent[];
    told: () => Told[];
    request: http.ClientRequest;
  } {
    const events: ServerSentEvent[] = [];
    const request = http.get(url, { agent: false }, (response) => {
      const parser = new EventParser();
      response.on('data', (bytes: Buffer) => events.push(...parser.push(bytes)));
      response.on('error', () => undefined);
    });
    request.on('error', () => undefined);
    return { events, told: () => events.map(({ data }) => JSON.parse(data) as Told), request };
  }

  it('begin with a snapshot, and go on with whole views of what changed', async () => {
    const { views } = countingViews();
    const { subscriptions, url } = await serve(views);
    const client = follow(url);
    await until(() => client.events.length === 1);
    assert.equal(client.told()[0]?.type, 'snapshot');
    subscriptions.changed('cluster');
    subscriptions.taskChanged('t1');
    subscriptions.taskChanged('gone');
    await until(() => client.events.length === 3);
    assert.deepEqual(
      client.told().map(({ type, id }) => [type, id]),
      [
        ['snapshot', topics.join()],
        ['cluster', ''],
        ['task', 't1'],
      ],
    );
    assert.match(client.events[2]!.id, /^e:\d+$/);
  });

  it('gather a burst of changes', async () => {
    const { views, looks } = countingViews();
    const { subscriptions, url } = await serve(views);
    const client = follow(url);
    await until(() => client.events.length === 1);
    for (let index = 0; index < 1000; index += 1) {
      subscriptions.changed('offers');
      subscriptions.taskChanged(`t${index % 2}`);
    }
    await until(() => client.events.length === 4);
    assert.equal(looks(), 4);
  });

  it('show each client only what it asked for, made once for all', async () => {
    const { views, looks } = countingViews();
    const { subscriptions, url } = await serve(views);
    const clients = ['cluster', 'tasks,offers', 'offers'].map((wanted) => follow(`${url}?topics=${wanted}`));
    await until(() => clients.every(({ events }) => events.length === 1));
    for (const topic of ['cluster', 'agents', 'offers'] as const) subscriptions.changed(topic);
    subscriptions.taskChanged('t');
    await until(() => clients[1]!.events.length === 3);
    assert.deepEqual(
      clients.map((client) => client.told().map(({ type }) => type)),
      [
        ['snapshot', 'cluster'],
        ['snapshot', 'offers', 'task'],
        ['snapshot', 'offers'],
      ],
    );
    assert.equal(looks(), 3 + 4);
  });

  it('tell what is followed, so that nothing is asked for in vain', async () => {
    const demands: string[] = [];
    const { url } = await serve(countingViews().views, (wanted) => demands.push([...wanted].join()));
    const client = follow(`${url}?topics=agents`);
    await until(() => demands.at(-1) === 'agents');
    client.request.destroy();
    await until(() => demands.at(-1) === '');
  });

  it('drop a client that does not read', async function () {
    this.timeout(20_000);
    const demands: number[] = [];
    const { views } = countingViews('x'.repeat(1_000_000));
    const { subscriptions, url } = await serve(views, (wanted) => demands.push(wanted.size));
    const request = http.get(url, { agent: false }, (response) => response.pause());
    request.on('error', () => undefined);
    await until(() => demands.at(-1) === topics.length);
    await until(
      () => {
        subscriptions.changed('cluster');
        return demands.at(-1) === 0;
      },
      { limitMs: 15_000, what: 'the drop' },
    );
    request.destroy();
  });
});
