import type { LogEvent } from '../../api/logs.ts';
import type { ClusterLink } from '../cluster.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { Outage } from './outage.ts';

export interface ReadOptions {
  /** A task run, whatever launches it has; or one of its launches. */
  readonly id: string;
  readonly file: string;
  /** In bytes; negative: from the end. Default 0. */
  readonly offset?: number;
  /** To the task's end; else as it stands at the first look. */
  readonly follow: boolean;
  /** Nothing is skipped, however fast it grows. */
  readonly whole: boolean;
  readonly signal: AbortSignal;
  /** Told that the service is away, and that it is back. */
  readonly tell: (text: string) => void;
  /** Who does not follow a log waits so long for an agent that is away. Milliseconds, default 5000. */
  readonly agentPatienceMs?: number;
}

/** Who does not follow a log waits so long for the service. Milliseconds. */
const servicePatienceMs = 30_000;

/**
 * A log's bytes and what is to be said of them, over connections that break. Throws CommandError (1) where the agent is away
 * and the log is not followed.
 */
export async function* readLog(
  link: Pick<ClusterLink, 'client' | 'revive'>,
  options: ReadOptions,
): AsyncGenerator<LogEvent, void, undefined> {
  const { id, file, follow, whole, signal, tell, agentPatienceMs = 5000 } = options;
  const patience = follow ? Infinity : servicePatienceMs;
  const outage = new Outage(link, { patience, signal, tell });
  let { offset = 0 } = options;
  /** Where it ended at the first look. */
  let end: number | undefined;
  for (;;) {
    const away = new AbortController();
    let waiting: NodeJS.Timeout | undefined;
    try {
      const either = AbortSignal.any([signal, away.signal]);
      for await (const event of link.client.followLog(id, { file, offset, whole, signal: either })) {
        outage.over();
        clearTimeout(waiting);
        if (event.type === 'data') {
          if (!follow) end ??= event.size;
          const given = upTo(event, end);
          offset = given.offset + given.data.length;
          yield given;
          if (end !== undefined && offset >= end) return;
          continue;
        }
        if (event.type === 'note') {
          if (event.note === 'rotated' || event.note === 'began-anew') [offset, end] = [0, undefined];
          if (event.note === 'skipped' && offset >= 0) offset += event.bytes ?? 0;
          if (event.note === 'agent-away' && !follow) {
            waiting = setTimeout(() => away.abort(agentAway(event.text)), agentPatienceMs);
          }
        }
        yield event;
        if (event.type === 'ended' || (event.type === 'quiet' && !follow)) return;
      }
    } catch (error) {
      await outage.wait(error);
    } finally {
      clearTimeout(waiting);
    }
  }
}

type DataEvent = Extract<LogEvent, { type: 'data' }>;

/** What was written since the first look is left out. */
function upTo(event: DataEvent, end: number | undefined): DataEvent {
  if (end === undefined || event.size <= end) return event;
  return { ...event, size: end, data: event.data.subarray(0, Math.max(0, end - event.offset)) };
}

function agentAway(text: string): CommandError {
  return new CommandError(exitCodes.failed, 'The log cannot be read now', {
    why: text,
    next: 'With --follow it is waited for; mesos-airflow agents shows the agents that are there.',
  });
}
