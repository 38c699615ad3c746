import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ExplainedError, messageOf } from '../../host/errors.ts';
import type { Logger } from '../log.ts';
import { defaultBodyLimit, readJson } from './body.ts';
import { checkHost, passDoor, type Doors } from './doors.ts';
import { badRequest, HttpProblem } from './problem.ts';
import type { Answer, Route, RouteTable } from './route.ts';

/** A connection that a client wants for another protocol, and what came of it after the request. */
export interface Upgrade {
  readonly connection: Duplex;
  readonly first: Buffer;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) => void;

/**
 * Answers requests by the table of routes: door, body, route, answer. What goes wrong becomes a JSON problem; `explain`
 * knows the errors that are nobody's fault in this program.
 */
export function requestHandler(
  table: RouteTable,
  doors: Doors,
  log: Logger,
  explain: (error: unknown) => HttpProblem | undefined,
): RequestHandler {
  return (request, response, upgrade) => {
    const begun = performance.now();
    let name = 'unknown path';
    const aborter = new AbortController();
    // `close` without a finished answer: the client has gone.
    response.once('close', () => aborter.abort());
    const work = async (): Promise<Answer> => {
      checkHost(request.headers.host, doors.hosts);
      const url = addressOf(request);
      const { routes, params } = table.find(url.pathname);
      const route = routeFor(routes, request.method ?? 'GET');
      name = route.path;
      passDoor(doors, route.access, request.headers.authorization, params.deployment);
      checkUpgrade(route, request, upgrade !== undefined);
      if (upgrade && route.upgradesTo === undefined) watchForItsEnd(upgrade);
      const body =
        route.method === 'POST' && !upgrade
          ? await readJson(request, route.bodyLimit ?? defaultBodyLimit)
          : undefined;
      return route.handle({
        params,
        query: url.searchParams,
        body,
        signal: aborter.signal,
        from: request.socket.remoteAddress,
        client: request.headers['user-agent']?.replace(/[^\x20-\x7e]/g, '').slice(0, 100),
      });
    };
    work()
      .catch((error: unknown) => answerFor(explain(error) ?? error, log, `${request.method ?? ''} ${name}`))
      .then((answer) => {
        if (!response.destroyed) write(response, answer, upgrade);
        // Path as the route names it: neither ids nor the query string, which may hold a ticket.
        const status = 'status' in answer ? answer.status : answer.kind;
        log.debug(`${request.method ?? ''} ${name} ${status} ${Math.round(performance.now() - begun)} ms`);
      })
      .catch((error: unknown) => {
        log.error(`${name}: the answer could not be written: ${messageOf(error)}`);
        response.destroy();
      });
  };
}

/** Another protocol is the client's offer (HTTP/2, say), and what knows none answers as ever. */
function checkUpgrade(
  { upgradesTo }: Route,
  { headers, method }: IncomingMessage,
  wantsUpgrade: boolean,
): void {
  if (upgradesTo === undefined) {
    // Nobody has read the body of such a request.
    if (wantsUpgrade && method !== 'GET') throw badRequest('this address does not take an upgrade');
    return;
  }
  if (wantsUpgrade && headers.upgrade?.toLowerCase() === upgradesTo) return;
  throw new HttpProblem(
    426,
    { error: 'This address is for a connection', why: `it takes Upgrade: ${upgradesTo}` },
    { Connection: 'Upgrade', Upgrade: upgradesTo },
  );
}

/** Nobody reads a connection that could have been upgraded: that its client leaves would not be noticed. */
function watchForItsEnd({ connection }: Upgrade): void {
  connection.once('end', () => connection.destroy());
  connection.resume();
}

/** The connection is the route's: HTTP ends here. */
function handOver(
  response: ServerResponse,
  { connection, first }: Upgrade,
  open: (connection: Duplex, first: Buffer) => void,
): void {
  const { socket } = response;
  const { upgrade: protocol = '' } = response.req.headers;
  if (!socket) return;
  response.detachSocket(socket);
  socket.setTimeout(0);
  connection.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`);
  open(connection, first);
}

function addressOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://localhost');
  } catch {
    throw badRequest('the address is malformed');
  }
}

function routeFor(routes: ReadonlyMap<string, Route>, method: string): Route {
  const route = routes.get(method);
  if (route) return route;
  const allowed = [...routes.keys()].join(', ');
  throw new HttpProblem(
    405,
    { error: `This address does not take ${method}`, why: `it takes ${allowed}` },
    { Allow: allowed },
  );
}

type Written = Answer | { readonly kind: 'problem'; readonly status: number; readonly problem: HttpProblem };

function answerFor(error: unknown, log: Logger, request: string): Written {
  if (error instanceof HttpProblem) return { kind: 'problem', status: error.status, problem: error };
  log.error(`${request}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const problem =
    error instanceof ExplainedError
      ? {
          error: error.message,
          ...(error.why === undefined ? {} : { why: error.why }),
          ...(error.next === undefined ? {} : { next: error.next }),
        }
      : {
          error: 'The service failed to answer',
          why: messageOf(error),
          next: "Its log, logs/service.log in the cluster's folder, says more.",
        };
  return { kind: 'problem', status: 500, problem: new HttpProblem(500, problem) };
}

function write(response: ServerResponse, answer: Written, upgrade: Upgrade | undefined): void {
  if (answer.kind === 'upgrade') {
    if (upgrade) handOver(response, upgrade, answer.open);
    return;
  }
  // Answers hold what is true now, and some hold secrets.
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  switch (answer.kind) {
    case 'json':
      send(response, answer.status, 'application/json', JSON.stringify(answer.value));
      return;
    case 'text':
      send(response, answer.status, 'text/plain; charset=utf-8', answer.text);
      return;
    case 'empty':
      response.writeHead(answer.status, answer.headers).end();
      return;
    case 'stream':
      answer.open(response);
      return;
    case 'problem':
      for (const [name, value] of Object.entries(answer.problem.headers)) response.setHeader(name, value);
      send(response, answer.status, 'application/json', JSON.stringify(answer.problem.problem));
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text);
}
