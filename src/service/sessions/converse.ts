import os from 'node:os';
import type { Duplex } from 'node:stream';
import {
  mostSessionRecord,
  sessionRequest,
  type SessionEvent,
  type SessionRequest,
} from '../../api/session.ts';
import { messageOf } from '../../host/errors.ts';
import { drained } from '../../mesos/drained.ts';
import type { NestedSession } from '../../mesos/nestedSession.ts';
import { encodeRecord, RecordDecoder } from '../../mesos/recordio.ts';

/** Bytes of output that one record has at most, before they are written as base64. */
const longestOutput = 64 * 1024;

/**
 * Hands on between a client's connection and a session, until one of them ends; the other then ends, too. What the client
 * does not take is not read of the agent. `ended` tells why, where a signal ended the command.
 */
export async function converse(
  connection: Duplex,
  first: Buffer,
  session: NestedSession,
  ended: () => Promise<string | undefined>,
): Promise<void> {
  // What breaks it shows as its end.
  connection.on('error', () => undefined);
  connection.once('close', () => session.close());
  void takeInput(connection, first, session);
  try {
    for await (const { stream, data } of session.output) {
      for (let from = 0; from < data.length; from += longestOutput) {
        const piece = data.subarray(from, from + longestOutput).toString('base64');
        await send(connection, { type: 'output', stream, data: piece });
      }
    }
    const status = await session.status;
    await send(connection, status === undefined ? unknownEnd : await exitOf(status, ended));
  } catch (error) {
    const problem = { error: 'The connection to the agent broke', why: messageOf(error) };
    await send(connection, { type: 'error', ...problem, next: 'Where the task still runs, open it again.' });
  } finally {
    connection.end();
    session.close();
  }
}

const unknownEnd: SessionEvent = { type: 'error', error: 'The agent does not say how the command ended' };

async function takeInput(connection: Duplex, first: Buffer, session: NestedSession): Promise<void> {
  const requests: SessionRequest[] = [];
  const decoder = new RecordDecoder(
    (record) => requests.push(sessionRequest.parse(JSON.parse(record.toString()))),
    { maxLength: mostSessionRecord },
  );
  const take = async (chunk: Buffer): Promise<void> => {
    decoder.push(chunk);
    for (const request of requests.splice(0)) await perform(request, session);
  };
  try {
    await take(first);
    for await (const chunk of connection as AsyncIterable<Buffer>) await take(chunk);
  } catch {
    // What is not understood, and a connection that broke: there is nobody to go on with.
  }
  // A client that has gone says so by the end of what it sends: HTTP's connections can stay half open.
  connection.destroy();
}

async function perform(request: SessionRequest, session: NestedSession): Promise<void> {
  switch (request.type) {
    case 'input':
      await session.write(Buffer.from(request.data, 'base64'));
      return;
    case 'end-of-input':
      await session.endInput();
      return;
    case 'resize':
      await session.resize(request.rows, request.columns);
  }
}

async function send(connection: Duplex, event: SessionEvent): Promise<void> {
  if (connection.destroyed || connection.write(encodeRecord(JSON.stringify(event)))) return;
  await drained(connection);
}

async function exitOf(status: number, ended: () => Promise<string | undefined>): Promise<SessionEvent> {
  const number = status & 0x7f;
  if (number === 0) return { type: 'exit', status: (status >> 8) & 0xff };
  const why = await ended();
  const name = Object.entries(os.constants.signals).find(([, value]) => value === number)?.[0];
  return {
    type: 'exit',
    status: 128 + number,
    ...(name === undefined ? {} : { signal: name }),
    ...(why === undefined ? {} : { why }),
  };
}
