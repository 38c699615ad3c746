import * as vscode from 'vscode';

type Method = 'showErrorMessage' | 'showWarningMessage' | 'showInformationMessage';

/** A message that was shown: its words, with the detail of a modal one, and its buttons. */
export interface Shown {
  readonly text: string;
  readonly buttons: readonly string[];
}

/**
 * Answers messages in a person's place: the editor refuses modal ones while it is tested. Each answer is the title of a
 * button, for one message; without one it is closed.
 */
export class Answers {
  readonly shown: Shown[] = [];
  readonly #answers: string[] = [];
  /** Words of messages that stay without an answer. */
  #left: string | undefined;
  readonly #before = new Map<Method, unknown>();

  next(...answers: readonly string[]): void {
    this.#answers.push(...answers);
  }

  /** Messages with these words stay open from now on, as those that nobody looks at. */
  leaveOpen(words: string): void {
    this.#left = words;
  }

  install(): void {
    for (const method of ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'] as const) {
      this.#before.set(method, vscode.window[method]);
      replace(method, (message: string, ...rest: readonly unknown[]) => {
        const options = rest.find((part): part is vscode.MessageOptions => typeof part === 'object');
        const buttons = rest.filter((part) => typeof part === 'string');
        this.shown.push({ text: [message, options?.detail ?? ''].join('\n').trim(), buttons });
        if (this.#left !== undefined && message.includes(this.#left)) return new Promise(() => undefined);
        const answer = this.#answers[0];
        if (answer === undefined || !buttons.includes(answer)) return Promise.resolve(undefined);
        this.#answers.shift();
        return Promise.resolve(answer);
      });
    }
  }

  remove(): void {
    for (const [method, before] of this.#before) replace(method, before);
  }

  forget(): void {
    this.shown.length = 0;
    this.#answers.length = 0;
    this.#left = undefined;
  }
}

function replace(method: Method, value: unknown): void {
  Object.defineProperty(vscode.window, method, { value, configurable: true, writable: true });
}
