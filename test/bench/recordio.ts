// How fast a scheduler's stream of events is decoded to objects, beside the parser of the npm package mesos-framework.
import http from 'node:http';
import { createRequire } from 'node:module';
import { EventEmitter } from 'node:events';
import { encodeRecord, RecordDecoder } from '../../src/mesos/recordio.ts';
import { parseSchedulerEvent } from '../../src/mesos/schedulerEvents.ts';
import type { Offer } from '../../src/mesos/types.ts';
import { recordedEvents, recordedSubscribed } from '../support/recordedMesos.ts';

export interface BenchResult {
  name: string;
  /** The median of the runs. */
  value: number;
  unit: string;
  /** The median of the ratios: how many times as fast as the peer. */
  ratio: number | null;
  ratios: number[];
  runs: number[];
  details?: Record<string, unknown>;
}

const runCount = 7;
/** Of each run: the stream is decoded so often by each. */
const slices = 10;
const chunkBytes = 64 * 1024;
const rounds = 60;
const agentsPerOffers = 50;
const updatesPerOffers = 40;

/**
 * Megabytes of stream per second of CPU time (other work on the machine doesn't count), to parsed events. We get it in chunks of 64 KiB, as a busy socket gives them. The
 * peer gets each record in a chunk of its own, because it loses those that share one, and the text is ASCII, because
 * it loses any other: the stream suits it as no real one does.
 */
export async function run(): Promise<BenchResult> {
  const records = realisticRecords();
  const stream = Buffer.concat(records);
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) chunks.push(stream.subarray(at, at + chunkBytes));
  const peer = await loadPeer();

  const ours = () => seconds(records.length, (count) => decodeOurs(chunks, count));
  const framing = () => seconds(records.length, (count) => decodeFraming(chunks, count));
  const theirs = () => seconds(records.length, (count) => peer(records, count));
  for (const warmUp of [ours, theirs, framing, ours, theirs]) warmUp();

  const rate = (total: number) => (stream.length * slices) / 1e6 / total;
  const runs: number[] = [];
  const peerRuns: number[] = [];
  const framingRuns: number[] = [];
  for (let nth = 0; nth < runCount; nth++) {
    const spent = { ours: 0, theirs: 0, framing: 0 };
    // In turns, and who goes first changes, so that a machine that grows busy favours nobody.
    for (let slice = 0; slice < slices; slice++) {
      if (slice % 2 === 0) spent.ours += ours();
      spent.theirs += theirs();
      if (slice % 2 === 1) spent.ours += ours();
      spent.framing += framing();
    }
    runs.push(rate(spent.ours));
    peerRuns.push(rate(spent.theirs));
    framingRuns.push(rate(spent.framing));
  }
  const ratios = runs.map((value, nth) => value / peerRuns[nth]!);
  return {
    name: 'recordio',
    value: rounded(median(runs)),
    unit: 'MB per CPU second',
    ratio: rounded(median(ratios)),
    ratios: ratios.map(rounded),
    runs: runs.map(rounded),
    details: {
      peer: 'mesos-framework 0.5.3, one record a chunk, ASCII',
      peerRuns: peerRuns.map(rounded),
      peerEventsOfOurChunks: eventsOf(peer, chunks),
      framingAloneRuns: framingRuns.map(rounded),
      streamBytes: stream.length,
      records: records.length,
      chunkBytes,
    },
  };
}

/** Offers of fifty agents at a time and updates between them, made of recorded ones. */
function realisticRecords(): Buffer[] {
  const recorded = recordedEvents().filter((event) => !/[^\x20-\x7e]/.test(JSON.stringify(event)));
  const offers = recorded
    .filter(({ type }) => type === 'OFFERS')
    .flatMap((event) => (event.offers as { offers: Offer[] }).offers);
  const updates = recorded.filter(({ type }) => type === 'UPDATE');
  const events: object[] = [recordedSubscribed()];
  for (let round = 0; round < rounds; round++) {
    const some = Array.from({ length: agentsPerOffers }, (_, nth) => {
      const offer = offers[(round + nth) % offers.length]!;
      return { ...offer, id: { value: `${offer.id.value}-${round}-${nth}` } };
    });
    events.push({ type: 'OFFERS', offers: { offers: some } }, { type: 'HEARTBEAT' });
    for (let nth = 0; nth < updatesPerOffers; nth++) events.push(updates[(round + nth) % updates.length]!);
  }
  return events.map((event) => encodeRecord(JSON.stringify(event)));
}

function decodeOurs(chunks: readonly Buffer[], count: () => void): void {
  const decoder = new RecordDecoder((record) => {
    parseSchedulerEvent(record);
    count();
  });
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
}

function decodeFraming(chunks: readonly Buffer[], count: () => void): void {
  const decoder = new RecordDecoder(count);
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
}

type Decode = (records: readonly Buffer[], count: () => void) => void;

/** The peer's parser is a closure within its `subscribe`: it is given a request whose answer we write. */
async function loadPeer(): Promise<Decode> {
  const require = createRequire(import.meta.url);
  const { Scheduler } = require('mesos-framework') as {
    Scheduler: { prototype: { subscribe: (this: object) => void } };
  };
  let count: () => void = () => undefined;
  const handled = () => count();
  const types = ['SUBSCRIBED', 'OFFERS', 'UPDATE', 'HEARTBEAT', 'RESCIND', 'FAILURE'];
  const scheduler = Object.assign(new EventEmitter(), {
    options: { user: 'root', frameworkName: 'bench', frameworkFailoverTimeout: 0 },
    subscribeBackoffTime: 0,
    requestTemplate: {},
    logger: { info: () => undefined },
    // In place of its own, which would launch tasks: parsing is what is measured.
    customEventHandlers: Object.fromEntries(types.map((type) => [type, handled])),
    sync: () => undefined,
    subscribe: Scheduler.prototype.subscribe,
  });
  // What it can't read it reports and drops; what is missing is counted.
  scheduler.on('error', () => undefined);
  const response = Object.assign(new EventEmitter(), {
    statusCode: 200,
    headers: { 'mesos-stream-id': 's' },
    setEncoding: () => undefined,
  });
  const commonJs = require('node:http') as { request: unknown };
  const open = http.request;
  try {
    // Its call is sent, to nobody, in a later turn; only then is it ready.
    await new Promise<void>((sent) => {
      commonJs.request = (_: object, onResponse: (response: object) => void) => {
        setImmediate(() => onResponse(response));
        return Object.assign(new EventEmitter(), { write: () => true, end: () => setImmediate(sent) });
      };
      scheduler.subscribe();
    });
  } finally {
    commonJs.request = open;
  }
  return (records, counted) => {
    count = counted;
    // What `setEncoding('utf8')` makes Node do.
    for (const record of records) response.emit('data', record.toString());
  };
}

/** How many events the peer makes of the stream in the chunks that we get. */
function eventsOf(peer: Decode, chunks: readonly Buffer[]): number {
  let events = 0;
  peer(chunks, () => events++);
  return events;
}

/** CPU time that it takes; refuses a run in which not every record came out, for that would be no decoding. */
function seconds(expected: number, decode: (count: () => void) => void): number {
  let counted = 0;
  const began = process.cpuUsage();
  decode(() => counted++);
  const { user, system } = process.cpuUsage(began);
  if (counted !== expected) throw new Error(`${counted} of ${expected} records came out`);
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
