import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../api/people.ts';
import type { Session, SessionExit, SessionOptions } from '../../client/session.ts';
import { explain, sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import type { Event } from '../emitter.ts';
import { clock } from '../format.ts';
import { outcomeOf } from '../logs/outcome.ts';
import { isOver } from '../tree/states.ts';
import { drawn } from './pace.ts';
import { Screen } from './screen.ts';

export type ShellSession = Pick<Session, 'exit' | 'onOutput' | 'write' | 'resize' | 'close'>;

export interface ShellOrigin {
  /** Rejects where the task does not run, or nobody answers. */
  openSession(options: Pick<SessionOptions, 'tty' | 'rows' | 'columns' | 'signal'>): Promise<ShellSession>;
  taskRun(signal: AbortSignal): Promise<TaskRun>;
}

/** As the editor has it. */
export interface Dimensions {
  readonly columns: number;
  readonly rows: number;
}

/** A shell in the sandbox of a running task. When it has ended it says how, and its text stays to be read. */
export class ShellTerminal extends Disposing {
  readonly #screen = this.register(new Screen());
  readonly onDidWrite: Event<string> = this.#screen.onDidWrite;
  readonly #origin: ShellOrigin;
  readonly #title: string;
  readonly #closing = new AbortController();
  #size: Dimensions | undefined;
  #session: ShellSession | undefined;
  /** Typed before there was a session. */
  #typed = '';

  /** `title`: where the shell is, as its first line says. */
  constructor(origin: ShellOrigin, title: string) {
    super();
    this.#origin = origin;
    this.#title = title;
    this.register({ dispose: () => this.#closing.abort() });
  }

  /** `size`: undefined where the editor does not know it yet. */
  open(size: Dimensions | undefined): void {
    this.#size = size;
    this.#screen.say(this.#title);
    void this.#run(this.#closing.signal);
  }

  close(): void {
    this.dispose();
  }

  handleInput(text: string): void {
    if (this.#session) void this.#session.write(text);
    else this.#typed += text;
  }

  setDimensions(size: Dimensions): void {
    this.#size = size;
    this.#session?.resize(size.rows, size.columns);
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      const { exit, end } = await this.#converse(signal);
      this.#screen.reset();
      this.#screen.say(endText(exit, Date.now()));
      if (end) this.#screen.say(end);
    } catch (error) {
      if (signal.aborted) return;
      this.#screen.reset();
      this.#screen.say(sentences(explain(error)));
    }
  }

  async #converse(signal: AbortSignal): Promise<{ exit: SessionExit; end: string | undefined }> {
    const asked = this.#size;
    const session = await this.#origin.openSession({ tty: true, ...asked, signal });
    // It may have become known, or another, meanwhile.
    if (this.#size && this.#size !== asked) session.resize(this.#size.rows, this.#size.columns);
    this.#session = session;
    if (this.#typed !== '') void session.write(this.#typed);
    const characters = new TextDecoder();
    session.onOutput(async (_, data) => {
      this.#screen.write(characters.decode(data, { stream: true }));
      await drawn(data.length, signal);
    });
    const exit = await session.exit;
    // A shell that was not left ends with its task: that is what the person wants to know then.
    const run = exit.why === undefined && exit.signal === undefined ? undefined : await this.#taskRun(signal);
    return { exit, end: run && isOver(run) ? outcomeOf(run, Date.now()) : undefined };
  }

  /** Nobody needs to hear that the service does not answer when all that is left is a last word. */
  async #taskRun(signal: AbortSignal): Promise<TaskRun | undefined> {
    try {
      return await this.#origin.taskRun(signal);
    } catch {
      return undefined;
    }
  }
}

/** `the shell ended: exit status 0 · 15:12:09`. */
function endText({ status, signal, why }: SessionExit, now: number): string {
  const at = clock(now, now);
  if (why !== undefined) return l10n.t('the shell ended: {0} · {1}', why, at);
  if (signal !== undefined) return l10n.t('the shell was ended by {0} · {1}', signal, at);
  return l10n.t('the shell ended: exit status {0} · {1}', status, at);
}
