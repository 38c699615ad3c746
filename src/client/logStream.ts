import { logHeader, logStreamType, mostRecordBytes, type LogEvent } from '../api/logs.ts';
import { RecordDecoder, RecordIOError } from '../mesos/recordio.ts';
import { ServiceUnreachable, UnexpectedAnswer } from './errors.ts';
import { open, unreachable, type ServiceAddress } from './transport.ts';

/** The service says something each 15 s; after more than twice that of silence the connection is dead. */
const silenceMs = 35_000;
const newline = 0x0a;
const request = 'GET /v1/tasks/{id}/log/stream';

export interface FollowOptions {
  /** `stdout` (the default), `stderr`, `airflow`, or a path inside the sandbox. */
  readonly file?: string | undefined;
  /** In bytes; negative: from the end. Default 0. */
  readonly offset?: number | undefined;
  /** Nothing is skipped, however far the reader falls behind. Default false. */
  readonly whole?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A log as it is written, from one connection: ends after `ended`. Whoever reads slowly is not sent more meanwhile.
 * Throws `ServiceUnreachable` where the connection breaks before that: the reader goes on at the offset that it knows.
 */
export async function* logEvents(
  address: ServiceAddress,
  token: string,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogEvent, void, undefined> {
  const answer = await open(address, { method: 'GET', path, token, signal });
  if (answer.headers['content-type'] !== logStreamType) {
    answer.destroy();
    throw new UnexpectedAnswer(request, 'it is no log');
  }
  let pending: LogEvent[] = [];
  const decoder = new RecordDecoder((record) => pending.push(eventOf(record)), {
    maxLength: mostRecordBytes,
  });
  answer.setTimeout(silenceMs, () => answer.destroy(new Error('the service fell silent')));
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      decoder.push(chunk);
      const events = pending;
      pending = [];
      for (const event of events) {
        // A reader that takes its time has not been left by the service.
        answer.setTimeout(0);
        yield event;
        answer.setTimeout(silenceMs);
        if (event.type === 'ended') return;
      }
    }
  } catch (error) {
    if (error instanceof UnexpectedAnswer) throw error;
    if (error instanceof RecordIOError) throw new UnexpectedAnswer(request, error.message);
    throw unreachable(address, error, signal);
  } finally {
    answer.destroy();
  }
  throw new ServiceUnreachable(address, 'the service ended the log’s stream');
}

/** A record: its header's line, and the bytes behind it. */
function eventOf(record: Buffer): LogEvent {
  const end = record.indexOf(newline);
  const line = record.toString('utf8', 0, end < 0 ? record.length : end);
  const parsed = logHeader.safeParse(jsonOf(line));
  if (!parsed.success)
    throw new UnexpectedAnswer(request, `a record has another header: ${line.slice(0, 80)}`);
  const header = parsed.data;
  // The decoder may show a part of the chunk that it got, which is nobody else's: the bytes are not copied.
  return header.type === 'data' ? { ...header, data: record.subarray(end + 1) } : header;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
