import type { AttemptView, LogEvent } from '../../../../src/api/logs.ts';
import type { LogChunk, TaskRun } from '../../../../src/api/people.ts';
import { ServiceProblem, ServiceUnreachable } from '../../../../src/client/errors.ts';
import type { FollowOptions } from '../../../../src/client/logStream.ts';
import type { LogQuery, ServiceClient, TaskQuery } from '../../../../src/client/serviceClient.ts';
import type { ClusterLink } from '../../../../src/cli/cluster.ts';

export const bytes = (text: string, offset = 0, size?: number): LogEvent => {
  const data = Buffer.from(text);
  return { type: 'data', offset, size: size ?? offset + data.length, data };
};

export const note = (which: string, text = which): LogEvent =>
  ({ type: 'note', note: which, text }) as LogEvent;

/** A whole log as the service sends it, in pieces of so many bytes, from where it is asked for. */
export function* sent(content: Buffer, offset = 0, piece = 65_536): Generator<LogEvent> {
  const from = offset < 0 ? Math.max(0, content.length + offset) : offset;
  for (let at = from; at < content.length; at += piece) {
    yield { type: 'data', offset: at, size: content.length, data: content.subarray(at, at + piece) };
  }
  yield { type: 'quiet', size: content.length };
  yield { type: 'ended' };
}

export interface FakeService {
  /** What each connection for a log says, as far as it is read. */
  readonly follow: (id: string, options: FollowOptions, nth: number) => Iterable<LogEvent | 'break'>;
  readonly runs?: readonly TaskRun[];
  readonly attempts?: readonly AttemptView[];
  /** Files that are not there. */
  readonly missing?: readonly string[];
}

export function unreachable(): ServiceUnreachable {
  return new ServiceUnreachable({ url: 'http://127.0.0.1:1' }, 'the connection broke');
}

/** A service whose logs are told by a test; counts how often it was brought back. */
export function fakeLink(
  service: FakeService,
): ClusterLink & { readonly revived: () => number; readonly asked: FollowOptions[] } {
  let revived = 0;
  const asked: FollowOptions[] = [];
  const client = {
    async *followLog(id: string, options: FollowOptions = {}): AsyncGenerator<LogEvent, void, undefined> {
      asked.push(options);
      await Promise.resolve();
      for (const said of service.follow(id, options, asked.length)) {
        options.signal?.throwIfAborted();
        if (said === 'break') throw unreachable();
        yield said;
      }
      // A stream that says no end goes on without a word.
      await new Promise((_resolve, reject) => {
        const { signal } = options;
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        setTimeout(() => reject(new Error('nobody hung up')), 20_000).unref();
      });
    },
    log: (_id: string, { file = 'stdout' }: LogQuery = {}): Promise<Partial<LogChunk>> =>
      service.missing?.includes(file)
        ? Promise.reject(new ServiceProblem(404, { error: `There is no ${file}` }))
        : Promise.resolve({ data: '', offset: 0, size: 0, source: `agent-1:/${file}` }),
    task: () => Promise.resolve(service.runs?.at(-1)),
    tasks: ({ before }: TaskQuery) =>
      Promise.resolve(before === undefined ? [...(service.runs ?? [])].reverse() : []),
    attempts: (id: string) =>
      Promise.resolve(service.attempts?.filter(({ request_id }) => request_id === id)),
  } as unknown as ServiceClient;
  const link = {
    client,
    revive: () => Promise.resolve(void (revived += 1)),
    ask: (question: (with_: ServiceClient) => unknown) => question(client),
  };
  return { ...link, revived: () => revived, asked } as unknown as ReturnType<typeof fakeLink>;
}

export function taskRun(changed: Partial<TaskRun> = {}): TaskRun {
  return {
    id: 'r1',
    key: { dag_id: 'd', run_id: 'r', task_id: 't', map_index: -1, try_number: 1 },
    ...{ state: 'finished', airflow_state: 'success', mesos_task_id: 'r1.1', attempt: 1 },
    ...{ agent_id: 'a', agent: 'agent-1', resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 } },
    ...{ waits: null, info: '', queued: 0, launched: 1, started: 2, ended: 3 },
    ...changed,
  };
}

export function attemptView(id: string, changed: Partial<AttemptView> = {}): AttemptView {
  return {
    ...{
      mesos_task_id: id,
      request_id: id.replace(/\.\d+$/, ''),
      attempt: 1,
      agent_id: 'a',
      agent: 'agent-1',
    },
    ...{ state: 'TASK_FINISHED', launched: 1, started: 2, ended: 3, reason: null, message: null },
    ...changed,
  };
}
