import http from 'node:http';
import { RecordDecoder } from '../../../src/mesos/recordio.ts';
import type {
  FrameworkInfo,
  Id,
  Offer,
  SchedulerEvent,
  TaskInfo,
  TaskStatus,
} from '../../../src/mesos/types.ts';

export interface BenchSchedulerOptions {
  /** `http://host:port` */
  readonly master: string;
  readonly name: string;
  readonly onOffers: (offers: Offer[], scheduler: BenchScheduler) => void;
  readonly onUpdate: (status: TaskStatus, scheduler: BenchScheduler) => void;
}

/** A scheduler that does no more than Mesos asks of one: it acknowledges each update as it comes, and counts what went wrong. */
export class BenchScheduler {
  readonly #options: BenchSchedulerOptions;
  readonly #calls = new http.Agent({ keepAlive: true, maxSockets: 4 });
  #stream: http.ClientRequest | undefined;
  #streamId = '';
  #id: Id = { value: '' };
  #ended = false;
  #failed: (error: Error) => void = () => undefined;
  /** Rejects when the stream ends or a call is refused. */
  readonly failed: Promise<never>;

  private constructor(options: BenchSchedulerOptions) {
    this.#options = options;
    this.failed = new Promise<never>((_, reject) => (this.#failed = reject));
    this.failed.catch(() => undefined);
  }

  /** Resolves once it is subscribed. */
  static async subscribe(options: BenchSchedulerOptions): Promise<BenchScheduler> {
    const scheduler = new BenchScheduler(options);
    await scheduler.#subscribe();
    return scheduler;
  }

  launch(offer: Offer, tasks: readonly TaskInfo[], refuseSeconds = 0): void {
    this.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
        filters: { refuse_seconds: refuseSeconds },
      },
    });
  }

  decline(offers: readonly Offer[], refuseSeconds: number): void {
    const offer_ids = offers.map(({ id }) => id);
    this.call({ type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: refuseSeconds } } });
  }

  /** Calls `answered` when it was taken. */
  call(call: { type: string } & Record<string, unknown>, answered: () => void = () => undefined): void {
    const request = this.#request(this.#calls, { 'Mesos-Stream-Id': this.#streamId });
    request.on('response', (response) => {
      response.resume();
      if (response.statusCode === 202) answered();
      else this.#failed(new Error(`${call.type} was answered with ${response.statusCode ?? '?'}`));
    });
    request.on('error', this.#failed);
    request.end(JSON.stringify({ framework_id: this.#id, ...call }));
  }

  /** Takes leave of the master. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.race([
      new Promise<void>((resolve) => this.call({ type: 'TEARDOWN' }, resolve)),
      this.failed,
    ]);
    this.#stream?.destroy();
    this.#calls.destroy();
  }

  async #subscribe(): Promise<void> {
    const info: FrameworkInfo = {
      ...{ user: 'root', name: this.#options.name, roles: ['*'], failover_timeout: 60, checkpoint: true },
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }],
    };
    await new Promise<void>((resolve, reject) => {
      const stream = this.#request(false, {});
      this.#stream = stream;
      stream.on('error', (error) => {
        reject(error);
        this.#failed(error);
      });
      stream.on('response', (response) => {
        this.#streamId = String(response.headers['mesos-stream-id']);
        const decoder = new RecordDecoder((record) =>
          this.#take(JSON.parse(record.toString()) as SchedulerEvent, resolve),
        );
        response.on('data', (chunk: Buffer) => decoder.push(chunk));
        response.on('close', () => {
          if (!this.#ended) this.#failed(new Error('the stream ended'));
        });
      });
      stream.end(JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: info } }));
    });
  }

  #take(event: SchedulerEvent, subscribed: () => void): void {
    if (event.type === 'SUBSCRIBED') {
      this.#id = event.subscribed.framework_id;
      subscribed();
    } else if (event.type === 'OFFERS') {
      this.#options.onOffers(event.offers.offers ?? [], this);
    } else if (event.type === 'UPDATE') {
      const { status } = event.update;
      const { agent_id, task_id, uuid } = status;
      if (uuid !== undefined) this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
      this.#options.onUpdate(status, this);
    }
  }

  #request(agent: http.Agent | false, headers: Record<string, string>): http.ClientRequest {
    return http.request(`${this.#options.master}/api/v1/scheduler`, {
      method: 'POST',
      agent,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    });
  }
}
