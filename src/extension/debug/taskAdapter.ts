import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Session } from '../../client/session.ts';
import { messageOf } from '../../host/errors.ts';
import { DapReader, framed } from './frames.ts';

/** Of what the relay says of its own troubles. */
const mostWords = 2000;

/** A debug adapter that is in the sandbox of a debug copy: what the editor says goes there as it is, and what comes, back. */
export class TaskAdapter extends vscode.Disposable implements vscode.DebugAdapter {
  readonly #session: Session;
  readonly #came = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#came.event;
  #words = '';
  #disposed = false;

  constructor(session: Session) {
    super(() => undefined);
    this.#session = session;
    const reader = new DapReader((message) => this.#came.fire(message));
    session.onOutput((stream, data) => {
      if (stream === 'stdout') reader.push(data);
      else this.#words = `${this.#words}${data.toString()}`.slice(-mostWords);
    });
    session.exit.then(
      ({ why }) => this.#ended([this.#words.trim(), why ?? ''].filter((part) => part !== '').join('\n')),
      (error: unknown) => this.#ended(messageOf(error)),
    );
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    // What cannot be sent has nobody left to read it.
    void this.#session.write(framed(message));
  }

  override dispose(): void {
    this.#disposed = true;
    this.#session.close();
    this.#came.dispose();
  }

  #ended(why: string): void {
    if (this.#disposed) return;
    if (why !== '') {
      const output = l10n.t('The connection to the debug copy ended: {0}', why);
      this.#tell('output', { category: 'stderr', output: `${output}\n` });
    }
    this.#tell('terminated', {});
  }

  #tell(event: string, body: object): void {
    const message = { type: 'event', seq: 0, event, body };
    this.#came.fire(message);
  }
}
