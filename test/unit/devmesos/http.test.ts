import assert from 'node:assert/strict';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { json, rawRequest } from '../../support/rawScheduler.ts';
import { TestMaster } from './support/testMaster.ts';

const health = '{"type":"GET_HEALTH"}';
const healthy = '{"type":"GET_HEALTH","get_health":{"healthy":true}}';

// What clients can notice of the transport (recorded in test/fixtures/mesos/auth_and_raw.txt).
describe('dev master: HTTP', () => {
  let master: TestMaster;

  before(async () => {
    master = await TestMaster.start();
  });

  after(() => master.close());

  /** Writes bytes as they are, and returns all that comes back until `enough` or the end. */
  const exchange = async (bytes: string, enough: (text: string) => boolean = () => false): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(master.port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (enough(text)) socket.destroy();
      });
    });
  const post = (headers: string, body: string): string =>
    `POST /api/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
  const bodies = (text: string): number => text.split(healthy).length - 1;

  it('takes a chunked body', async () => {
    const chunk = `${health.length.toString(16)}\r\n${health}\r\n0\r\n\r\n`;
    const answer = await exchange(
      post('Transfer-Encoding: chunked\r\n', chunk),
      (text) => bodies(text) === 1,
    );
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  });

  it('takes no length for no body', async () => {
    const answer = await exchange(post('', ''), (text) => text.includes('near: '));
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.ok(answer.endsWith('\r\n\r\nFailed to parse body into JSON: syntax error at line 1 near: '));
  });

  it('answers pipelined requests in order, over one connection', async () => {
    const one = post(`Content-Length: ${health.length}\r\n`, health);
    const bad = post('Content-Length: 2\r\n', '{}');
    const answer = await exchange(one + bad + one, (text) => bodies(text) === 2);
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
    assert.deepEqual(statuses, ['200', '400', '200']);
  });

  it('closes after HTTP/1.0 and after Connection: close', async () => {
    const request = post(`Content-Length: ${health.length}\r\n`, health);
    assert.equal(bodies(await exchange(request.replace('HTTP/1.1', 'HTTP/1.0'))), 1);
    const close = post(`Connection: close\r\nContent-Length: ${health.length}\r\n`, health);
    assert.equal(bodies(await exchange(close)), 1);
  });

  it('ignores Expect: 100-continue', async () => {
    const request = post(`Expect: 100-continue\r\nContent-Length: ${health.length}\r\n`, health);
    const answer = await exchange(request, (text) => bodies(text) === 1);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  });

  it('does not mind an offer to upgrade to HTTP/2, as Java clients make', async () => {
    const headers = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: ${health.length}\r\n`;
    const answer = await exchange(post(headers, health), (text) => bodies(text) === 1);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  });

  it('closes without a word on what is no HTTP', async () => {
    assert.equal(await exchange('hello there\r\n\r\n'), '');
  });

  it('inflates a gzipped body, and says so of a broken one', async () => {
    const headers = { ...json, 'Content-Encoding': 'gzip' };
    const good = await rawRequest(`${master.url}/api/v1`, 'POST', headers, gzipSync(health));
    assert.equal(good.body, healthy);
    const bad = await rawRequest(`${master.url}/api/v1`, 'POST', headers, health);
    assert.equal(bad.status, 400);
  });

  const accepts: [accept: string, status: number][] = [
    ['application/*', 200],
    ['text/html, */*', 200],
    ['application/x-protobuf, application/json;q=0.1', 200],
    ['text/html', 406],
    ['application/json;q=0, */*', 406],
  ];
  for (const [accept, status] of accepts) {
    it(`answers Accept: ${accept} with ${status}`, async () => {
      const headers = { 'Content-Type': 'application/json', Accept: accept };
      assert.equal((await rawRequest(`${master.url}/api/v1`, 'POST', headers, health)).status, status);
    });
  }

  it('reads no Accept where nothing depends on it', async () => {
    const headers = { 'Content-Type': 'application/json', Accept: 'text/html' };
    const body = '{"type":"REVIVE","framework_id":{"value":"nope"}}';
    const answer = await rawRequest(`${master.url}/api/v1/scheduler`, 'POST', headers, body);
    assert.equal(answer.body, 'Framework cannot be found');
  });

  // Endpoints need no login, so a page in a developer's browser must not get at them.
  const pages: [what: string, headers: Record<string, string>][] = [
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['from another origin', { Origin: 'https://evil.example' }],
    ['under a name that points to loopback', { Host: 'evil.example:5050' }],
  ];
  for (const [what, headers] of pages) {
    it(`refuses a browser's request ${what}`, async () => {
      const answer = await rawRequest(`${master.url}/state?jsonp=steal`, 'GET', headers);
      assert.equal(answer.status, 403);
      assert.ok(!answer.body.includes('steal'));
    });
  }

  it('lets a browser look that was pointed here', async () => {
    const headers = { 'Sec-Fetch-Site': 'none', Host: `localhost:${master.port}` };
    assert.equal((await rawRequest(`${master.url}/state`, 'GET', headers)).status, 200);
  });

  it('wraps JSON in a callback (jsonp)', async () => {
    const answer = await rawRequest(`${master.url}/tasks?jsonp=cb`, 'GET');
    assert.deepEqual([answer.headers['content-type'], answer.body], ['text/javascript', 'cb({"tasks":[]})']);
  });
});
