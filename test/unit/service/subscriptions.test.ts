import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventParser, type ServerSentEvent } from '../../../src/client/eventParser.ts';
import type { ClusterEvent } from '../../../src/api/people.ts';
import { viewTopics, type Topic } from '../../../src/api/topics.ts';
import { Subscriptions, type Views } from '../../../src/service/subscriptions.ts';
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
    present: (topic) => [event(topic)],
    task: (id) => (id === 'gone' ? undefined : event('task', id)),
  };
  return { views, looks: () => looks };
}

interface Told {
  type: string;
  id: string;
  look: number;
  topic?: string;
  value?: number;
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
      subscriptions.add(response, new Set(wanted === null ? viewTopics : (wanted.split(',') as Topic[])));
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
    ended: () => boolean;
  } {
    const events: ServerSentEvent[] = [];
    let ended = false;
    const request = http.get(url, { agent: false }, (response) => {
      response.on('end', () => (ended = true));
      const parser = new EventParser();
      response.on('data', (bytes: Buffer) => events.push(...parser.push(bytes)));
      response.on('error', () => undefined);
    });
    request.on('error', () => undefined);
    return {
      events,
      told: () => events.map(({ data }) => JSON.parse(data) as Told),
      request,
      ended: () => ended,
    };
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
        ['snapshot', viewTopics.join()],
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
    assert.equal(looks(), 3 + 3, 'what nobody wants is not made');
  });

  it('send of a page what is known after the snapshot, then each change to whom it belongs', async () => {
    const known = new Map<string, ClusterEvent[]>();
    const { views } = countingViews();
    const page = (topic: string, value: number): void => {
      known.set(topic, [{ type: 'dags', topic, value } as unknown as ClusterEvent]);
    };
    const { subscriptions, url } = await serve({ ...views, present: (topic) => known.get(topic) ?? [] });
    page('dags', 1);
    const [both, one] = [follow(`${url}?topics=dags,runs:a`), follow(`${url}?topics=runs:a`)];
    await until(() => both.events.length === 2 && one.events.length === 1);
    page('dags', 2);
    page('runs:a', 1);
    page('runs:b', 1);
    for (const topic of known.keys()) subscriptions.changed(topic as 'dags');
    await until(() => both.events.length === 4 && one.events.length === 2);
    const shown = ({ told }: typeof one): unknown[] =>
      told().map(({ topic, value }) => (topic === undefined ? '-' : `${topic} ${value}`));
    assert.deepEqual(shown(both), ['-', 'dags 1', 'dags 2', 'runs:a 1']);
    assert.deepEqual(shown(one), ['-', 'runs:a 1']);
  });

  it('send of a large run only what changed, to whom has the rest', async () => {
    const task = (index: number, state: string): unknown => ({ task_id: 't', map_index: index, state });
    let states = Array.from({ length: 30 }, () => 'running');
    const { views } = countingViews();
    const page = (): ClusterEvent[] =>
      [
        { type: 'run', run: { dag_id: 'a', run_id: 'r', tasks: states.map((state, i) => task(i, state)) } },
      ] as unknown as ClusterEvent[];
    const { subscriptions, url } = await serve({ ...views, present: page });
    const first = follow(`${url}?topics=run:a:r`);
    await until(() => first.events.length === 2);
    states = states.with(3, 'success');
    subscriptions.changed('run:a:r');
    await until(() => first.events.length === 3);
    const second = follow(`${url}?topics=run:a:r`);
    await until(() => second.events.length === 2);
    const sent = (client: typeof first): unknown[] =>
      client
        .told()
        .map((told) => [told.type, (told as unknown as { run?: { tasks: unknown[] } }).run?.tasks.length]);
    assert.deepEqual(sent(first), [
      ['snapshot', undefined],
      ['run', 30],
      ['runTasks', 1],
    ]);
    assert.deepEqual(sent(second).slice(1), [['run', 30]]);
  });

  it('send nothing twice, whoever comes meanwhile', async () => {
    let value = 1;
    const { views } = countingViews();
    const dags = (): ClusterEvent[] => [{ type: 'dags', value } as unknown as ClusterEvent];
    const { subscriptions, url } = await serve({ ...views, present: dags });
    const first = follow(`${url}?topics=dags`);
    await until(() => first.events.length === 2);
    subscriptions.changed('dags');
    value = 2;
    subscriptions.changed('dags');
    const second = follow(`${url}?topics=dags`);
    await until(() => second.events.length === 2);
    subscriptions.changed('dags');
    subscriptions.close();
    await until(() => first.ended() && second.ended());
    assert.deepEqual([first.events.length, second.events.length], [3, 2]);
  });

  describe('whose topics change', () => {
    /** The id that a client's snapshot carries. */
    const idOf = async (client: ReturnType<typeof follow>): Promise<string> => {
      await until(() => client.events.length > 0);
      return (client.told()[0] as Told & { subscription: string }).subscription;
    };
    const shown = (client: ReturnType<typeof follow>): string[] => client.told().map(({ type }) => type);

    it('send at once what is newly wanted, nothing again, and no more of what is not', async () => {
      const demands: string[] = [];
      const { views } = countingViews();
      const { subscriptions, url } = await serve(views, (wanted) => demands.push([...wanted].join()));
      const client = follow(`${url}?topics=cluster,dags,offers`);
      const id = await idOf(client);
      await until(() => client.events.length === 2);
      assert.ok(subscriptions.change(id, new Set<Topic>(['cluster', 'dags', 'agents'])));
      await until(() => client.events.length === 3);
      assert.deepEqual(shown(client), ['snapshot', 'dags', 'agents']);
      assert.equal(demands.at(-1), 'cluster,dags,agents');
      subscriptions.changed('offers');
      subscriptions.changed('agents');
      await until(() => client.events.length === 4);
      assert.equal(shown(client)[3], 'agents');
    });

    it('send the list of task runs before any of them that changes', async () => {
      const { views } = countingViews();
      const { subscriptions, url } = await serve(views);
      const client = follow(`${url}?topics=cluster`);
      const id = await idOf(client);
      subscriptions.taskChanged('before');
      assert.ok(subscriptions.change(id, new Set<Topic>(['cluster', 'tasks'])));
      subscriptions.taskChanged('after');
      await until(() => client.events.length === 3);
      assert.deepEqual(
        client.told().map(({ type, id }) => [type, id]),
        [
          ['snapshot', 'cluster'],
          ['tasks', ''],
          ['task', 'after'],
        ],
      );
      subscriptions.taskChanged('gathered');
      assert.ok(subscriptions.change(id, new Set<Topic>(['cluster'])));
      subscriptions.taskChanged('too late');
      subscriptions.changed('cluster');
      await until(() => client.events.length === 5);
      assert.deepEqual(shown(client).slice(3), ['task', 'cluster']);
    });

    it('send what was dropped again where it is wanted again, although it did not change', async () => {
      const { views } = countingViews();
      const dags = (): ClusterEvent[] => [{ type: 'dags', value: 1 } as unknown as ClusterEvent];
      const { subscriptions, url } = await serve({ ...views, present: dags });
      const client = follow(`${url}?topics=dags`);
      const id = await idOf(client);
      for (const topics of [[], ['dags'], ['dags']] as Topic[][]) {
        assert.ok(subscriptions.change(id, new Set(topics)));
      }
      await until(() => client.events.length === 3);
      assert.deepEqual(shown(client), ['snapshot', 'dags', 'dags']);
    });

    it('are known by an id of their own, for as long as their stream lives', async () => {
      const { subscriptions, url } = await serve(countingViews().views);
      const [one, other] = [follow(`${url}?topics=cluster`), follow(`${url}?topics=cluster`)];
      const [id, otherId] = [await idOf(one), await idOf(other)];
      assert.match(id, /^[\w-]{24}$/);
      assert.notEqual(id, otherId);
      assert.ok(subscriptions.change(id, new Set<Topic>(['agents'])));
      await until(() => one.events.length === 2);
      assert.equal(other.events.length, 1);
      one.request.destroy();
      await until(() => !subscriptions.change(id, new Set<Topic>(['offers'])), { what: 'its end' });
      assert.equal(subscriptions.change('nobody', new Set<Topic>(['offers'])), false);
    });
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
    await until(() => demands.at(-1) === viewTopics.length);
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
