import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  protocolVersion,
  secretFiles,
  type ContainerRuntime,
  type ServiceRuntime,
} from '../../../src/api/cluster.ts';
import type { DebugCopy } from '../../../src/api/debug.ts';
import { identityProof } from '../../../src/api/identity.ts';
import type {
  ClearedTask,
  ClusterEvent,
  DagParam,
  DagRunView,
  DagView,
  LogChunk,
  TaskRun,
} from '../../../src/api/people.ts';
import type { PageTopic } from '../../../src/api/topics.ts';
import { makePrivateFolder, secretIn, writePrivateFile } from '../../../src/host/files.ts';
import { clusterFolder, userFolders } from '../../../src/host/folders.ts';
import { identify } from '../../../src/host/processes.ts';
import { FakeDebugger } from './fakeDebugger.ts';
import { FakeLogStreams } from './fakeLogStreams.ts';
import { FakeSandboxes } from './fakeSandboxes.ts';
import { clusterSpec, clusterView, dockerSpec } from './views.ts';

/** A call that changes something, or would. */
export interface FakeCall {
  readonly path: string;
  readonly body: unknown;
}

type Sent = Extract<ClusterEvent, { type: 'snapshot' }>;
/** With all that can be wanted. */
type Snapshot = { [Name in keyof Sent]-?: NonNullable<Sent[Name]> };

/** A service of the same API whose cluster a test writes, where a person's clusters are looked for. */
export class FakeService {
  readonly name: string;
  /** The topics of each subscription as it came, and of each change of one. */
  readonly subscriptions: string[] = [];
  snapshot: Snapshot = {
    type: 'snapshot',
    cursor: 'e:1',
    subscription: '',
    cluster: clusterView(),
    agents: [],
    frameworks: [],
    offers: { suppressed: true, offers: [] },
    tasks: [],
  };
  /** How often a stream was opened. */
  opened = 0;
  /** What is asked for beyond the snapshot's. */
  olderTasks: TaskRun[] = [];
  /** What comes of a page topic once it is wanted, by the topic. */
  readonly #pages = new Map<string, ClusterEvent>();
  /** Standard output by task run. */
  readonly logs = new Map<string, string>();
  readonly sandboxes = new FakeSandboxes();
  readonly logStreams = new FakeLogStreams((task) => this.#output(task));
  readonly debugger = new FakeDebugger();
  /** A copy that is made of any task run. */
  debugCopy: DebugCopy | undefined;
  /** What Airflow has. */
  dags: DagView[] = [];
  /** What a DAG declares for its runs, by its id. */
  readonly params = new Map<string, DagParam[]>();
  /** Runs with their tasks. */
  runs: DagRunView[] = [];
  /** What a clear would run again, and does. */
  clears: ClearedTask[] = [];
  /** Each POST that came, in its order. */
  readonly calls: FakeCall[] = [];
  protocol = protocolVersion;
  readonly #inContainer: boolean;
  #server: http.Server | undefined;
  /** In a container: the port that it keeps. */
  #port = 0;
  #token = '';
  /** With what each wants. */
  readonly #streams = new Map<ServerResponse, { readonly id: string; wanted: ReadonlySet<string> }>();

  /** `inContainer`: as Docker's engine has it, behind a published port and with no process of its own. */
  constructor(name: string, { inContainer = false } = {}) {
    this.name = name;
    this.#inContainer = inContainer;
    this.snapshot.cluster = clusterView({ name, engine: inContainer ? 'docker' : 'embedded' });
  }

  get #folder(): ReturnType<typeof clusterFolder> {
    return clusterFolder(userFolders(), this.name);
  }

  /** How many subscriptions are open. */
  get listeners(): number {
    return this.#streams.size;
  }

