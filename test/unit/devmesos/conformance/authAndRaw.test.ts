import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseCredentials } from '../../../../src/devmesos/http/authentication.ts';
import type { Json } from '../../../../src/devmesos/json.ts';
import { ProtobufCodec } from '../../../../src/devmesos/protobuf/codec.ts';
import { TestMaster } from '../support/testMaster.ts';
import { AcceptedDifferences } from './support/accepted.ts';
import { Correspondence } from './support/correspondence.ts';
import { exchange, fromPython, parseAnswers, type ParsedAnswer } from './support/rawBytes.ts';

const file = path.resolve(import.meta.dirname, '../../../fixtures/mesos/auth_and_raw.txt');
const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);

const alice = `Authorization: Basic ${Buffer.from('alice:wonder').toString('base64')}`;
const health = '{"type":"GET_HEALTH"}';
const ofJson = 'Content-Type: application/json';

/** A request with its length. */
function request(target: string, headers: string[], body = ''): string {
  const head = [target.includes(' ') ? target : `POST ${target} HTTP/1.1`, 'Host: localhost', ...headers];
  return `${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;
}

/** With a login, as the recorded ones were or were not. */
const logins: Readonly<Record<string, string[]>> = {
  noauth: [],
  badpw: [`Authorization: Basic ${Buffer.from('alice:nope').toString('base64')}`],
  badscheme: ['Authorization: Bearer x'],
  malformed: ['Authorization: Basic ***'],
  ok: [alice],
};
const subscribe = (principal: string): string =>
  JSON.stringify({
    type: 'SUBSCRIBE',
    subscribe: { framework_info: { user: 'root', name: 'x', principal } },
  });
const get = (target: string, ...headers: string[]): string => request(`GET ${target} HTTP/1.1`, headers);
const operator = (...headers: string[]): string => request('/api/v1', [ofJson, alice, ...headers], health);

const ofProtobuf = 'Content-Type: application/x-protobuf\r\nAccept: application/x-protobuf';
const binarySubscribe = Buffer.from(
  new ProtobufCodec().encode('scheduler.Call', {
    type: 'SUBSCRIBE',
    subscribe: { framework_info: { user: 'root', name: 'x' } },
  }),
);

/** What was sent, by the label of the line. */
const requests: Readonly<Record<string, string | Buffer>> = {
  ...Object.fromEntries(
    Object.entries(logins).flatMap(([label, headers]) => [
      [
        `${label} /api/v1/scheduler`,
        request('/api/v1/scheduler', [ofJson, ...headers], '{"type":"TEARDOWN"}'),
      ],
      [`${label} /api/v1`, request('/api/v1', [ofJson, ...headers], health)],
    ]),
  ),
  'GET /state': get('/state'),
  'GET /health': get('/health'),
  'GET /metrics/snapshot': get('/metrics/snapshot'),
  'GET /version': get('/version'),
  'principal mismatch': request('/api/v1/scheduler', [ofJson, alice], subscribe('bob')),
  'principal set': request('/api/v1/scheduler', [ofJson, alice], subscribe('alice')),
  chunked: `POST /api/v1 HTTP/1.1\r\nHost: localhost\r\n${ofJson}\r\n${alice}\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"type":\r\nd\r\n"GET_HEALTH"}\r\n0\r\n\r\n`,
  'no length': `POST /api/v1 HTTP/1.1\r\nHost: localhost\r\n${ofJson}\r\n${alice}\r\n\r\n`,
  http10: `POST /api/v1 HTTP/1.0\r\n${ofJson}\r\n${alice}\r\nContent-Length: ${health.length}\r\n\r\n${health}`,
  'conn close': operator('Connection: close'),
  'lowercase hdrs': operator().replace(/^[\w-]+:/gm, (name) => name.toLowerCase()),
  expect: operator('Expect: 100-continue'),
  pipelined: operator().repeat(3),
  garbage: 'garbage\r\n\r\n',
  'gzip accept': get('/state', alice, 'Accept-Encoding: gzip'),
  'gzip request': gzipped(),
  'accept q': operator('Accept: application/json;q=0.5, application/x-protobuf'),
  'accept q0': operator('Accept: application/json;q=0, application/x-protobuf'),
  'pb stream': Buffer.from(
    request('/api/v1/scheduler', [ofProtobuf, alice], binarySubscribe.toString('latin1')),
    'latin1',
  ),
  'accept app/*': operator('Accept: application/*'),
};

function gzipped(): Buffer {
  const body = gzipSync(health);
  const head = ['POST /api/v1 HTTP/1.1', 'Host: localhost', ofJson, alice, 'Content-Encoding: gzip'];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
}

/** What the recorder kept of an answer. */
type Kept = { readonly status: number } & Partial<ParsedAnswer>;

interface Recorded {
  readonly label: string;
  readonly answers: readonly Kept[];
  /** Whether the master closed the connection. */
  readonly ended: boolean;
}

// Logins, and requests written by hand.
describe('conformance: auth_and_raw', () => {
  const accepted = new AcceptedDifferences('auth_and_raw.txt');
  const correspondence = new Correspondence();
  let master: TestMaster;

  before(async () => {
    master = await TestMaster.start({ credentials: parseCredentials('alice wonder\nbob builder\n') });
    correspondence.add('5050', String(master.port));
  });
  after(() => master.close());

  for (const { label, answers, ended } of lines.map(parseLine)) {
    it(label, async () => {
      if (accepted.untakable(label) !== undefined) return;
      const isWhole = (received: string, isOver: boolean): boolean =>
        isOver || (!ended && parseAnswers(received).length >= answers.length);
      const came = await exchange(master.port, requests[label] ?? '', isWhole);
      const ours = parseAnswers(came.text).map((answer, index) => likeKept(answer, answers[index]));
      const differences = correspondence.differences(
        { ended, answers: answers as unknown as Json },
        { ended: came.ended, answers: ours as unknown as Json },
      );
      accepted.assertNone(label, differences);
    });
  }

  it('has no difference on the list that is gone', () => accepted.assertAllUsed());
});

/** The same parts of ours. */
function likeKept(ours: ParsedAnswer, kept: Kept | undefined): Kept {
  return {
    status: ours.status,
    ...(kept?.headers ? { headers: comparable(ours.headers) } : {}),
    ...(kept?.body === undefined ? {} : { body: ours.body }),
  };
}

/** How long something is when it is compressed is no matter of Mesos's. */
function comparable(headers: Record<string, string>): Record<string, string> {
  return headers['content-encoding'] === 'gzip' ? { ...headers, 'content-length': 'some' } : headers;
}

/** A line is a label, and what the recorder printed of an answer: in Python's notation, and not always all of it. */
function parseLine(line: string): Recorded {
  const whole = /^(.+) \((\d+), (\{[^}]*\})(?:, (b['"].*))?\)$/.exec(line);
  if (whole) {
    const [, label = '', status, headers = '', body] = whole;
    const text = body === undefined ? {} : { body: fromPython(body) };
    return of(label, { status: Number(status), headers: dict(headers), ...text });
  }
  const status = /^(GET \S+) (\d+)$/.exec(line);
  if (status) return of(status[1] ?? '', { status: Number(status[2]) });
  const firstLine = /^(.+) HTTP\/1\.1 (\d+) [\w ]+ (b['"].*)?/.exec(line);
  if (firstLine && !line.includes('\\r\\n')) {
    const [, label = '', code, body] = firstLine;
    return of(label, { status: Number(code), ...(body ? { body: fromPython(body) } : {}) });
  }
  const raw = /^(.+?) (b['"].*)$/.exec(line);
  if (raw && !line.includes(" {'")) {
    const text = fromPython(raw[2] ?? '');
    const ended = text.endsWith('<EOF>');
    return { label: raw[1] ?? '', answers: parseAnswers(text.replace('<EOF>', '')), ended };
  }
  const [, label = line, headers = ''] = /^(.+?) (\{[^}]*\})/.exec(line) ?? [];
  return of(label, { status: 200, headers: comparable(dict(headers)) });
}

function of(label: string, answer: Kept): Recorded {
  return { label, answers: [answer], ended: false };
}

/** Headers as Python prints them. */
function dict(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/'([\w-]+)': '([^']*)'/g)];
  const headers = Object.fromEntries(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  delete headers.date;
  return headers;
}
