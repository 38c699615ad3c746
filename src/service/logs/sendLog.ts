import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { logStreamType, type LogEvent, type LogHeader } from '../../api/logs.ts';
import { messageOf } from '../../host/errors.ts';
import type { Logger } from '../log.ts';

/** A client hears something at least this often. Milliseconds. */
const quietMs = 15_000;

/**
 * Writes what is followed to a client, no faster than it takes it: what it has not taken is not read either. The client has
 * gone where `signal` aborts.
 */
export async function sendLog(
  response: ServerResponse,
  events: AsyncGenerator<LogEvent, void, undefined>,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<void> {
  response.writeHead(200, { 'Content-Type': logStreamType });
  response.socket?.setNoDelay(true);
  response.flushHeaders();
  let size = 0;
  let saidAt = performance.now();
  const write = (header: LogHeader, data?: Buffer): boolean => {
    saidAt = performance.now();
    const head = Buffer.from(`${JSON.stringify(header)}\n`);
    response.cork();
    response.write(`${head.length + (data?.length ?? 0)}\n`);
    const isRoom = response.write(head) && !data;
    const isMore = data ? response.write(data) : isRoom;
    response.uncork();
    return isMore;
  };
  const alive = setInterval(() => {
    if (performance.now() - saidAt >= quietMs && response.writableLength === 0)
      write({ type: 'quiet', size });
  }, quietMs / 3);
  try {
    for await (const event of events) {
      if (response.destroyed) return;
      if (event.type === 'data' || event.type === 'quiet') ({ size } = event);
      const isRoom = event.type === 'data' ? write(headerOf(event), event.data) : write(event);
      if (!isRoom && response.writableNeedDrain) await once(response, 'drain', { signal });
    }
    response.end();
  } catch (error) {
    if (!signal.aborted) log.warn(`a log that is followed breaks: ${messageOf(error)}`);
    // The client sees that it broke, not a log that seems whole.
    response.destroy();
  } finally {
    clearInterval(alive);
  }
}

function headerOf({ type, offset, size }: Extract<LogEvent, { type: 'data' }>): LogHeader {
  return { type, offset, size };
}
