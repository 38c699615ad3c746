import assert from 'node:assert/strict';
import { ServiceProblem, ServiceUnreachable } from '../../../../src/client/errors.ts';
import type { OutputHandler, SessionExit } from '../../../../src/client/session.ts';
import {
  ShellTerminal,
  type Dimensions,
  type ShellOrigin,
  type ShellSession,
} from '../../../../src/extension/terminals/shellTerminal.ts';
import { until } from '../../../support/until.ts';
import { running, taskRun } from '../../../vscode/support/views.ts';
import { deferred, screenOf, wordsOf } from './fakes.ts';

/** A session whose other side is the test. */
class FakeSession implements ShellSession {
  readonly ending = deferred<SessionExit>();
  readonly exit = this.ending.promise;
  readonly input: string[] = [];
  readonly sizes: string[] = [];
  closed = false;
  #handler: OutputHandler | undefined;

  onOutput(handler: OutputHandler): void {
    this.#handler = handler;
  }

  /** As soon as somebody listens. */
  async says(data: Buffer | string): Promise<void> {
    const handler = await until(() => this.#handler, { what: 'somebody who listens' });
    await handler('stdout', Buffer.from(data));
  }

  write(data: Uint8Array | string): Promise<void> {
    this.input.push(String(data));
    return Promise.resolve();
  }

  resize(rows: number, columns: number): void {
    this.sizes.push(`${columns}x${rows}`);
  }

  close(): void {
    this.closed = true;
  }
}

function shell(over: Partial<ShellOrigin> = {}): {
  readonly terminal: ShellTerminal;
  readonly session: FakeSession;
  readonly asked: (Dimensions | undefined)[];
  readonly signals: AbortSignal[];
  readonly words: () => string;
  readonly written: () => string;
} {
  const session = new FakeSession();
  const asked: (Dimensions | undefined)[] = [];
  const signals: AbortSignal[] = [];
  const origin: ShellOrigin = {
    openSession: ({ tty, rows, columns, signal }) => {
      assert.equal(tty, true);
      asked.push(rows === undefined || columns === undefined ? undefined : { rows, columns });
      if (signal) signals.push(signal);
      return Promise.resolve(session);
    },
    taskRun: () => Promise.resolve(running('load')),
    ...over,
  };
  const terminal = new ShellTerminal(origin, 'load · agent-1');
  const screen = screenOf(terminal);
  return { terminal, session, asked, signals, words: () => wordsOf(screen.text()), written: screen.text };
}

describe('a shell in a terminal', () => {
  it('says where it is, hands on what is typed, and shows what comes', async () => {
    const { terminal, session, asked, words } = shell();
    terminal.open({ rows: 30, columns: 100 });
    terminal.handleInput('ec');
    terminal.handleInput('ho\r');
    await until(() => session.input.length > 0, { what: 'what was typed' });
    terminal.handleInput('\u0003');
    assert.deepEqual(session.input, ['echo\r', '\u0003']);
    assert.deepEqual(asked, [{ rows: 30, columns: 100 }]);
    await session.says('$ \u001b]0;title\u0007grüße');
    assert.match(words(), /^── load · agent-1 ──\r\n\$ .*grüße$/);
    terminal.close();
  });

  it('shows a character that came in two pieces', async () => {
    const { terminal, session, words } = shell();
    terminal.open({ rows: 30, columns: 100 });
    const bytes = Buffer.from('💡');
    await session.says(bytes.subarray(0, 2));
    await session.says(bytes.subarray(2));
    assert.match(words(), /💡$/);
    terminal.close();
  });

  it('has the terminal’s size, also one that becomes known while it is opened', async () => {
    const session = new FakeSession();
    const opened = deferred<ShellSession>();
    const { terminal } = shell({ openSession: () => opened.promise });
    terminal.open(undefined);
    terminal.setDimensions({ rows: 10, columns: 40 });
    opened.resolve(session);
    await until(() => session.sizes.length > 0, { what: 'the size' });
    terminal.setDimensions({ rows: 11, columns: 41 });
    assert.deepEqual(session.sizes, ['40x10', '41x11']);
    terminal.close();
  });

  it('says how and when it ended, and stays to be read', async () => {
    const { terminal, session, words, written } = shell();
    terminal.open({ rows: 30, columns: 100 });
    await session.says('\u001b[?1049h$ exit');
    session.ending.resolve({ status: 3 });
    await until(() => /── the shell ended: exit status 3 · \d\d:\d\d:\d\d ──\r\n$/.test(words()), {
      what: 'the last line',
    });
    // Whatever program was in the midst of something: the screen is the person's again.
    assert.ok(written().includes('\u001b[?1047l'));
    assert.ok(!terminal.disposed);
    terminal.handleInput('x');
    terminal.close();
  });

  it('says what became of the task that it ended with', async () => {
    const ended = running('load', { state: 'failed', ended: Date.now(), info: 'exit status 1' });
    const { terminal, session, words } = shell({ taskRun: () => Promise.resolve(ended) });
    terminal.open({ rows: 30, columns: 100 });
    session.ending.resolve({ status: 137, signal: 'SIGKILL', why: 'its task has ended' });
    await until(() => words().includes('ended: failed'), { what: 'what became of the task' });
    assert.match(
      words(),
      /the shell ended: its task has ended · .*\r\n── ended: failed · exit status 1 after /,
    );
    terminal.close();
  });

  it('says why there is none, with what commands the terminal left out', async () => {
    const problem = {
      error: 'load has ended',
      why: 'exit\u001b]0;x\u0007 status 0',
      next: 'Look at its log.',
    };
    const { terminal, words, written } = shell({
      openSession: () => Promise.reject(new ServiceProblem(409, problem)),
    });
    terminal.open({ rows: 30, columns: 100 });
    await until(() => words().includes('load has ended'), { what: 'the reason' });
    assert.match(words(), /── load has ended: exit .*status 0\. Look at its log\. ──\r\n$/);
    assert.ok(!written().includes('\u001b]'));
    terminal.close();
  });

  it('says that the connection broke', async () => {
    const { terminal, session, words } = shell();
    terminal.open({ rows: 30, columns: 100 });
    session.ending.reject(new ServiceUnreachable({ socket: '/s' }, 'the service ended the session'));
    await until(() => words().includes('does not answer: the service ended the session'), {
      what: 'the last line',
    });
    terminal.close();
  });

  it('ends its session when it is closed, and says no more', async () => {
    const { terminal, session, signals, words } = shell({
      taskRun: () => Promise.resolve(taskRun('load')),
    });
    terminal.open({ rows: 30, columns: 100 });
    await until(() => signals.length > 0, { what: 'a session' });
    terminal.close();
    assert.ok(signals[0]?.aborted);
    session.ending.reject(new Error('aborted'));
    await session.exit.catch(() => undefined);
    assert.equal(words(), '── load · agent-1 ──\r\n');
  });
});
