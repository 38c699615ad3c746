import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { protocolVersion } from '../../../src/api/common.ts';
import type { ClusterEvent } from '../../../src/api/people.ts';
import type { Topic } from '../../../src/api/topics.ts';
import {
  ProtocolMismatch,
  ServiceProblem,
  ServiceUnreachable,
  UnexpectedAnswer,
} from '../../../src/client/errors.ts';
import { ServiceClient } from '../../../src/client/serviceClient.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { until } from '../../support/until.ts';
import { clusterView } from '../../vscode/support/views.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

const shake = { protocol: protocolVersion, version: '1.2.3', cluster: 'c', pid: 1, epoch: 'e' };
const offers = { type: 'offers', offers: { suppressed: true, offers: [] } };

describe('calling a service', () => {
  let server: http.Server | undefined;

  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
  });

  async function serve(handler: Handler, port = 0): Promise<{ client: ServiceClient; port: number }> {
    const made = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => handler(request, response, body));
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve));
    const used = (made.address() as AddressInfo).port;
    return { client: new ServiceClient({ url: `http://127.0.0.1:${used}` }, 'secret'), port: used };
  }

  const answering =
    (value: unknown, status = 200): Handler =>
    (_request, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    };

  it('sends the token, the path and the body', async () => {
    const seen: string[] = [];
    const { client } = await serve((request, response, body) => {
      seen.push(
        `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''} ${body}`,
      );
      answering({ dag_id: 'd', run_id: 'r', state: 'queued', started: null, ended: null, tasks: [] })(
        request,
        response,
        body,
      );
    });
    const run = await client.trigger('ä/b', { conf: { city: 'Köln' } });
    assert.equal(run.run_id, 'r');
    await client.dagRun('d', 'manual__2026-01-01T00:00:00+00:00');
    assert.deepEqual(seen, [
      'POST /v1/dags/%C3%A4%2Fb/runs Bearer secret {"conf":{"city":"Köln"}}',
      'GET /v1/dags/d/runs/manual__2026-01-01T00%3A00%3A00%2B00%3A00 Bearer secret ',
    ]);
  });

  it('puts a question’s parts into the query', async () => {
    let url = '';
    const { client } = await serve((request, response, body) => {
      url = request.url ?? '';
      answering([])(request, response, body);
    });
    await client.tasks({ states: ['queued', 'running'], dag_id: 'a&b', limit: 5 });
    assert.equal(url, '/v1/tasks?dag_id=a%26b&limit=5&state=queued%2Crunning');
    await client.tasks();
    assert.equal(url, '/v1/tasks');
  });

  it('shakes hands with its own version only, and says which is older', async () => {
    const { client } = await serve(answering(shake));
    assert.equal((await client.handshake()).version, '1.2.3');
    for (const [protocol, words] of [
      [protocolVersion + 1, /newer/],
      [protocolVersion - 1, /older/],
    ] as const) {
      server?.close();
      // Of another version nothing but the two fields is sure.
      const { client: other } = await serve(answering({ protocol, version: '9', more: true }));
      await assert.rejects(other.handshake(), (error: unknown) => {
        assert.ok(error instanceof ProtocolMismatch);
        assert.equal(error.theirs, protocol);
        assert.match(error.message, words);
        return true;
      });
    }
  });

  it('gives what the service explains', async () => {
    const { client } = await serve(answering({ error: 'no', why: 'because', next: 'do this' }, 409));
    await assert.rejects(client.task('x'), (error: unknown) => {
      assert.ok(error instanceof ServiceProblem);
      assert.deepEqual(
        [error.status, error.message, error.why, error.next],
        [409, 'no', 'because', 'do this'],
      );
      return true;
    });
  });

  it('does not take another program’s answer for the service’s', async () => {
    for (const handler of [
      answering({ hello: 'world' }),
      answering('<html>', 200),
      answering({ detail: 'Not Found' }, 404),
      ((_request, response) => response.end('<html>')) satisfies Handler,
    ]) {
      const { client } = await serve(handler);
      await assert.rejects(client.cluster(), UnexpectedAnswer);
      server?.close();
    }
  });

  it('says that nobody answers, or not in time, or that the connection broke', async () => {
    const nobody = new ServiceClient({ url: `http://127.0.0.1:${await choosePort(0)}` }, 'x');
    await assert.rejects(nobody.cluster(), ServiceUnreachable);
    await assert.rejects(new ServiceClient({ socket: '/nowhere.sock' }, 'x').cluster(), ServiceUnreachable);
    const { client } = await serve((request, response) => {
      if (request.url === '/v1/cluster') response.destroy();
    });
    await assert.rejects(client.cluster(), ServiceUnreachable);
    await assert.rejects(client.offers({ timeoutMs: 50 }), (error: unknown) => {
      assert.ok(error instanceof ServiceUnreachable);
      assert.match(error.why ?? '', /in time/);
      return true;
    });
  });

  it('gives the reason of an aborted signal', async () => {
    const { client } = await serve(() => undefined);
    const aborter = new AbortController();
    const reason = new Error('changed my mind');
    setImmediate(() => aborter.abort(reason));
    await assert.rejects(client.cluster({ signal: aborter.signal }), reason);
  });

  describe('following its events', () => {
    const stream =
      (events: unknown[], end = false): Handler =>
      (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        for (const event of events) response.write(`id: e:1\ndata: ${JSON.stringify(event)}\n\n`);
        if (end) response.end();
      };

    it('yields what this version knows, and leaves out what it does not', async () => {
      const { client } = await serve(stream([{ type: 'weather', sun: true }, offers, offers]));
      const got: ClusterEvent[] = [];
      for await (const event of client.events({ signal: new AbortController().signal })) {
        got.push(event);
        if (got.length === 2) break;
      }
      assert.deepEqual(got, [offers, offers]);
    });

    it('comes back when the service does, and tells both', async () => {
      const told: string[] = [];
      const aborter = new AbortController();
      const { client, port } = await serve(stream([offers]));
      const following = client.subscribe(
        {
          event: (event) => told.push(event.type),
          connected: () => told.push('connected'),
          disconnected: (error) => told.push(error.name),
        },
        { signal: aborter.signal },
      );
      await until(() => told.includes('offers'));
      server?.close();
      server?.closeAllConnections();
      await until(() => told.filter((what) => what === 'ServiceUnreachable').length >= 2);
      await serve(stream([offers]), port);
      await until(() => told.filter((what) => what === 'offers').length === 2);
      assert.deepEqual(told.slice(0, 3), ['connected', 'offers', 'ServiceUnreachable']);
      assert.deepEqual(told.slice(-2), ['connected', 'offers']);
      aborter.abort();
      await following;
    });

    it('comes back after a passing trouble, and gives up where it is refused', async () => {
      let tries = 0;
      const { client } = await serve((request, response, body) => {
        tries += 1;
        answering({ error: 'no' }, tries < 3 ? 503 : 401)(request, response, body);
      });
      await assert.rejects(
        client.subscribe({ event: () => undefined }, { signal: new AbortController().signal }),
        (error: unknown) => error instanceof ServiceProblem && error.status === 401,
      );
      assert.equal(tries, 3);
    });

    it('gives up on an event that is not as it should be', async () => {
      const { client } = await serve(stream([{ type: 'offers', offers: 7 }]));
      await assert.rejects(async () => {
        for await (const event of client.events({ signal: new AbortController().signal }))
          assert.fail(event.type);
      }, UnexpectedAnswer);
    });

    describe('with topics that change', () => {
      const cluster = clusterView();
      const snapshot = (subscription: string): unknown => ({
        type: 'snapshot',
        cursor: 'e:1',
        subscription,
        cluster,
      });

      /** A service that notes what it is asked, and answers changes by `answer`. */
      async function following(answer: (id: string) => number, topics: Topic[] = ['cluster']) {
        const asked: string[] = [];
        const told: string[] = [];
        let opened = 0;
        const { client } = await serve((request, response, body) => {
          const url = new URL(request.url ?? '', 'http://localhost');
          if (request.method === 'POST') {
            const id = url.pathname.split('/').at(-1) ?? '';
            asked.push(`${id} ${(JSON.parse(body) as { topics: string[] }).topics.join()}`);
            const status = answer(id);
            if (status === 204) response.writeHead(204).end();
            else answering({ error: 'gone' }, status)(request, response, body);
            return;
          }
          opened += 1;
          asked.push(`GET ${url.searchParams.get('topics') ?? ''}`);
          stream([snapshot(`s${opened}`)])(request, response, body);
        });
        const aborter = new AbortController();
        const subscription = client.follow(
          {
            event: (event) => told.push(event.type),
            disconnected: (error) => told.push(error.name),
          },
          { signal: aborter.signal, topics },
        );
        const end = async (): Promise<void> => {
          aborter.abort();
          await subscription.ended;
        };
        return { subscription, asked, told, end };
      }

      it('asks for them on the stream that lives, one after another, none left out', async () => {
        const { subscription, asked, told, end } = await following(() => 204);
        await until(() => told.length === 1);
        for (const topics of [['tasks'], [], ['tasks']] as Topic[][]) subscription.change(topics);
        await until(() => asked.length === 4);
        assert.deepEqual(asked, ['GET cluster', 's1 tasks', 's1 ', 's1 tasks']);
        assert.deepEqual(told, ['snapshot']);
        await end();
      });

      it('asks for those that changed before its snapshot came as soon as that has come', async () => {
        const { subscription, asked, end } = await following(() => 204);
        subscription.change(['agents']);
        await until(() => asked.length === 2);
        assert.deepEqual(asked, ['GET cluster', 's1 agents']);
        await end();
      });

      it('opens another stream with them where the service does not know the subscription any more', async () => {
        const { subscription, asked, told, end } = await following((id) => (id === 's1' ? 404 : 204));
        await until(() => told.length === 1);
        subscription.change(['dags']);
        await until(() => told.length === 3);
        assert.deepEqual(told, ['snapshot', 'ServiceUnreachable', 'snapshot']);
        subscription.change(['agents']);
        await until(() => asked.length === 4);
        assert.deepEqual(asked, ['GET cluster', 's1 dags', 'GET dags', 's2 agents']);
        await end();
      });
    });

    it('asks for the topics that are wanted', async () => {
      let url = '';
      const { client } = await serve((request, response, body) => {
        url = request.url ?? '';
        stream([offers])(request, response, body);
      });
      for await (const event of client.events({
        signal: new AbortController().signal,
        topics: ['cluster', 'tasks'],
      })) {
        assert.equal(event.type, 'offers');
        break;
      }
      assert.equal(url, '/v1/subscription?topics=cluster,tasks');
    });
  });
});
