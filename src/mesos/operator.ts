import { StoppedError } from './errors.ts';
import { parseEvent, type RequiredParts, type UnknownEvent } from './eventParsing.ts';
import { EventStream } from './eventStream.ts';
import { listFiles, readFile, type FilePart } from './files.ts';
import type {
  LeadingMaster,
  MasterAgents,
  MasterFrameworks,
  MasterState,
  MasterTasks,
  OperatorEvent,
  VersionInfo,
} from './operatorTypes.ts';
import type { FileInfo, Id } from './types.ts';
import { V1Api, type CallOptions, type V1ApiOptions } from './v1Api.ts';

const required: RequiredParts<OperatorEvent['type']> = {
  SUBSCRIBED: ['subscribed'],
  HEARTBEAT: [],
  TASK_ADDED: ['task_added', 'task'],
  TASK_UPDATED: ['task_updated', 'status'],
  AGENT_ADDED: ['agent_added', 'agent'],
  AGENT_REMOVED: ['agent_removed', 'agent_id'],
  FRAMEWORK_ADDED: ['framework_added', 'framework'],
  FRAMEWORK_UPDATED: ['framework_updated', 'framework'],
  FRAMEWORK_REMOVED: ['framework_removed', 'framework_info'],
};
/** As for the scheduler's stream: five heartbeats of 15 s. */
const missedHeartbeats = 5;
const usualHeartbeat = 15;

/** The master's operator API; any master will do, as they redirect to the leading one. Errors: those of V1Api.ask. */
export class OperatorClient {
  readonly #api: V1Api;

  /** @throws InvalidAddressError */
  constructor(options: V1ApiOptions) {
    this.#api = new V1Api(options);
  }

  async getHealth(options: CallOptions = {}): Promise<boolean> {
    const answer: { healthy?: boolean } = await this.#api.ask({ type: 'GET_HEALTH' }, options);
    return answer.healthy === true;
  }

  async getVersion(options: CallOptions = {}): Promise<VersionInfo | undefined> {
    const answer: { version_info?: VersionInfo } = await this.#api.ask({ type: 'GET_VERSION' }, options);
    return answer.version_info;
  }

  getMaster(options: CallOptions = {}): Promise<LeadingMaster> {
    return this.#api.ask({ type: 'GET_MASTER' }, options);
  }

  getAgents(options: CallOptions = {}): Promise<MasterAgents> {
    return this.#api.ask({ type: 'GET_AGENTS' }, options);
  }

  getFrameworks(options: CallOptions = {}): Promise<MasterFrameworks> {
    return this.#api.ask({ type: 'GET_FRAMEWORKS' }, options);
  }

  getTasks(options: CallOptions = {}): Promise<MasterTasks> {
    return this.#api.ask({ type: 'GET_TASKS' }, options);
  }

  getState(options: CallOptions = {}): Promise<MasterState> {
    return this.#api.ask({ type: 'GET_STATE' }, options);
  }

  /** Ends a framework and kills its tasks. @throws MesosHttpError 400 if there is none of that id. */
  teardown(frameworkId: Id, options: CallOptions = {}): Promise<void> {
    return this.#api.tell({ type: 'TEARDOWN', teardown: { framework_id: frameworkId } }, options);
  }

  /** Files that the master serves: its log, as `/master/log`. */
  listFiles(path: string, options: CallOptions = {}): Promise<FileInfo[]> {
    return listFiles(this.#api, path, options);
  }

  /** As AgentClient.readFile. */
  readFile(path: string, offset: number, length?: number, options: CallOptions = {}): Promise<FilePart> {
    return readFile(this.#api, path, offset, length, options);
  }

  /**
   * The master's events, the first of which, SUBSCRIBED, holds the whole state; one subscription, not made again
   * when it ends. Leaving the loop closes it.
   * @throws when it ends, why: StreamEndedError, SilentStreamError, …, or the reason of the signal
   */
  async *events({ signal }: CallOptions = {}): AsyncGenerator<OperatorEvent | UnknownEvent, never> {
    const answer = await this.#api.stream({ type: 'SUBSCRIBE' }, signal);
    const come: (OperatorEvent | UnknownEvent)[] = [];
    let end: Error | undefined;
    let wake: () => void = () => undefined;
    const stream = new EventStream<OperatorEvent | UnknownEvent>(answer, {
      parse: (record) => parseEvent<OperatorEvent>(record, required),
      onEvent: (event) => {
        if (event.type === 'SUBSCRIBED') {
          const seconds = event.subscribed.heartbeat_interval_seconds ?? usualHeartbeat;
          stream.allowSilence(seconds * missedHeartbeats * 1000);
        }
        come.push(event);
        wake();
      },
      onEnd: (cause) => {
        end = cause;
        wake();
      },
      clock: this.#api.clock,
      silenceMs: this.#api.answerMs,
      maxRecordLength: this.#api.maxLength,
    });
    const stop = () => stream.close(signal?.reason instanceof Error ? signal.reason : new StoppedError());
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        yield* come.splice(0);
        if (come.length > 0) continue;
        if (end) throw end;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      stream.close(new StoppedError());
    }
  }

  close(): void {
    this.#api.close();
  }
}
