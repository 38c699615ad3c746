import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { AirflowClient } from '../../../src/airflow/client.ts';
import type { DockerSpec, PartCheck } from '../../../src/api/cluster.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { checksOf, type ContainerCheck } from '../../../src/service/containers/checks.ts';
import { ContainerParts } from '../../../src/service/containers/containerParts.ts';
import { Lack } from '../../../src/service/containers/lack.ts';
import { usualPatience } from '../../../src/service/containers/partLife.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { until } from '../../support/until.ts';
import { dockerSpec } from './dockerSpec.ts';

const { signal } = new AbortController();

function checkFor(check: PartCheck, change: (spec: DockerSpec) => void = () => undefined): ContainerCheck {
  const spec = dockerSpec();
  spec.parts = [{ name: 'it', container: 'c', check }];
  change(spec);
  const airflow = new AirflowClient({
    url: spec.airflow.url,
    username: 'admin',
    password: () => Promise.resolve('password'),
  });
  const made = checksOf(spec, airflow).get('it');
  assert.ok(made);
  return made;
}

const isLack =
  (kind: Lack['kind'], message = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof Lack, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  };

describe('checks of containers', () => {
  const servers: net.Server[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      if (server instanceof http.Server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function serve(server: net.Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** As much of an api-server as a check asks for. */
  async function airflow(beats: Record<string, number | null>, database = 'healthy'): Promise<string> {
    const iso = (name: string) =>
      beats[name] === null ? null : new Date(beats[name] ?? Date.now()).toISOString();
    const port = await serve(
      http.createServer((request, response) => {
        const answers: Record<string, unknown> = {
          '/api/v2/monitor/health': {
            metadatabase: { status: database },
            scheduler: { status: 'healthy', latest_scheduler_heartbeat: iso('scheduler') },
            triggerer: { status: 'healthy', latest_triggerer_heartbeat: iso('triggerer') },
            dag_processor: { status: 'healthy', latest_dag_processor_heartbeat: iso('dag-processor') },
          },
          '/execution/health': {},
          '/auth/token': { access_token: 't' },
        };
        response.end(JSON.stringify(answers[request.url ?? ''] ?? {}));
      }),
    );
    return `http://127.0.0.1:${port}`;
  }

  it('want 200 of a GET, and tell nobody there from a bad answer', async () => {
    let status = 200;
    const server = http.createServer((_request, response) => response.writeHead(status).end());
    const port = await serve(server);
    const check = checkFor({ kind: 'http', url: `http://127.0.0.1:${port}/health` });
    const before = Date.now();
    assert.ok((await check.inOrder(0, signal)) >= before);
    status = 503;
    await assert.rejects(check.inOrder(0, signal), isLack('silent', /answers 503/));
    await check.isThere(signal);
    const dead = checkFor({ kind: 'http', url: `http://127.0.0.1:${await choosePort(0)}/health` });
    await assert.rejects(dead.inOrder(0, signal), isLack('gone', /nothing answers/));
    await assert.rejects(dead.isThere(signal), isLack('gone'));
  });

  it('want a connection of a port', async () => {
    const port = await serve(net.createServer((socket) => socket.destroy()));
    const check = checkFor({ kind: 'tcp', host: '127.0.0.1', port });
    await check.inOrder(0, signal);
    await check.isThere(signal);
    const dead = checkFor({ kind: 'tcp', host: '127.0.0.1', port: await choosePort(0) });
    await assert.rejects(dead.inOrder(0, signal), isLack('gone'));
  });

  it('know a name that is not on the network for a container that does not run', async () => {
    const check = checkFor({ kind: 'tcp', host: 'no-such-part.invalid', port: 5432 });
    const begun = Date.now();
    await assert.rejects(check.isThere(signal), isLack('gone', /no-such-part\.invalid/));
    assert.ok(Date.now() - begun < 3000);
  });

  it('take the heartbeat of a component for its sign of life, not the api-server’s word', async () => {
    const now = Date.now();
    const url = await airflow({ scheduler: now - 2000, triggerer: null });
    const of = (component: string, more = {}): ContainerCheck =>
      checkFor({ kind: 'airflow', component, ...more }, (spec) => {
        spec.airflow.url = url;
      });
    assert.equal(await of('scheduler').inOrder(now - 3000, signal), now - 2000);
    await assert.rejects(of('scheduler').inOrder(now - 1000, signal), isLack('silent', /no heartbeat yet/));
    await assert.rejects(of('triggerer').inOrder(0, signal), isLack('silent', /no heartbeat yet/));
    await of('scheduler').isThere(signal);
    // Its container is there as long as the network knows it.
    await of('scheduler', { host: '127.0.0.1' }).isThere(signal);
    await assert.rejects(of('scheduler', { host: 'scheduler.invalid' }).isThere(signal), isLack('gone'));
  });

  it('can tell nothing of a component while the api-server is away', async () => {
    const port = await choosePort(0);
    const check = checkFor({ kind: 'airflow', component: 'scheduler' }, (spec) => {
      spec.airflow.url = `http://127.0.0.1:${port}`;
    });
    await assert.rejects(check.inOrder(0, signal), isLack('unknown', /waits for the api-server/));
  });

  it('want of the api-server its database, and that it knows our password', async () => {
    const good = await airflow({});
    const check = (url: string): ContainerCheck =>
      checkFor({ kind: 'airflow', component: 'api-server' }, (spec) => {
        spec.airflow.url = url;
      });
    const before = Date.now();
    assert.ok((await check(good).inOrder(before, signal)) >= before);
    const ill = await airflow({}, 'unhealthy');
    await assert.rejects(check(ill).inOrder(0, signal), isLack('silent', /database/));
  });

  it('refuse a component that Airflow does not have', () => {
    assert.throws(() => checkFor({ kind: 'airflow', component: 'worker' }), /worker/);
  });
});

describe('watching over containers', () => {
  it('checks often until a part is ready, then seldom, and looks in between', async () => {
    const asked = { whole: 0, looks: 0 };
    let lack: Lack | undefined = new Lack('gone', 'not there');
    const answer = (kind: keyof typeof asked): Promise<void> => {
      asked[kind] += 1;
      return lack ? Promise.reject(lack) : Promise.resolve();
    };
    const parts = new ContainerParts({
      parts: [{ name: 'it', container: 'c', check: { kind: 'tcp', host: '', port: 1 } }],
      checks: new Map([
        ['it', { inOrder: () => answer('whole').then(() => Date.now()), isThere: () => answer('looks') }],
      ]),
      log: lineLogger(() => undefined),
      pace: { checkStarting: 5, checkReady: 60_000, look: 5 },
      patience: usualPatience,
    });
    const states: string[] = [];
    parts.on('part', ({ state }) => states.push(state));
    parts.start();
    await until(() => asked.whole > 3);
    assert.equal(asked.looks, 0);
    lack = undefined;
    await until(() => asked.looks > 3);
    const { whole } = asked;
    await until(() => asked.looks > 6);
    assert.equal(asked.whole, whole);
    lack = new Lack('gone', 'not there');
    await until(() => parts.views()[0]?.state === 'restarting');
    lack = undefined;
    await until(() => parts.views()[0]?.state === 'ready');
    assert.equal(parts.views()[0]?.restarts, 1);
    // A look that fails for want of an answer is followed by a whole check at once.
    lack = new Lack('silent', 'slow');
    await until(() => parts.views()[0]?.state === 'failed');
    await parts.letGo();
    assert.deepEqual(
      states.filter((state, index) => state !== states[index - 1]),
      ['starting', 'ready', 'restarting', 'ready', 'failed'],
    );
  });
});
