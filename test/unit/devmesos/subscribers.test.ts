import assert from 'node:assert/strict';
import http from 'node:http';
import { RecordDecoder } from '../../../src/mesos/recordio.ts';
import { json, modern, rawRequest, RawScheduler } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { TestMaster } from './support/testMaster.ts';

/** Somebody who listens to all that happens. */
class Listener {
  readonly types: string[] = [];
  readonly #request: http.ClientRequest;
  readonly #response: http.IncomingMessage;
  closed = false;

  private constructor(request: http.ClientRequest, response: http.IncomingMessage) {
    this.#request = request;
    this.#response = response;
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    response.once('close', () => (this.closed = true));
  }

  read(): void {
    const decoder = new RecordDecoder((record) =>
      this.types.push((JSON.parse(record.toString()) as { type: string }).type),
    );
    this.#response.on('data', (chunk: Buffer) => decoder.push(chunk));
  }

  static async open(master: string): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${master}/api/v1`, { method: 'POST', headers: json, agent: false });
      request.once('error', reject);
      request.once('response', (response) => resolve(new Listener(request, response)));
      request.end('{"type":"SUBSCRIBE"}');
    });
  }

  disconnect(): void {
    this.#request.destroy();
  }
}

describe('dev master: those who listen', () => {
  let master: TestMaster;
  const listeners: Listener[] = [];
  beforeEach(async () => {
    master = await TestMaster.start();
  });
  afterEach(async () => {
    for (const listener of listeners.splice(0)) listener.disconnect();
    await master.close();
  });

  it('may be a thousand', async () => {
    for (let batch = 0; batch < 20; batch += 1) {
      listeners.push(...(await Promise.all(Array.from({ length: 50 }, () => Listener.open(master.url)))));
    }
    for (const listener of listeners) listener.read();
    await master.addAgent();
    await until(() => listeners.every(({ types }) => types.includes('AGENT_ADDED')));
    assert.equal(listeners.length, 1000);
    assert.equal((await rawRequest(`${master.url}/health`, 'GET')).status, 200);
  });

  it('and do not read are left, before they cost the master its memory', async () => {
    const idle = await Listener.open(master.url);
    const awake = await Listener.open(master.url);
    awake.read();
    listeners.push(idle, awake);
    const scheduler = await RawScheduler.subscribe(master.url);
    const id = await scheduler.id();
    try {
      for (let round = 0; round < 80; round += 1) {
        const labels = { labels: [{ key: `round-${round}`, value: 'x'.repeat(1024 * 1024) }] };
        const call = {
          type: 'UPDATE_FRAMEWORK',
          framework_id: id,
          update_framework: { framework_info: { ...modern, id, labels } },
        };
        const headers = { ...json, 'Mesos-Stream-Id': scheduler.streamId };
        const answer = await rawRequest(
          `${master.url}/api/v1/scheduler`,
          'POST',
          headers,
          JSON.stringify(call),
        );
        assert.equal(answer.status, 200);
      }
      await until(() => awake.types.filter((type) => type === 'FRAMEWORK_UPDATED').length === 80);
      idle.read();
      await until(() => idle.closed, { what: 'the end of the stream that nobody read' });
      assert.ok(idle.types.length < 80, `${idle.types.length} events`);
      assert.ok(!awake.closed);
    } finally {
      scheduler.disconnect();
    }
  });
});
