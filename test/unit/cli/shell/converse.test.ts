import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import {
  converse,
  terminalOf,
  type ShellInput,
  type ShellOutput,
} from '../../../../src/cli/shell/converse.ts';
import type { OutputHandler, Session, SessionExit } from '../../../../src/client/session.ts';
import { until } from '../../../support/until.ts';

/** A session whose other side is the test. */
class FakeSession implements Pick<Session, 'exit' | 'onOutput' | 'write' | 'endInput' | 'resize'> {
  readonly exit: Promise<SessionExit>;
  end: (exit: SessionExit) => void = () => undefined;
  break: (error: Error) => void = () => undefined;
  readonly input: string[] = [];
  readonly sizes: string[] = [];
  inputEnded = false;
  /** Until it resolves no more can be written. */
  takes: Promise<void> = Promise.resolve();
  says: OutputHandler = () => undefined;

  constructor() {
    this.exit = new Promise((resolve, reject) => {
      this.end = resolve;
      this.break = reject;
    });
  }

  onOutput(handler: OutputHandler): void {
    this.says = handler;
  }

  write(data: Uint8Array | string): Promise<void> {
    this.input.push(Buffer.from(data).toString());
    return this.takes;
  }

  endInput(): void {
    this.inputEnded = true;
  }

  resize(rows: number, columns: number): void {
    this.sizes.push(`${columns}x${rows}`);
  }
}

/** A person's terminal. */
function terminal(): {
  readonly input: PassThrough & ShellInput & { raw: boolean };
  readonly output: EventEmitter & ShellOutput & { rows: number; columns: number; full: boolean };
  readonly written: () => string;
} {
  const pieces: string[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    raw: false,
    setRawMode(raw: boolean): void {
      input.raw = raw;
    },
  });
  const output = Object.assign(new EventEmitter(), {
    isTTY: true,
    rows: 30,
    columns: 100,
    destroyed: false,
    full: false,
    write(data: Uint8Array | string): boolean {
      pieces.push(Buffer.from(data).toString());
      return !output.full;
    },
  });
  return { input, output, written: () => pieces.join('') };
}

describe('a terminal that is joined to a shell', () => {
  it('hands on each key as it is, Ctrl-C too, and shows what comes', async () => {
    const { input, output, written } = terminal();
    const session = new FakeSession();
    const done = converse(session, { input, output, errors: output }, true);
    assert.equal(input.raw, true);
    input.write('sleep 100\r');
    input.write('\u0003');
    await until(() => session.input.join('') === 'sleep 100\r\u0003', { what: 'the keys' });
    await session.says('stdout', Buffer.from('^C'));
    assert.equal(written(), '^C');
    session.end({ status: 130 });
    assert.equal((await done).status, 130);
  });

  it('has the size of the terminal, also when that changes', async () => {
    const { input, output } = terminal();
    assert.deepEqual(terminalOf({ input, output }), { rows: 30, columns: 100 });
    const session = new FakeSession();
    const done = converse(session, { input, output, errors: output }, true);
    Object.assign(output, { rows: 31, columns: 101 });
    output.emit('resize');
    session.end({ status: 0 });
    await done;
    output.emit('resize');
    assert.deepEqual(session.sizes, ['101x31']);
  });

  it('is one only where both are, and has a size where the terminal says none', () => {
    const { input, output } = terminal();
    assert.equal(terminalOf({ input: new PassThrough(), output }), undefined);
    assert.equal(terminalOf({ input, output: new PassThrough() }), undefined);
    Object.assign(output, { rows: 0, columns: 0 });
    assert.deepEqual(terminalOf({ input, output }), { rows: 24, columns: 80 });
  });

  it('is as it was in every ending', async () => {
    const endings: readonly (readonly [string, (session: FakeSession) => void, boolean])[] = [
      ['the shell is left', (session) => session.end({ status: 0 }), false],
      ['a signal', (session) => session.end({ status: 137, signal: 'SIGKILL' }), true],
      ['its task ended', (session) => session.end({ status: 143, why: 'its task has ended' }), true],
      ['a broken connection', (session) => session.break(new Error('broken')), true],
    ];
    for (const [what, end, undoes] of endings) {
      const { input, output, written } = terminal();
      const session = new FakeSession();
      const done = converse(session, { input, output, errors: output }, true);
      end(session);
      await done.catch(() => undefined);
      assert.equal(input.raw, false, what);
      assert.equal(written().includes('\u001b[?1047l'), undoes, what);
      assert.equal(input.isPaused(), true, what);
      assert.equal(input.listenerCount('data') + output.listenerCount('resize'), 0, what);
    }
  });

  it('writes no more than the terminal takes', async () => {
    const { input, output } = terminal();
    const session = new FakeSession();
    const done = converse(session, { input, output, errors: output }, true);
    output.full = true;
    let taken = false;
    const writing = Promise.resolve(session.says('stdout', Buffer.from('much'))).then(() => (taken = true));
    await Promise.resolve();
    assert.equal(taken, false);
    output.emit('drain');
    await writing;
    assert.equal(output.listenerCount('drain') + output.listenerCount('close'), 0);
    session.end({ status: 0 });
    await done;
  });
});

describe('a shell without a terminal', () => {
  it('reads its input to the end, no faster than it takes it, and has two outputs', async () => {
    const input = new PassThrough();
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const session = new FakeSession();
    let takes: () => void = () => undefined;
    session.takes = new Promise((resolve) => (takes = resolve));
    const done = converse(session, { input, output, errors }, false);
    input.write('one');
    await until(() => session.input.length === 1, { what: 'the first piece' });
    input.end('two');
    assert.equal(input.isPaused(), true);
    session.takes = Promise.resolve();
    takes();
    await until(() => session.inputEnded, { what: 'the end of the input' });
    assert.deepEqual(session.input, ['one', 'two']);
    await session.says('stdout', Buffer.from('out'));
    await session.says('stderr', Buffer.from('err'));
    session.end({ status: 7 });
    assert.equal((await done).status, 7);
    assert.equal(String(output.read()), 'out');
    assert.equal(String(errors.read()), 'err');
  });
});
