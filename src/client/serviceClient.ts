import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import type { RequestState } from '../api/airflow.ts';
import { protocolVersion } from '../api/common.ts';
import * as debug from '../api/debug.ts';
import * as logs from '../api/logs.ts';
import * as people from '../api/people.ts';
import type { Topic } from '../api/topics.ts';
import { ProtocolMismatch, UnexpectedAnswer } from './errors.ts';
import { logEvents, type FollowOptions } from './logStream.ts';
import type { Session, SessionOptions } from './session.ts';
import { eventsOf, Subscription, type SubscriptionHandlers } from './subscription.ts';
import { bytesOf, open, textOf, type ServiceAddress } from './transport.ts';

/** Options of each call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the call is given up; default 60 000. */
  readonly timeoutMs?: number | undefined;
}

export interface TaskQuery {
  readonly states?: readonly RequestState[] | undefined;
  readonly dag_id?: string | undefined;
  readonly run_id?: string | undefined;
  /** Default 500, at most 1000. */
  readonly limit?: number | undefined;
  /** A request id: older ones than it. */
  readonly before?: string | undefined;
}

export interface LogQuery {
  /** `stdout` (the default), `stderr`, `airflow` (Airflow's own log of the try), or a path inside the sandbox. */
  readonly file?: string | undefined;
  /** In bytes; negative: from the end. Default 0. */
  readonly offset?: number | undefined;
  /** In bytes; default and most 65 536. */
  readonly length?: number | undefined;
}

export interface FileQuery extends CallOptions {
  /** In bytes; negative: from the end. Default 0. */
  readonly offset?: number | undefined;
  /** In bytes; default and most 1 MiB. */
  readonly length?: number | undefined;
}

/** A piece of a file: what was asked for, as far as it is there. */
export interface FilePiece {
  readonly data: Buffer;
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Of the whole file. */
  readonly size: number;
}

/**
 * Calls a cluster's service. Every method throws `ServiceProblem` where the service refuses, `ServiceUnreachable` where
 * it does not answer, `UnexpectedAnswer` where its answer isn't of this API, or the signal's reason.
 */
export class ServiceClient {
  readonly address: ServiceAddress;
  readonly #token: string;

  constructor(address: ServiceAddress, token: string) {
    this.address = address;
    this.#token = token;
  }

  /** The first call. Throws `ProtocolMismatch` where the service is of another version of the API. */
  async handshake(options?: CallOptions): Promise<people.Handshake> {
    const value = await this.#json('GET', '/v1/handshake', undefined, options);
    const versions = z.object({ protocol: z.int(), version: z.string() }).safeParse(value);
    if (versions.success && versions.data.protocol !== protocolVersion) {
      throw new ProtocolMismatch(versions.data.protocol, versions.data.version);
    }
    return understood('GET /v1/handshake', people.handshake, value);
  }

  cluster(options?: CallOptions): Promise<people.ClusterView> {
    return this.#get('/v1/cluster', people.clusterView, options);
  }

  /** Who looks at it just now. */
  clients(options?: CallOptions): Promise<people.Clients> {
    return this.#get('/v1/clients', people.clients, options);
  }

  agents(options?: CallOptions): Promise<people.AgentView[]> {
    return this.#get('/v1/agents', z.array(people.agentView), options);
  }

  frameworks(options?: CallOptions): Promise<people.FrameworkView[]> {
    return this.#get('/v1/frameworks', z.array(people.frameworkView), options);
  }

  offers(options?: CallOptions): Promise<people.OffersView> {
    return this.#get('/v1/offers', people.offersView, options);
  }

  /** Newest first. */
  tasks(query: TaskQuery = {}, options?: CallOptions): Promise<people.TaskRun[]> {
    const { states, ...rest } = query;
    const path = `/v1/tasks${queryString({ ...rest, state: states?.join(',') })}`;
    return this.#get(path, z.array(people.taskRun), options);
  }

  /** `id`: a Mesos task id or request id, or a unique beginning of one. 404: none; 409: several. */
  task(id: string, options?: CallOptions): Promise<people.TaskRun> {
    return this.#get(`/v1/tasks/${encodeURIComponent(id)}`, people.taskRun, options);
  }

  /** A piece of a file in the task's sandbox. */
  log(id: string, query: LogQuery = {}, options?: CallOptions): Promise<people.LogChunk> {
    const path = `/v1/tasks/${encodeURIComponent(id)}/log${queryString({ ...query })}`;
    return this.#get(path, people.logChunk, options);
  }

