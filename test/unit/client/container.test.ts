import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ContainerRuntime } from '../../../src/api/cluster.ts';
import { protocolVersion } from '../../../src/api/common.ts';
import { identityProof } from '../../../src/api/identity.ts';
import { connect, findCluster, type KnownCluster } from '../../../src/client/discover.ts';
import { ForeignService, ServiceProblem, ServiceUnreachable } from '../../../src/client/errors.ts';
import { ServiceClient } from '../../../src/client/serviceClient.ts';
import { ensureService } from '../../../src/client/start.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { writePrivateFile } from '../../../src/host/files.ts';
import { clusterFolder, userFolders, type UserFolders } from '../../../src/host/folders.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const token = 'the-admin-token';

describe('a service in a container', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let folders: UserFolders;
  let server: http.Server | undefined;

  beforeEach(async () => {
    temporary = await temporaryFolder('container');
    folders = userFolders({ MESOS_AIRFLOW_HOME: temporary.path });
  });

  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    await temporary.remove();
  });

  /** A cluster whose service is at that port. */
  async function clusterAt(port: number, withToken = true): Promise<KnownCluster> {
    const folder = clusterFolder(folders, 'boxed');
    const runtime: ContainerRuntime = {
      protocol: protocolVersion,
      version: '1',
      url: `http://127.0.0.1:${port}`,
      container: 'airflow-on-mesos-boxed-service',
    };
    await writePrivateFile(folder.runtime, JSON.stringify(runtime));
    if (withToken) await writePrivateFile(path.join(folder.secrets, 'admin.token'), `${token}\n`);
    const cluster = await findCluster('boxed', folders);
    assert.ok(cluster);
    return cluster;
  }

  async function serve(cluster: string, key: string): Promise<{ port: number; requests: string[] }> {
    const requests: string[] = [];
    server = http.createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      requests.push(`${url.pathname} ${request.headers.authorization ?? 'nothing'}`);
      const challenge = url.searchParams.get('challenge') ?? '';
      const answer = url.pathname.endsWith('/identity')
        ? { cluster, proof: identityProof(key, cluster, challenge) }
        : { protocol: protocolVersion, version: '1', cluster, pid: 1, epoch: 'e' };
      response.end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, requests };
  }

  it('counts as running until a connection fails, and gets the token once it has proved whose it is', async () => {
    const { port, requests } = await serve('boxed', token);
    const cluster = await clusterAt(port);
    assert.equal(cluster.state, 'running');
    const { client, handshake } = await connect(cluster);
    assert.equal(handshake.cluster, 'boxed');
    assert.deepEqual(client.address, {
      url: `http://127.0.0.1:${port}`,
      container: 'airflow-on-mesos-boxed-service',
    });
    assert.deepEqual(requests, ['/v1/identity nothing', `/v1/handshake Bearer ${token}`]);
  });

  it('is not another cluster’s, nor one of the same name with another token', async () => {
    const other = await serve('other', token);
    await assert.rejects(connect(await clusterAt(other.port)), (error: unknown) => {
      assert.ok(error instanceof ForeignService);
      assert.match(error.why ?? '', /“other”/);
      return true;
    });
    server?.close();
    const same = await serve('boxed', 'another token');
    await assert.rejects(connect(await clusterAt(same.port)), ForeignService);
    assert.deepEqual([...other.requests, ...same.requests], ['/v1/identity nothing', '/v1/identity nothing']);
  });

  it('that is away is told of at once, with what there is to do in Docker', async () => {
    const port = await choosePort(0);
    const begun = Date.now();
    const inDocker = (error: unknown): boolean => {
      assert.ok(error instanceof ServiceUnreachable);
      assert.equal(error.container, 'airflow-on-mesos-boxed-service');
      assert.match(error.next ?? '', /Is Docker running\?.*mesos-airflow up/);
      assert.doesNotMatch(error.next ?? '', /service\.log/);
      return true;
    };
    await assert.rejects(connect(await clusterAt(port)), inDocker);
    await assert.rejects(ensureService('boxed', { folders }), inDocker);
    assert.ok(Date.now() - begun < 1000);
    const { address } = new ServiceClient({ url: `http://127.0.0.1:${port}`, container: 'c' }, token);
    await assert.rejects(new ServiceClient(address, token).cluster(), /does not answer/);
  });

  it('opens to the token that it was given, not to one that is made up here', async () => {
    const { port, requests } = await serve('boxed', token);
    const cluster = await clusterAt(port, false);
    await assert.rejects(
      connect(cluster),
      (error: unknown) => error instanceof ExplainedError && (error.next ?? '').includes('mesos-airflow up'),
    );
    await assert.rejects(fs.stat(path.join(cluster.folder.secrets, 'admin.token')), { code: 'ENOENT' });
    assert.deepEqual(requests, []);
  });

  it('is told what became of a part', async () => {
    const heard: string[] = [];
    server = http.createServer((request, response) => {
      request.on('data', (chunk: Buffer) => heard.push(`${request.url ?? ''} ${chunk.toString()}`));
      request.on('end', () => {
        const known = request.url === '/v1/parts/agent-1/report';
        response.writeHead(known ? 204 : 404).end(known ? '' : '{"error":"no such part"}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new ServiceClient({ url: `http://127.0.0.1:${port}` }, token);
    await client.reportPart('agent-1', { state: 'exited', detail: 'status 1', at: 5 });
    assert.deepEqual(heard, ['/v1/parts/agent-1/report {"state":"exited","detail":"status 1","at":5}']);
    await assert.rejects(client.reportPart('x/y', { state: 'running', detail: '', at: 5 }), ServiceProblem);
    assert.match(heard[1] ?? '', /^\/v1\/parts\/x%2Fy\/report/);
  });
});
