import http from 'node:http';
import { RecordDecoder } from '../../src/mesos/recordio.ts';
import type {
  FrameworkInfo,
  Id,
  Offer,
  SchedulerEvent,
  TaskInfo,
  TaskStatus,
} from '../../src/mesos/types.ts';
import { until } from './until.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request as it is, with nothing added but what HTTP needs. */
export async function rawRequest(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer | null = null,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

export const json = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** A framework with all that a modern one can. */
export const modern: FrameworkInfo = {
  user: 'root',
  name: 'test',
  roles: ['*'],
  checkpoint: true,
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }],
  failover_timeout: 30,
};

/** A scheduler that does nothing by itself and keeps all events: tests see the wire. */
export class RawScheduler {
  readonly events: SchedulerEvent[] = [];
  readonly headers: http.IncomingHttpHeaders;
  /** Whether the master ended the stream. */
  closed = false;
  readonly #url: string;
  readonly #request: http.ClientRequest;

  private constructor(url: string, request: http.ClientRequest, response: http.IncomingMessage) {
    this.#url = url;
    this.#request = request;
    this.headers = response.headers;
    const decoder = new RecordDecoder((record) =>
      this.events.push(JSON.parse(record.toString()) as SchedulerEvent),
    );
    response.on('data', (chunk: Buffer) => decoder.push(chunk));
    response.on('end', () => (this.closed = true));
    response.on('error', () => (this.closed = true));
  }

  /** Sends SUBSCRIBE and resolves once the stream is there; its first event may be an ERROR. */
  static async subscribe(
    url: string,
    info: FrameworkInfo = modern,
    suppressed?: string[],
  ): Promise<RawScheduler> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${url}/api/v1/scheduler`, {
        method: 'POST',
        headers: json,
        agent: false,
      });
      request.on('response', (response) => {
        if (response.statusCode === 200) resolve(new RawScheduler(url, request, response));
        else reject(new Error(`SUBSCRIBE was answered with ${response.statusCode ?? '?'}`));
      });
      request.on('error', reject);
      request.end(
        JSON.stringify({
          type: 'SUBSCRIBE',
          ...(info.id ? { framework_id: info.id } : {}),
          subscribe: { framework_info: info, ...(suppressed ? { suppressed_roles: suppressed } : {}) },
        }),
      );
    });
  }

  get streamId(): string {
    return String(this.headers['mesos-stream-id']);
  }

  /** Waits for the first event of a type, or of a type from the given place on. */
  async event<T extends SchedulerEvent['type']>(type: T, from = 0): Promise<SchedulerEvent & { type: T }> {
    return until(
      () =>
        this.events.slice(from).find((event): event is SchedulerEvent & { type: T } => event.type === type),
      { what: `the event ${type}` },
    );
  }

  async id(): Promise<Id> {
    return (await this.event('SUBSCRIBED')).subscribed.framework_id;
  }

  async call(call: { type: string } & Record<string, unknown>): Promise<RawAnswer> {
    const body = JSON.stringify({ framework_id: await this.id(), ...call });
    const headers = { ...json, 'Mesos-Stream-Id': this.streamId };
    return rawRequest(`${this.#url}/api/v1/scheduler`, 'POST', headers, body);
  }

  get offers(): Offer[] {
    return this.events.flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []));
  }

  /** Waits for so many offers in all. */
  async offersOf(count: number): Promise<Offer[]> {
    return until(() => (this.offers.length >= count ? this.offers : undefined), { what: `${count} offers` });
  }

  /** All updates so far, of a task or of all. */
  updates(taskId?: string): TaskStatus[] {
    return this.events.flatMap((event) =>
      event.type === 'UPDATE' && (taskId === undefined || event.update.status.task_id.value === taskId)
        ? [event.update.status]
        : [],
    );
  }

  /** Waits for an update of a task that tells this state. */
  async update(taskId: string, state: TaskStatus['state'], limitMs = 10_000): Promise<TaskStatus> {
    return until(() => this.updates(taskId).find((status) => status.state === state), {
      what: `${state} of ${taskId}`,
      limitMs,
    });
  }

  async acknowledge(status: TaskStatus): Promise<RawAnswer> {
    const { agent_id, task_id, uuid } = status;
    return this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  /** Acknowledges each update as it comes, one that comes again, too. */
  acknowledgeAll(): void {
    let acknowledged = 0;
    const timer = setInterval(() => {
      if (this.closed) clearInterval(timer);
      const updates = this.updates();
      for (const status of updates.slice(acknowledged))
        if (status.uuid !== undefined) void this.acknowledge(status);
      acknowledged = updates.length;
    }, 5);
    timer.unref();
  }

  async launch(
    offers: readonly Offer[],
    tasks: readonly TaskInfo[],
    refuseSeconds?: number,
  ): Promise<RawAnswer> {
    return this.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: offers.map(({ id }) => id),
        operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
        ...(refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } }),
      },
    });
  }

  /** Breaks the connection. */
  disconnect(): void {
    this.closed = true;
    this.#request.destroy();
  }
}

/** A task for an agent: 0.1 cpus and 32 MiB unless told otherwise. */
export function taskFor(
  agentId: Id,
  id: string,
  command: TaskInfo['command'],
  rest: Partial<TaskInfo> = {},
): TaskInfo {
  return {
    name: id,
    task_id: { value: id },
    agent_id: agentId,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    ],
    ...(command ? { command } : {}),
    ...rest,
  };
}