  /**
   * Follows a file in the task's sandbox until the task is over and all was sent (`ended`), or the signal aborts. Breaks
   * with the connection: it is the caller's to go on at the offset that it knows.
   */
  followLog(id: string, options: FollowOptions = {}): AsyncGenerator<logs.LogEvent, void, undefined> {
    const { signal, file, offset, whole } = options;
    const query = queryString({ file, offset, whole: whole === true ? 'true' : undefined });
    const path = `/v1/tasks/${encodeURIComponent(id)}/log/stream${query}`;
    return logEvents(this.address, this.#token, path, signal);
  }

  /** What is in a folder of the task's sandbox, by name. 404: there is no such folder, or no sandbox any more. */
  sandbox(id: string, path = '', options?: CallOptions): Promise<logs.SandboxEntry[]> {
    const url = `/v1/tasks/${encodeURIComponent(id)}/sandbox${queryString({ path })}`;
    return this.#get(url, z.array(logs.sandboxEntry), options);
  }

  /** A piece of a file in the task's sandbox. */
  async sandboxFile(id: string, path: string, query: FileQuery = {}): Promise<FilePiece> {
    const { offset, length, ...options } = query;
    const url = `/v1/tasks/${encodeURIComponent(id)}/sandbox/file${queryString({ path, offset, length })}`;
    const { answer, signal } = await this.#open(url, options);
    const number = (name: string): number => {
      const value = Number(answer.headers[name] ?? NaN);
      if (Number.isSafeInteger(value)) return value;
      answer.destroy();
      throw new UnexpectedAnswer(`GET ${url}`, `it lacks ${name}`);
    };
    const [size, begin] = [number('x-file-size'), number('x-file-offset')];
    return { data: await bytesOf(this.address, answer, signal), offset: begin, size };
  }

  /** A folder of the task's sandbox as a tar archive. Whoever takes it reads it, or destroys it. */
  async sandboxArchive(
    id: string,
    path = '',
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Readable> {
    const url = `/v1/tasks/${encodeURIComponent(id)}/sandbox/archive${queryString({ path })}`;
    return open(this.address, { method: 'GET', path: url, token: this.#token, signal });
  }

  /** All launches of the try that the task run belongs to, oldest first, each with a sandbox of its own. */
  attempts(id: string, options?: CallOptions): Promise<logs.AttemptView[]> {
    return this.#get(`/v1/tasks/${encodeURIComponent(id)}/attempts`, z.array(logs.attemptView), options);
  }

  /** A debug copy of a task run, which waits for a debugger on an agent. `patience`: for so many seconds. */
  debug(id: string, request: debug.DebugRequest = {}, options?: CallOptions): Promise<debug.DebugCopy> {
    // The first one has debugpy fetched.
    const wait = { timeoutMs: 120_000, ...options };
    return this.#post(`/v1/tasks/${encodeURIComponent(id)}/debug`, request, debug.debugCopy, wait);
  }

  /** Starts a command, or the person's shell, in the sandbox of a running task: src/client/session.ts. */
  async openSession(id: string, options: SessionOptions = {}): Promise<Session> {
    // Most clients open none.
    const { openSession } = await import('./session.ts');
    return openSession(this.address, this.#token, id, options);
  }

  kill(id: string, options?: CallOptions): Promise<people.TaskRun> {
    return this.#post(`/v1/tasks/${encodeURIComponent(id)}/kill`, undefined, people.taskRun, options);
  }

  dags(options?: CallOptions): Promise<people.DagView[]> {
    return this.#get('/v1/dags', z.array(people.dagView), options);
  }

  importErrors(options?: CallOptions): Promise<people.ImportError[]> {
    return this.#get('/v1/dags/import-errors', z.array(people.importError), options);
  }

  /** Tells that a DAG file was saved, so that what Airflow makes of it comes sooner to who follows `dags`. */
  async dagFileSaved(options?: CallOptions): Promise<void> {
    await this.#text('POST', '/v1/dags/saved', undefined, options);
  }

  /** What the DAG declares for its runs, with defaults. */
  dagParams(dagId: string, options?: CallOptions): Promise<people.DagParam[]> {
    return this.#get(`/v1/dags/${encodeURIComponent(dagId)}/params`, z.array(people.dagParam), options);
  }

  trigger(
    dagId: string,
    request: people.TriggerRequest = {},
    options?: CallOptions,
  ): Promise<people.DagRunView> {
    const path = `/v1/dags/${encodeURIComponent(dagId)}/runs`;
    return this.#post(path, request, people.dagRunView, options);
  }

  async setPaused(dagId: string, paused: boolean, options?: CallOptions): Promise<void> {
    await this.#text('POST', `/v1/dags/${encodeURIComponent(dagId)}/pause`, { paused }, options);
  }

  /** Newest first; at most 100. */
  dagRuns(dagId: string, limit: number, options?: CallOptions): Promise<people.DagRunSummary[]> {
    const path = `/v1/dags/${encodeURIComponent(dagId)}/runs${queryString({ limit })}`;
    return this.#get(path, z.array(people.dagRunSummary), options);
  }

  /** Runs tasks of a run again; returns them with the states that they had. */
  clear(
    dagId: string,
    runId: string,
    request: people.ClearRequest,
    options?: CallOptions,
  ): Promise<people.ClearedTask[]> {
    const path = `/v1/dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(runId)}/clear`;
    return this.#post(path, request, z.array(people.clearedTask), options);
  }

  dagRun(dagId: string, runId: string, options?: CallOptions): Promise<people.DagRunView> {
    const path = `/v1/dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(runId)}`;
    return this.#get(path, people.dagRunView, options);
  }

  /** A one-time address, good for a minute, that opens Airflow in a browser signed in, at the page of a DAG or run. */
  async airflowLogin(page: people.LoginRequest = {}, options?: CallOptions): Promise<string> {
    return (await this.#post('/v1/airflow/login', page, people.loginResponse, options)).url;
  }

  /** Tells what Docker says of a part's container. 404: no such part; 409: the cluster's parts are processes. */
  async reportPart(name: string, report: people.PartReport, options?: CallOptions): Promise<void> {
    await this.#text('POST', `/v1/parts/${encodeURIComponent(name)}/report`, report, options);
  }

  /** What happened since an instant, as it was written down: gzip of JSON lines (src/journal/lines.ts). */
  async journal(since: number, options?: CallOptions): Promise<Buffer> {
    const { answer, signal } = await this.#open(`/v1/journal${queryString({ since })}`, options);
    return bytesOf(this.address, answer, signal);
  }

  /** Plays, stops or turns to another time. 404: it is no recording, but a living cluster. */
  controlRecording(request: people.RecordingRequest, options?: CallOptions): Promise<people.RecordingView> {
    return this.#post('/v1/recording', request, people.recordingView, options);
  }

  /**
   * Ends the embedded parts, then the service. Returns as soon as it has begun: the end shows by the process. 409 in
   * Docker, where the engine stops the containers.
   */
  async shutdown(options?: CallOptions): Promise<void> {
    await this.#text('POST', '/v1/shutdown', undefined, options);
  }

  /** As `subscribe`, but that the topics can be changed meanwhile. */
  follow(
    handlers: SubscriptionHandlers,
    options: { readonly signal: AbortSignal; readonly topics?: readonly Topic[] },
  ): Subscription {
    return new Subscription(this.address, this.#token, handlers, options);
  }

  /**
   * Follows the cluster until the signal is aborted: `event` gets a snapshot, then whole views of what changed. Connects
   * again by itself, with a snapshot each time. Rejects only where that is pointless: the service refuses the token.
   */
  async subscribe(
    handlers: SubscriptionHandlers,
    options: { readonly signal: AbortSignal; readonly topics?: readonly Topic[] },
  ): Promise<void> {
    await this.follow(handlers, options).ended;
  }

  /** `subscribe` as an iterable, which also ends when its reader leaves the loop. */
  events(options: {
    readonly signal: AbortSignal;
    readonly topics?: readonly Topic[];
  }): AsyncGenerator<people.ClusterEvent, void, undefined> {
    return eventsOf((handlers, signal) => this.subscribe(handlers, { ...options, signal }), options.signal);
  }

  async #get<T extends z.ZodMiniType>(
    path: string,
    schema: T,
    options: CallOptions | undefined,
  ): Promise<z.output<T>> {
    return understood(`GET ${path}`, schema, await this.#json('GET', path, undefined, options));
  }

  async #post<T extends z.ZodMiniType>(
    path: string,
    body: unknown,
    schema: T,
    options: CallOptions | undefined,
  ): Promise<z.output<T>> {
    return understood(`POST ${path}`, schema, await this.#json('POST', path, body, options));
  }

  async #open(
    path: string,
    options: CallOptions | undefined,
  ): Promise<{ readonly answer: IncomingMessage; readonly signal: AbortSignal }> {
    const signal = limited(options);
    return { answer: await open(this.address, { method: 'GET', path, token: this.#token, signal }), signal };
  }

  async #json(method: 'GET' | 'POST', path: string, body: unknown, options?: CallOptions): Promise<unknown> {
    const text = await this.#text(method, path, body, options);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new UnexpectedAnswer(`${method} ${path}`, 'it is not JSON');
    }
  }

  async #text(method: 'GET' | 'POST', path: string, body: unknown, options?: CallOptions): Promise<string> {
    const signal = limited(options);
    const answer = await open(this.address, { method, path, token: this.#token, body, signal });
    return textOf(this.address, answer, signal);
  }
}

/** Aborts with the caller's signal, or when the call takes too long. */
function limited(options: CallOptions | undefined): AbortSignal {
  const limit = AbortSignal.timeout(options?.timeoutMs ?? 60_000);
  return options?.signal ? AbortSignal.any([options.signal, limit]) : limit;
}

function understood<T extends z.ZodMiniType>(request: string, schema: T, value: unknown): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const places = result.error.issues.slice(0, 3).map((issue) => issue.path.join('.') || 'the whole');
  throw new UnexpectedAnswer(request, `not as this version has it: ${places.join(', ')}`);
}

/** `?a=1&b=2` of the values that are there; empty where none is. */
function queryString(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
