import { readFileSync } from 'node:fs';
import path from 'node:path';

// What a real Apache Mesos 1.11.0 said; test/fixtures/mesos/README.md tells how it was recorded.
const folder = path.resolve(import.meta.dirname, '../fixtures/mesos');

export interface RecordedExchange {
  name: string;
  req: { method: string; path: string; headers: Record<string, string>; body: string | null };
  resp: { status: number; headers: Record<string, string>; body: string };
}

export interface RecordedEvent {
  type: string;
  [part: string]: unknown;
}

const lines = (file: string) => readFileSync(path.join(folder, file), 'utf8').split('\n').filter(Boolean);

/** Requests and answers of http.jsonl by name. Bodies of more than some 800 characters are cut. */
export function recordedExchanges(): Map<string, RecordedExchange> {
  const exchanges = lines('http.jsonl').map((line) => JSON.parse(line) as RecordedExchange);
  return new Map(exchanges.map((exchange) => [exchange.name, exchange]));
}

/** One of them. */
export function recordedExchange(name: string): RecordedExchange {
  const found = recordedExchanges().get(name);
  if (!found) throw new Error(`no exchange is recorded as ${name}`);
  return found;
}

/** The first subscription's answer, SUBSCRIBED, as one was recorded. */
export function recordedSubscribed(): RecordedEvent {
  return recordedStreams('SUBSCRIBED')[0]!;
}

/** The first events of all recorded subscriptions of lifecycle.txt that are of the given type. */
export function recordedStreams(type: 'SUBSCRIBED' | 'ERROR'): RecordedEvent[] {
  return matches('lifecycle.txt', /HTTP\/1\.1 200 OK (\{.*\})$/).filter((event) => event.type === type);
}

/** Scheduler events written out in full, in their order. */
export function recordedEvents(): RecordedEvent[] {
  const texts = ['lifecycle.txt', 'agent_api.txt', 'agent_failure.txt', 'master_failover.txt'];
  const offers = lines('executor/roles_reservations_attributes.jsonl')
    .map((line) => JSON.parse(line) as { who: string; what: string; v?: RecordedEvent })
    .filter(({ who, what, v }) => who === 'scheduler' && what.startsWith('EV') && v !== undefined)
    .map(({ v }) => v!);
  return [...texts.flatMap((file) => matches(file, / {2}(?:\S+ )?EV (\{.*\})$/)), ...offers].filter(
    // The recorder's own marks and abridged events aren't the wire's.
    ({ type, n }) => type !== '__CLOSED__' && n === undefined,
  );
}

/** The operator stream's events, in their order. */
export function recordedOperatorEvents(): RecordedEvent[] {
  return matches('agent_api.txt', /OPEV (\{.*\})$/);
}

/** What the agent answered to READ_FILE and others, by the words that the recording has for it. */
export function recordedAgentAnswer(what: string): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  const line = lines('agent_api.txt').find((text) =>
    text.replace(/^[\d.]+ +/, '').startsWith(`${what} {"status"`),
  );
  if (line === undefined) throw new Error(`no agent's answer is recorded as ${what}`);
  return JSON.parse(line.slice(line.indexOf('{"status"'))) as ReturnType<typeof recordedAgentAnswer>;
}

function matches(file: string, pattern: RegExp): RecordedEvent[] {
  return lines(file).flatMap((line) => {
    const json = pattern.exec(line)?.[1];
    return json === undefined ? [] : [JSON.parse(json) as RecordedEvent];
  });
}

/** A master's answer to an operator call, whole, if one was recorded. */
export function recordedCall(type: string): RecordedEvent | undefined {
  return lines('executor/roles_reservations_attributes.jsonl')
    .map((line) => JSON.parse(line) as { who: string; v?: RecordedEvent })
    .find(({ who, v }) => who === 'operator master' && v?.type === type)?.v;
}