  /** As after a restart of the machine: files of a cluster whose service is no more. */
  async endUnstopped(): Promise<void> {
    await this.#close();
    const { spec, runtime } = this.#folder;
    await writePrivateFile(spec, JSON.stringify(clusterSpec(this.name)));
    const gone: ServiceRuntime = { ...(await this.#runtime('gone.sock')), started: 'long ago' };
    await writePrivateFile(runtime, JSON.stringify(gone));
  }

  async start(): Promise<void> {
    const folder = this.#folder;
    this.#token = await secretIn(path.join(folder.secrets, secretFiles.admin));
    if (this.#inContainer) {
      await this.#publish();
      return;
    }
    await makePrivateFolder(userFolders().runtime);
    const socket = path.join(userFolders().runtime, `${randomUUID().slice(0, 8)}.sock`);
    const server = http.createServer((request, response) => this.#answer(request, response));
    server.on('upgrade', this.debugger.upgrade);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    this.#server = server;
    await writePrivateFile(folder.runtime, JSON.stringify(await this.#runtime(socket)));
  }

  async #publish(): Promise<void> {
    const { spec, runtime } = this.#folder;
    const server = http.createServer((request, response) => this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    await writePrivateFile(spec, JSON.stringify(dockerSpec(this.name, this.#port)));
    const container: ContainerRuntime = {
      protocol: this.protocol,
      version: '0.1.0',
      url: `http://127.0.0.1:${this.#port}`,
      container: `airflow-on-mesos-${this.name}-service`,
    };
    await writePrivateFile(runtime, JSON.stringify(container));
  }

  async #runtime(socket: string): Promise<ServiceRuntime> {
    return {
      protocol: this.protocol,
      version: '0.1.0',
      pid: process.pid,
      started: (await identify(process.pid))?.started ?? '',
      socket,
      url: 'http://127.0.0.1:1',
    };
  }

  /** As a cluster that is brought down: its runtime file goes first. */
  async stop(): Promise<void> {
    await fs.rm(this.#folder.runtime, { force: true });
    await this.#close();
  }

  /** As a service that breaks off and does not answer: its runtime file stays. */
  async #close(): Promise<void> {
    for (const stream of this.#streams.keys()) stream.destroy();
    this.logStreams.breakOff();
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  breakOff(): Promise<void> {
    return this.#close();
  }

  /** Tells all who listen, and remembers it for the next snapshot. */
  tell(event: Exclude<ClusterEvent, { type: 'snapshot' }>): void {
    if (event.type === 'taskRuns') {
      this.snapshot = { ...this.snapshot, tasks: event.tasks };
    } else if (event.type === 'task') {
      const others = this.snapshot.tasks.filter(({ id }) => id !== event.task.id);
      this.snapshot = { ...this.snapshot, tasks: [event.task, ...others] };
    } else if (isOfSnapshot(event)) {
      this.snapshot = { ...this.snapshot, ...event, type: 'snapshot' };
    }
    for (const stream of this.#streams.keys()) send(stream, event);
  }

  /** Has a page from now on: tells those who want it, now or later. */
  page(topic: PageTopic, event: Exclude<ClusterEvent, { type: 'snapshot' }>): void {
    this.#pages.set(topic, event);
    for (const [stream, { wanted }] of this.#streams) if (wanted.has(topic)) send(stream, event);
  }

  /** As a service that was started again behind an open stream: their topics cannot be changed. */
  forgetSubscriptions(): void {
    for (const [stream, { wanted }] of this.#streams) this.#streams.set(stream, { id: randomUUID(), wanted });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, version, what = '', id = '', more, runId] = url.pathname.split('/').map(decodeURIComponent);
    if (version === 'v1' && what === 'identity') {
      const proof = identityProof(this.#token, this.name, url.searchParams.get('challenge') ?? '');
      json(response, 200, { cluster: this.name, proof });
      return;
    }
    if (request.headers.authorization !== `Bearer ${this.#token}`) {
      json(response, 401, { error: 'The token is not this cluster’s' });
      return;
    }
    if (this.sandboxes.answer(request, response) || this.logStreams.answer(request, response)) return;
    const task = this.snapshot.tasks.find((run) => run.id === id || run.mesos_task_id === id);
    const { cluster, agents, offers } = this.snapshot;
    if (version === 'v1' && request.method === 'POST' && what === 'subscription') {
      void this.#changeTopics(request, id, response);
      return;
    }
    if (version === 'v1' && request.method === 'POST') {
      void this.#post(request, url.pathname).then((answer) =>
        json(response, answer ? 200 : 404, answer ?? { error: `nothing at ${url.pathname}` }),
      );
      return;
    }
    if (version !== 'v1') json(response, 404, { error: 'no such version' });
    else if (what === 'handshake') json(response, 200, this.#handshake());
    else if (what === 'subscription') this.#subscribe(url.searchParams.get('topics') ?? '', response);
    else if (what === 'cluster') json(response, 200, cluster);
    else if (what === 'agents') json(response, 200, agents);
    else if (what === 'offers') json(response, 200, offers);
    else if (what === 'dags' && id === '') json(response, 200, this.dags);
    else if (what === 'dags' && more === 'params') json(response, 200, this.params.get(id) ?? []);
    else if (what === 'dags' && more === 'runs' && runId !== undefined) {
      const run = this.runs.find((one) => one.dag_id === id && one.run_id === runId);
      json(response, run ? 200 : 404, run ?? { error: `There is no run ${runId}` });
    } else if (what === 'tasks' && id === '') json(response, 200, this.#tasks(url.searchParams));
    else if (what === 'tasks' && !task) json(response, 404, { error: `There is no task run ${id}` });
    else if (what === 'tasks' && task && more === 'log')
      json(response, 200, this.#log(task, url.searchParams));
    else if (what === 'tasks' && task) json(response, 200, task);
    else json(response, 404, { error: `nothing at ${url.pathname}` });
  }

  #tasks(query: URLSearchParams): TaskRun[] {
    const all = [...this.snapshot.tasks, ...this.olderTasks];
    const before = query.get('before');
    const from = before === null ? 0 : all.findIndex(({ id }) => id === before) + 1;
    return all.slice(from, from + Number(query.get('limit') ?? 500));
  }

  /** Notes a call and answers it; undefined where there is no such call. */
  async #post(request: IncomingMessage, path: string): Promise<unknown> {
    const text = await bodyOf(request);
    this.calls.push({ path, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
    const [, , what, id = '', more, , last] = path.split('/').map(decodeURIComponent);
    if (what === 'tasks' && more === 'kill') return this.snapshot.tasks.find((run) => run.id === id);
    if (what === 'tasks' && more === 'debug') return this.debugCopy;
    if (what !== 'dags') return undefined;
    if (more === 'pause') return {};
    if (last === 'clear') return this.clears;
    const run: DagRunView = {
      dag_id: id,
      run_id: 'manual__2026-11-23T12:00:00+00:00',
      state: 'queued',
      started: null,
      ended: null,
      tasks: [],
    };
    return more === 'runs' ? run : undefined;
  }

  #handshake(): unknown {
    return { protocol: this.protocol, version: '0.1.0', cluster: this.name, pid: process.pid, epoch: 'e' };
  }

  #subscribe(topics: string, response: ServerResponse): void {
    this.subscriptions.push(topics);
    this.opened += 1;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const id = randomUUID();
    const wanted = new Set(topics.split(','));
    this.#streams.set(response, { id, wanted });
    response.once('close', () => this.#streams.delete(response));
    const { agents, frameworks, offers, tasks, ...rest } = this.snapshot;
    const views = { agents, frameworks, offers, tasks };
    const sent = Object.entries(views).filter(([topic]) => wanted.has(topic));
    send(response, { ...rest, ...Object.fromEntries(sent), subscription: id });
    for (const [topic, event] of this.#pages) if (wanted.has(topic)) send(response, event);
  }

  async #changeTopics(request: IncomingMessage, id: string, response: ServerResponse): Promise<void> {
    const { topics } = JSON.parse(await bodyOf(request)) as { topics: string[] };
    const found = [...this.#streams].find(([, subscriber]) => subscriber.id === id);
    if (!found) {
      json(response, 404, { error: 'That subscription is gone' });
      return;
    }
    this.subscriptions.push(topics.join(','));
    response.writeHead(204).end();
    const [stream, subscriber] = found;
    const isNew = (topic: string): boolean => topics.includes(topic) && !subscriber.wanted.has(topic);
    const { agents, frameworks, offers, tasks } = this.snapshot;
    if (isNew('agents')) send(stream, { type: 'agents', agents });
    if (isNew('frameworks')) send(stream, { type: 'frameworks', frameworks });
    if (isNew('offers')) send(stream, { type: 'offers', offers });
    if (isNew('tasks')) send(stream, { type: 'taskRuns', tasks });
    for (const [topic, event] of this.#pages) if (isNew(topic)) send(stream, event);
    subscriber.wanted = new Set(topics);
  }

  /** What stands in `logs`, for those who follow it. */
  #output(id: string): { text: string; isOver: boolean } | undefined {
    const task = this.snapshot.tasks.find((run) => run.id === id);
    return task && { text: this.logs.get(id) ?? '', isOver: task.ended !== null };
  }

  #log(task: TaskRun, query: URLSearchParams): LogChunk {
    const file = query.get('file') ?? 'stdout';
    const bytes = Buffer.from(file === 'stdout' ? (this.logs.get(task.id) ?? '') : '');
    const asked = Number(query.get('offset') ?? 0);
    const offset = asked < 0 ? Math.max(0, bytes.length + asked) : Math.min(asked, bytes.length);
    const piece = bytes.subarray(offset, offset + 65_536);
    return {
      data: piece.toString('utf8'),
      offset,
      next: offset + piece.length,
      size: bytes.length,
      ended: task.ended !== null,
      source: `${task.agent ?? '?'} · sandbox/${file}`,
    };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(stream: ServerResponse, event: ClusterEvent): void {
  stream.write(`id: e:1\ndata: ${JSON.stringify(event)}\n\n`);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

type OfSnapshot = Extract<ClusterEvent, { type: 'cluster' | 'agents' | 'frameworks' | 'offers' }>;

/** Pages stand beside the snapshot, not in it. */
function isOfSnapshot(event: ClusterEvent): event is OfSnapshot {
  return ['cluster', 'agents', 'frameworks', 'offers'].includes(event.type);
}
