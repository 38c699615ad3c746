import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** How a registry hands out a layer. */
export type Serving = 'at once' | 'slowly' | 'halfway' | 'corrupted';

export interface TestImage {
  /** Bytes of each layer, and how it is served. */
  readonly layers: readonly { readonly bytes: number; readonly serving?: Serving }[];
  /** Go's name. Default: `amd64`. */
  readonly arch?: string;
  /** As the entry of a list of platforms instead of alone. */
  readonly listed?: boolean;
}

const types = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

/**
 * A registry that speaks as much of the distribution protocol as a pull needs, on 127.0.0.1, which daemons take without TLS.
 * Its images are made of random bytes.
 */
export class TestRegistry {
  readonly #server: http.Server;
  readonly #blobs = new Map<string, { body: Buffer; serving: Serving }>();
  readonly #manifests = new Map<string, { body: Buffer; type: string }>();
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Answers of layers that are being sent. */
  readonly sending = new Set<http.ServerResponse>();
  /** How many layers Docker has stopped fetching. */
  cut = 0;
  /** Who gets anything; undefined: everybody. */
  login: { how: 'basic' | 'token'; user: string; password: string } | undefined;
  /** Answered to everything with this status and message, as registries refuse. */
  refusal: { status: number; code: string; message: string } | undefined;

  private constructor(server: http.Server) {
    this.#server = server;
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.#answer(request, response);
    });
  }

  static async start(): Promise<TestRegistry> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestRegistry(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get host(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Offers an image as `repository:tag`; gives the name to pull it by. */
  async offer(name: string, image: TestImage): Promise<string> {
    const layers = [];
    const diffIds = [];
    for (const { bytes, serving = 'at once' } of image.layers) {
      const archive = await layerOf(randomBytes(bytes));
      diffIds.push(digestOf(archive));
      const body = gzipSync(archive, { level: 0 });
      layers.push({ mediaType: types.layer, size: body.length, digest: this.#keep(body, serving) });
    }
    const config = Buffer.from(
      JSON.stringify({
        architecture: image.arch ?? 'amd64',
        os: 'linux',
        config: { Labels: { 'mesos-airflow-test': 'pull' } },
        rootfs: { type: 'layers', diff_ids: diffIds },
        history: diffIds.map(() => ({ created: '2026-01-01T00:00:00Z', created_by: 'test' })),
      }),
    );
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: types.manifest,
        config: { mediaType: types.config, size: config.length, digest: this.#keep(config, 'at once') },
        layers,
      }),
    );
    const [repository = '', tag = ''] = name.split(':');
    this.#manifests.set(`${repository}/${digestOf(manifest)}`, { body: manifest, type: types.manifest });
    const platform = { architecture: image.arch ?? 'amd64', os: 'linux' };
    const list = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: types.list,
        manifests: [
          { mediaType: types.manifest, size: manifest.length, digest: digestOf(manifest), platform },
        ],
      }),
    );
    const named = image.listed ? { body: list, type: types.list } : { body: manifest, type: types.manifest };
    this.#manifests.set(`${repository}/${tag}`, named);
    this.#manifests.set(`${repository}/${digestOf(named.body)}`, named);
    return `${this.host}/${name}`;
  }

  #keep(body: Buffer, serving: Serving): string {
    const digest = digestOf(body);
    this.#blobs.set(digest, { body, serving });
    return digest;
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${this.host}`);
    this.asked.push(url.pathname);
    if (this.refusal) {
      const { code, message, status } = this.refusal;
      send(response, status, JSON.stringify({ errors: [{ code, message }] }));
      return;
    }
    if (url.pathname === '/token') {
      if (this.#mayEnter(request)) send(response, 200, JSON.stringify({ token: 'let-me-in' }));
      else send(response, 401, JSON.stringify({ details: 'incorrect username or password' }));
      return;
    }
    if (this.login && !this.#mayEnter(request)) {
      const challenge =
        this.login.how === 'basic'
          ? 'Basic realm="test"'
          : `Bearer realm="http://${this.host}/token",service="test"`;
      const body = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });
      send(response.setHeader('WWW-Authenticate', challenge), 401, body);
      return;
    }
    this.#serve(url.pathname, request.method ?? 'GET', response);
  }

  #mayEnter({ headers: { authorization = '' } }: http.IncomingMessage): boolean {
    if (!this.login) return true;
    const { password, user } = this.login;
    const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return authorization === basic || (this.login.how === 'token' && authorization === 'Bearer let-me-in');
  }

  #serve(path: string, method: string, response: http.ServerResponse): void {
    const manifest = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path);
    const blob = /^\/v2\/.+\/blobs\/(.+)$/.exec(path);
    if (path === '/v2/') send(response, 200, '{}');
    else if (manifest) {
      const found = this.#manifests.get(`${manifest[1] ?? ''}/${manifest[2] ?? ''}`);
      if (!found) {
        const body = JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });
        send(response, 404, body);
        return;
      }
      response.setHeader('Docker-Content-Digest', digestOf(found.body)).setHeader('Content-Type', found.type);
      send(response, 200, method === 'HEAD' ? '' : found.body, found.body.length);
    } else {
      const found = this.#blobs.get(blob?.[1] ?? '');
      if (found) this.#sendLayer(response, found.body, found.serving);
      else send(response, 404, JSON.stringify({ errors: [{ code: 'BLOB_UNKNOWN', message: 'unknown' }] }));
    }
  }

  #sendLayer(response: http.ServerResponse, body: Buffer, serving: Serving): void {
    this.sending.add(response);
    response.once('close', () => {
      this.sending.delete(response);
      if (!response.writableFinished) this.cut += 1;
    });
    response.writeHead(200, { 'Content-Length': body.length, 'Content-Type': 'application/octet-stream' });
    switch (serving) {
      case 'at once':
        response.end(body);
        return;
      case 'corrupted':
        response.end(Buffer.concat([body.subarray(0, -1), Buffer.from([(body.at(-1) ?? 0) ^ 1])]));
        return;
      case 'halfway':
        response.write(body.subarray(0, Math.floor(body.length / 2)));
        return;
      case 'slowly': {
        const step = Math.ceil(body.length / 20);
        let at = 0;
        const timer = setInterval(() => {
          response.write(body.subarray(at, at + step));
          at += step;
          if (at >= body.length) response.end();
        }, 100);
        response.once('close', () => clearInterval(timer)).once('finish', () => clearInterval(timer));
      }
    }
  }
}

function send(response: http.ServerResponse, status: number, body: string | Buffer, length?: number): void {
  response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
  if (length !== undefined) response.setHeader('Content-Length', length);
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/json');
  response.writeHead(status).end(body);
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

async function layerOf(content: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: `file-${randomBytes(4).toString('hex')}` }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
