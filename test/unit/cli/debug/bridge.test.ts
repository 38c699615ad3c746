import assert from 'node:assert/strict';
import { duplexPair, PassThrough, type Duplex } from 'node:stream';
import { sessionRequest, type SessionEvent } from '../../../../src/api/session.ts';
import { bridge } from '../../../../src/cli/debug/bridge.ts';
import { Session } from '../../../../src/client/session.ts';
import { encodeRecord, RecordDecoder } from '../../../../src/mesos/recordio.ts';
import { until } from '../../../support/until.ts';

describe('a debugger’s way to a debug copy', () => {
  let service: Duplex;
  let session: Session;
  let heard: string;
  let input: PassThrough;
  let output: PassThrough;
  const tell = (event: SessionEvent): void => void service.write(encodeRecord(JSON.stringify(event)));
  const say = (stream: 'stdout' | 'stderr', text: string): void =>
    tell({ type: 'output', stream, data: Buffer.from(text).toString('base64') });

  beforeEach(() => {
    const [ours, theirs] = duplexPair();
    service = theirs;
    service.on('error', () => undefined);
    session = new Session({ socket: 'none' }, ours, undefined);
    heard = '';
    const decoder = new RecordDecoder((record) => {
      const message = sessionRequest.parse(JSON.parse(record.toString()));
      if (message.type === 'input') heard += Buffer.from(message.data, 'base64').toString();
    });
    service.on('data', (data: Buffer) => decoder.push(data));
    input = new PassThrough();
    output = new PassThrough();
  });

  it('carries both ways, as the bytes are', async () => {
    const done = bridge(session, { input, output });
    input.write('Content-Length: 2\r\n\r\n{}');
    await until(() => heard === 'Content-Length: 2\r\n\r\n{}');
    say('stdout', 'Content-Length: 4\r\n');
    say('stdout', '\r\nnull');
    tell({ type: 'exit', status: 0 });
    assert.equal(await done, '');
    assert.equal(String(output.read()), 'Content-Length: 4\r\n\r\nnull');
  });

  it('says what kept the relay from the copy', async () => {
    const done = bridge(session, { input, output });
    say('stderr', 'There is no debug copy to be reached\n');
    tell({ type: 'exit', status: 69 });
    assert.equal(await done, 'There is no debug copy to be reached');
  });

  it('ends the session where the debugger hangs up', async () => {
    const done = bridge(session, { input, output });
    const ended = new Promise((resolve) => service.once('close', resolve));
    input.end();
    assert.equal(await done, '');
    service.destroy();
    await ended;
    await assert.rejects(session.exit, { name: 'SessionClosed' });
  });
});
