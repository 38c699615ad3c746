import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import * as z from 'zod/mini';
import { ExplainedError } from '../../../src/host/errors.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { requestHandler } from '../../../src/service/http/handler.ts';
import { listenBoth, socketPath, type Listeners } from '../../../src/service/http/listen.ts';
import { HttpProblem } from '../../../src/service/http/problem.ts';
import { json, param, RouteTable, type Route } from '../../../src/service/http/route.ts';
import { valid, wholeNumber } from '../../../src/service/http/validate.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const doors = { admin: 'admin-token', airflow: { token: 'airflow-token', deployment: 'd1' } };
const admin = { authorization: 'Bearer admin-token' };

interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  json: unknown;
}

describe('the HTTP side of the service', () => {
  const lines: string[] = [];
  const changes: unknown[] = [];
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let listeners: Listeners;
  let entered = false;
  let aborted = false;

  const routes: Route[] = [
    { method: 'GET', path: '/v1/things/{id}', access: 'admin', handle: (call) => json(param(call, 'id')) },
    { method: 'GET', path: '/v1/things/all', access: 'admin', handle: () => json('every one') },
    {
      method: 'POST',
      path: '/v1/things/{id}',
      access: 'admin',
      bodyLimit: 100,
      handle: (call) => {
        const { name } = valid(z.object({ name: z.string(), size: z.optional(z.int()) }), call.body);
        changes.push(name);
        return json(name, 201);
      },
    },
    {
      method: 'GET',
      path: '/v1/deployments/{deployment}/events',
      access: 'deployment',
      handle: ({ query }) => json(wholeNumber(query, 'wait', { least: 0, most: 30, otherwise: 7 })),
    },
    { method: 'POST', path: '/v1/open', access: 'open', handle: () => ({ kind: 'empty', status: 204 }) },
    {
      method: 'GET',
      path: '/v1/broken',
      access: 'admin',
      handle: () => {
        throw new Error('the cause');
      },
    },
    {
      method: 'GET',
      path: '/v1/refused',
      access: 'admin',
      handle: () => {
        throw new HttpProblem(410, { error: 'gone', why: 'too old', next: 'start anew' });
      },
    },
    {
      method: 'GET',
      path: '/v1/waits',
      access: 'admin',
      handle: ({ signal }) =>
        new Promise((resolve) => {
          entered = true;
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve(json(null));
          });
        }),
    },
  ];

  before(async () => {
    folder = await temporaryFolder('http');
    const log = lineLogger((line) => lines.push(line), 'debug');
    const handler = requestHandler(new RouteTable(routes), doors, log, () => undefined);
    listeners = await listenBoth(handler, { socket: path.join(folder.path, 'run', 's.sock'), port: 0 });
  });

  after(async () => {
    await listeners.close();
    await folder.remove();
  });

  function ask(
    target: string,
    options: {
      method?: string;
      headers?: Record<string, string>;
      body?: string | Buffer;
      socket?: boolean;
    } = {},
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const place = options.socket
        ? { socketPath: listeners.socket }
        : { host: '127.0.0.1', port: listeners.port };
      const request = http.request(
        {
          ...place,
          path: target,
          method: options.method ?? 'GET',
          headers: options.headers ?? admin,
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const isJson = response.headers['content-type'] === 'application/json';
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              json: isJson ? JSON.parse(text) : undefined,
            });
          });
        },
      );
      request.on('error', reject);
      request.end(options.body);
    });
  }

  it('answers on the socket and on TCP alike', async () => {
    for (const socket of [true, false]) {
      const reply = await ask('/v1/things/a%2Fb', { socket });
      assert.equal(reply.status, 200);
      assert.equal(reply.json, 'a/b');
      assert.equal(reply.headers['cache-control'], 'no-store');
    }
  });

  it('answers as ever who offers another protocol, except where a body would go unread', async () => {
    const headers = { ...admin, Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c' };
    for (const socket of [true, false]) {
      const reply = await ask('/v1/things/all', { socket, headers });
      assert.deepEqual([reply.status, reply.json], [200, 'every one']);
      assert.equal((await ask('/v1/nothing', { socket, headers })).status, 404);
    }
    const before = changes.length;
    const refused = await ask('/v1/things/a', { method: 'POST', headers, body: '{"name":"b"}' });
    assert.deepEqual([refused.status, changes.length], [400, before]);
    // Its client leaving is noticed as any other's.
    [entered, aborted] = [false, false];
    const leaving = http.get({
      host: '127.0.0.1',
      port: listeners.port,
      path: '/v1/waits',
      headers,
      agent: false,
    });
    leaving.on('error', () => undefined);
    await until(() => entered, { what: 'the request' });
    leaving.destroy();
    await until(() => aborted, { what: 'the end of the call' });
    [entered, aborted] = [false, false];
  });

  it('keeps the socket to its owner', async () => {
    assert.equal((await fs.stat(listeners.socket)).mode & 0o777, 0o600);
    assert.equal((await fs.stat(path.dirname(listeners.socket))).mode & 0o777, 0o700);
  });

  it('prefers a literal segment to a name', async () => {
    assert.equal((await ask('/v1/things/all')).json, 'every one');
  });

  it('answers 404 for an unknown path, malformed ones among them', async () => {
    for (const target of ['/', '/v1', '/v1/things', '/v1/things/', '/v1/things/%E0%A4%A', '/v2/things/a']) {
      const reply = await ask(target);
      assert.equal(reply.status, 404, target);
      assert.equal(typeof (reply.json as { error: string }).error, 'string');
    }
  });

  it('answers 405 and says which methods there are', async () => {
    const reply = await ask('/v1/things/x', { method: 'DELETE' });
    assert.equal(reply.status, 405);
    assert.equal(reply.headers.allow, 'GET, POST');
  });

  it('asks for a token, and tells a wrong one from one that opens another door', async () => {
    const tokens: [string | undefined, string, number][] = [
      [undefined, '/v1/things/x', 401],
      ['Bearer wrong', '/v1/things/x', 401],
      ['Basic admin-token', '/v1/things/x', 401],
      ['Bearer admin-tokenn', '/v1/things/x', 401],
      ['Bearer airflow-token', '/v1/things/x', 403],
      ['Bearer airflow-token', '/v1/deployments/d1/events', 200],
      ['bearer airflow-token', '/v1/deployments/d1/events', 200],
      ['Bearer airflow-token', '/v1/deployments/d2/events', 403],
      ['Bearer admin-token', '/v1/deployments/d2/events', 200],
    ];
    for (const [authorization, target, status] of tokens) {
      const reply = await ask(target, { headers: authorization === undefined ? {} : { authorization } });
      assert.equal(reply.status, status, `${String(authorization)} ${target}`);
      if (status === 401) assert.equal(reply.headers['www-authenticate'], 'Bearer');
    }
  });

  it('lets who holds a ticket pass without a token', async () => {
    assert.equal((await ask('/v1/open', { method: 'POST', headers: {} })).status, 204);
  });

  it('refuses a foreign host name, as a page of another site would send it', async () => {
    for (const host of [
      'attacker.example',
      `attacker.example:${listeners.port}`,
      '127.0.0.1.attacker.example',
    ]) {
      assert.equal((await ask('/v1/things/x', { headers: { ...admin, host } })).status, 403, host);
    }
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:80', 'LOCALHOST']) {
      assert.equal((await ask('/v1/things/x', { headers: { ...admin, host } })).status, 200, host);
    }
  });

  it('refuses what it does not understand with the reason, and changes nothing', async () => {
    const bodies: [string | Buffer, number, RegExp][] = [
      ['{"name":', 400, /not JSON/],
      ['', 400, /expected object/],
      ['[]', 400, /expected object/],
      ['{"name":7}', 400, /name: .*expected string/],
      ['{"name":"secret-value","size":"x"}', 400, /size: .*expected int|size: .*expected number/],
      [Buffer.from([0x7b, 0xff, 0x7d]), 400, /not UTF-8/],
      [`{"name":"${'x'.repeat(200)}"}`, 413, /more than 100 bytes/],
    ];
    for (const [body, status, why] of bodies) {
      const reply = await ask('/v1/things/x', { method: 'POST', body });
      assert.equal(reply.status, status, String(body));
      assert.match((reply.json as { why: string }).why, why);
      assert.doesNotMatch(reply.text, /secret-value/);
    }
    assert.deepEqual(changes, []);
    assert.equal((await ask('/v1/things/x', { method: 'POST', body: '{"name":"naïve"}' })).status, 201);
    assert.deepEqual(changes, ['naïve']);
  });

  it('counts a body that does not say its length', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const request = http.request(
        { port: listeners.port, path: '/v1/things/x', method: 'POST', headers: admin, agent: false },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', reject);
      request.write('{"name":"');
      request.end(`${'x'.repeat(300)}"}`);
    });
    assert.equal(status, 413);
  });

  it('names the range of a number', async () => {
    const target = '/v1/deployments/d1/events';
    assert.equal((await ask(target)).json, 7);
    assert.equal((await ask(`${target}?wait=30`)).json, 30);
    for (const wait of ['31', '-1', 'abc', '1.5', '1e1']) {
      const reply = await ask(`${target}?wait=${wait}`);
      assert.equal(reply.status, 400, wait);
      assert.match(reply.text, /wait must be a whole number from 0 to 30/);
    }
  });

  it('explains what a route refuses, and what went wrong in it', async () => {
    const refused = await ask('/v1/refused');
    assert.equal(refused.status, 410);
    assert.deepEqual(refused.json, { error: 'gone', why: 'too old', next: 'start anew' });
    const broken = await ask('/v1/broken');
    assert.equal(broken.status, 500);
    assert.match(broken.text, /the cause/);
    assert.ok(lines.some((line) => line.includes('error') && line.includes('the cause')));
  });

  it('tells a route that its client has gone', async () => {
    const request = http.get({ port: listeners.port, path: '/v1/waits', headers: admin, agent: false });
    request.on('error', () => undefined);
    await until(() => entered, { what: 'the route' });
    request.destroy();
    await until(() => aborted, { what: 'the abort' });
  });

  it('logs neither tokens nor query strings nor bodies', async () => {
    await ask('/v1/things/x?ticket=query-secret', { method: 'POST', body: '{"name":"body-secret"}' });
    await until(() => lines.some((line) => line.includes('POST /v1/things/{id} 201')), {
      what: 'the log line',
    });
    assert.doesNotMatch(lines.join(''), /admin-token|query-secret|body-secret/);
  });

  it('survives what is no HTTP', async () => {
    await new Promise<void>((resolve) => {
      const socket = net.connect(listeners.port, '127.0.0.1', () =>
        socket.end('GET // HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      );
      socket.resume();
      socket.once('close', () => resolve());
    });
    assert.equal((await ask('/v1/things/all')).status, 200);
  });

  it('says that its port is taken', async () => {
    const handler = requestHandler(
      new RouteTable([]),
      doors,
      lineLogger(() => undefined),
      () => undefined,
    );
    await assert.rejects(
      listenBoth(handler, { socket: path.join(folder.path, 'run', 'other.sock'), port: listeners.port }),
      (error: unknown) => error instanceof ExplainedError && error.message.includes(String(listeners.port)),
    );
    assert.equal((await ask('/v1/things/all')).status, 200);
  });

  it('takes over the socket of a dead service', async () => {
    const socket = path.join(folder.path, 'run', 'stale.sock');
    await fs.writeFile(socket, '');
    const handler = requestHandler(
      new RouteTable(routes),
      doors,
      lineLogger(() => undefined),
      () => undefined,
    );
    const other = await listenBoth(handler, { socket, port: await choosePort(0) });
    assert.ok((await fs.stat(socket)).isSocket());
    await other.close();
  });

  it('keeps socket paths short, each cluster its own, always the same', () => {
    const long = { state: '', cache: '', runtime: `/${'x'.repeat(200)}` };
    const short = { state: '', cache: '', runtime: '/run/user/1000/mesos-airflow' };
    for (const folders of [long, short]) {
      const one = socketPath(folders, '/home/me/clusters/one');
      assert.ok(Buffer.byteLength(one) < 100, one);
      assert.equal(one, socketPath(folders, '/home/me/clusters/one/'));
      assert.notEqual(one, socketPath(folders, '/home/me/clusters/two'));
    }
    assert.ok(socketPath(short, '/c').startsWith(short.runtime));
  });
});
