import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers as told, wants the password "right", and counts what it was asked. */
export interface FakeAirflow {
  readonly url: string;
  /** Method and path of every request, without the query. */
  readonly asked: string[];
  /** Every request with a body or a query, as it came. */
  readonly requests: { what: string; query: URLSearchParams; body: unknown; token: string | undefined }[];
  answer(what: string, status: number, body: unknown): void;
  answerWith(
    what: string,
    make: (query: URLSearchParams, body: unknown) => { status: number; body: unknown },
  ): void;
  /** Tokens given so far are refused from now on. */
  forgetTokens(): void;
  stop(): Promise<void>;
}

type Make = (query: URLSearchParams, body: unknown) => { status: number; body: unknown };

export async function startFakeAirflow(): Promise<FakeAirflow> {
  const answers = new Map<string, Make>();
  const asked: string[] = [];
  const requests: FakeAirflow['requests'] = [];
  let given = 0;
  let valid = new Set<string>();
  const open = ['GET /api/v2/monitor/health', 'GET /execution/health'];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x');
      const what = `${request.method ?? ''} ${decodeURIComponent(url.pathname)}`;
      const text = Buffer.concat(chunks).toString('utf8');
      const body: unknown = text ? JSON.parse(text) : undefined;
      const token = request.headers.authorization?.replace(/^Bearer /, '');
      asked.push(what);
      requests.push({ what, query: url.searchParams, body, token });
      const { status, body: answer } = respond(what, url.searchParams, body, token);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  const respond = (
    what: string,
    query: URLSearchParams,
    body: unknown,
    token: string | undefined,
  ): ReturnType<Make> => {
    if (what === 'POST /auth/token') {
      if ((body as { password?: string }).password !== 'right') {
        return { status: 401, body: { detail: 'Invalid credentials' } };
      }
      given += 1;
      valid.add(`token-${given}`);
      return { status: 201, body: { access_token: `token-${given}` } };
    }
    if (!open.includes(what) && (token === undefined || !valid.has(token))) {
      return { status: 401, body: { detail: 'Not authenticated' } };
    }
    return answers.get(what)?.(query, body) ?? { status: 404, body: { detail: 'Not Found' } };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    requests,
    answer: (what, status, body) => void answers.set(what, () => ({ status, body })),
    answerWith: (what, make) => void answers.set(what, make),
    forgetTokens: () => {
      valid = new Set();
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
